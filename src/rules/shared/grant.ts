// Commands that give somebody rights beside the mode: setfacl where ACLs are POSIX's, chmod's entries on macOS. Its chmod takes
// names and no numbers, and inherited entries take the place of default ACLs.
import type { Facts } from "../../facts/facts.ts";
import { shellQuote } from "./say.ts";
import { asRoot, findInCache, outsideModules } from "./shell.ts";

const isMac = (facts: Facts): boolean => facts.platform === "darwin";

/** What who fills a directory needs of it and of what is made in it. */
const filling = [
  "list,add_file,search,add_subdirectory,delete_child,readattr,writeattr,readextattr,writeextattr,readsecurity",
  "file_inherit,directory_inherit",
].join();

const userOnMac = (uid: number): string => `user:$(id -un ${uid})`;

function groupOnMac(facts: Facts, gid: number): string {
  const name = facts.groupNames.get(gid);
  return name !== undefined && /^[\w.-]+$/.test(name)
    ? `group:${name}`
    : `group:$(dscl . -search /Groups PrimaryGroupID ${gid} | awk 'NR == 1 { print $1 }')`;
}

/** Gives a group all that go writes in place or to, now and for what comes, whatever the umask. */
export function shareWithGroup(facts: Facts, gid: number): string {
  const rewritten = "-type f \\( -name '*.lock' -o -name '*.ziphash' -o -name list \\)";
  if (isMac(facts)) {
    const group = groupOnMac(facts, gid);
    const directories = `-type d -exec chmod +a "${group} allow ${filling}" {} +`;
    return findInCache(
      facts,
      `${outsideModules(facts)} ${directories} -o ${rewritten} -exec chmod +a "${group} allow read,write" {} +`,
    );
  }
  // Default ACLs do not care for the umask, as setgid directories do (acl(5), "OBJECT CREATION AND DEFAULT ACLs").
  const entries = `g:${gid}:rwx,d:u::rwx,d:g::rwx,d:g:${gid}:rwx`;
  const directories = `-type d -exec setfacl -m ${entries} {} +`;
  return findInCache(
    facts,
    `${outsideModules(facts)} ${directories} -o ${rewritten} -exec setfacl -m g:${gid}:rw {} +`,
  );
}

/** Lets a user fill all directories outside modules. */
export function letFill(facts: Facts, uid: number): string {
  const directories = `${outsideModules(facts)} -type d -exec`;
  if (isMac(facts)) return findInCache(facts, `${directories} chmod +a "${userOnMac(uid)} allow ${filling}" {} +`);
  return findInCache(facts, `${directories} setfacl -m u:${uid}:rwx,d:u::rwx,d:g::rx,d:u:${uid}:rwx {} +`);
}

/** Lets a user read all of the cache. */
export function letRead(facts: Facts, uid: number): string {
  if (!isMac(facts)) return findInCache(facts, `! -type l -exec setfacl -m u:${uid}:rX {} +`);
  const directories = `-type d -exec chmod +a "${userOnMac(uid)} allow list,search" {} +`;
  return findInCache(facts, `${directories} -o -type f -exec chmod +a "${userOnMac(uid)} allow read,execute" {} +`);
}

/** Lets a user pass one directory. */
export function letThrough(facts: Facts, uid: number, path: string): string {
  const quoted = shellQuote(path);
  if (isMac(facts)) return asRoot(facts, `chmod +a "${userOnMac(uid)} allow search" ${quoted}`);
  return asRoot(facts, `setfacl -m u:${uid}:x ${quoted}`);
}

/** Lets a user write a tree of files that belong to no cache, and what comes to it. */
export function letWriteTree(facts: Facts, uid: number, path: string): string {
  const quoted = shellQuote(path);
  if (!isMac(facts)) return `setfacl -R -m u:${uid}:rwX,d:u:${uid}:rwX ${quoted}`;
  const directories = `-type d -exec chmod +a "${userOnMac(uid)} allow ${filling}" {} +`;
  return `find ${quoted} -xdev ${directories} -o -type f -exec chmod +a "${userOnMac(uid)} allow read,write" {} +`;
}

/** Takes the flag away that lets not even root write. */
export function clearImmutable(facts: Facts, expression: string): string {
  return findInCache(facts, `${expression} -exec ${isMac(facts) ? "chflags nouchg,noschg" : "chattr -i"} {} +`);
}

/** Mounts a file system anew with an option, `rw` or `exec`. */
export function remount(facts: Facts, option: "rw" | "exec", mountPoint: string): string {
  const how = isMac(facts) ? `-u -o ${option}` : `-o remount,${option}`;
  return asRoot(facts, `mount ${how} ${shellQuote(mountPoint)}`);
}

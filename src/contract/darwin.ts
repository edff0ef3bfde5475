// What access control lists and flags of a cache on macOS should be: nothing in them denies what go needs, and a group's directories
// hand on to what is made in them what a umask would leave out.
import type { EntryKind } from "../gocache/kind.ts";
import type { DarwinAce, DarwinAcl, DarwinRight } from "../permission/darwin-acl.ts";
import { type DarwinState, sameDarwinState } from "../permission/darwin-steps.ts";
import type { DarwinContract } from "./contract.ts";
import { isExtracted } from "./shape.ts";

/** Flags that stop go, and that an owner can take away. */
const ownersFlags = ["uchg", "uappnd"];

/**
 * What list and flags should be.
 * @returns undefined if nothing departs; also for what is not Go's, and for lists with an entry of an unknown form
 */
export function darwinDeparture(
  kind: EntryKind,
  isDirectory: boolean,
  seen: DarwinState,
  contract: DarwinContract,
): DarwinState | undefined {
  if (kind === "foreign" || seen.acl.some((ace) => "unread" in ace)) return undefined;
  const needed = neededRights(kind, isDirectory);
  const open = seen.acl.filter((ace) => !denies(ace as DarwinAce, needed, contract));
  const shared = isDirectory && !isExtracted(kind) && contract.shares !== undefined;
  const wanted: DarwinState = {
    acl: shared ? withShare(open as DarwinAce[], contract.shares) : open,
    flags: seen.flags.filter((flag) => !ownersFlags.includes(flag)),
  };
  return sameDarwinState(seen, wanted) ? undefined : wanted;
}

/** What go opens to write in place. */
const rewritten: ReadonlySet<EntryKind> = new Set(["lock", "list", "ziphash", "side-lock", "vcs", "sumdb"]);

/**
 * What go does to an entry: it reads everything, makes and replaces files in directories, writes its locks and lists, and `go clean
 * -modcache` deletes all of it (cmd/go/internal/modfetch, cmd/go/internal/clean).
 */
function neededRights(kind: EntryKind, isDirectory: boolean): ReadonlySet<DarwinRight> {
  const rights: DarwinRight[] = ["read", "readattr", "delete"];
  if (isDirectory) rights.push("execute", "delete_child");
  if (isDirectory && !isExtracted(kind)) rights.push("write", "append");
  if (rewritten.has(kind)) rights.push("write");
  if (kind === "toolchain-binary") rights.push("execute");
  return new Set(rights);
}

/** An entry that only inherits counts too: it is what makes the next file undeletable. */
function denies(ace: DarwinAce, needed: ReadonlySet<DarwinRight>, contract: DarwinContract): boolean {
  return ace.kind === "deny" && [...ace.rights].some((right) => needed.has(right)) && concerns(ace, contract);
}

/** Whom it cannot be told, nothing is taken from. */
function concerns({ principal }: DarwinAce, { uid, userName, groups }: DarwinContract): boolean {
  switch (principal.kind) {
    case "everyone":
      return true;
    case "user":
      return principal.id === undefined ? principal.name === userName : principal.id === uid;
    case "group":
      return principal.id === undefined ? [...groups.values()].includes(principal.name) : groups.has(principal.id);
    default:
      return false;
  }
}

const inDirectories: readonly DarwinRight[] = ["read", "write", "execute", "append", "delete_child", "readattr"];
const inFiles: readonly DarwinRight[] = ["read", "write", "append", "readattr"];

/** Two entries, so that files do not inherit the right to search, which is the right to be executed. */
function sharesOf(group: string): DarwinAce[] {
  const principal = { kind: "group", name: group } as const;
  return [
    {
      ...{ kind: "allow", principal, inherited: false },
      rights: new Set(inDirectories),
      inherits: new Set(["directory_inherit"]),
    },
    {
      ...{ kind: "allow", principal, inherited: false },
      rights: new Set(inFiles),
      inherits: new Set(["file_inherit", "directory_inherit", "only_inherit"]),
    },
  ];
}

/** The list with what is missing of the group's share put where chmod(1) puts it: above what else the list itself allows. */
function withShare(acl: readonly DarwinAce[], group = ""): DarwinAcl {
  const missing = sharesOf(group).filter((share) => !acl.some((ace) => grants(ace, share)));
  const firstAllow = acl.findIndex((ace) => ace.inherited || ace.kind === "allow");
  const at = firstAllow < 0 ? acl.length : firstAllow;
  return [...acl.slice(0, at), ...missing, ...acl.slice(at)];
}

/** Whether an entry gives and hands on at least as much as another; whether it is inherited itself does not matter. */
function grants(ace: DarwinAce, share: DarwinAce): boolean {
  const { principal } = ace;
  const isSame = principal.kind === "group" && principal.name === (share.principal as { name: string }).name;
  const isHere = !ace.inherits.has("only_inherit") || share.inherits.has("only_inherit");
  const handsOn = ["file_inherit", "directory_inherit"] as const;
  return (
    isSame &&
    isHere &&
    ace.kind === "allow" &&
    !ace.inherits.has("limit_inherit") &&
    [...share.rights].every((right) => ace.rights.has(right)) &&
    handsOn.every((word) => !share.inherits.has(word) || ace.inherits.has(word))
  );
}

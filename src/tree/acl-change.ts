// Sets ACLs of pinned entries with setfacl(1), as Node cannot: it gets the descriptors, so no path is looked up that somebody
// could exchange meanwhile, and the flaws of setfacl's own path walk do not matter.
import { spawnSync } from "node:child_process";
import type { Wanted } from "../contract/departure.ts";
import { systemPath } from "../host/system-path.ts";
import { type Acl, type EntryAcls, formatAcl, formatPermissions, parseGetfacl } from "../permission/acl.ts";

/** The first descriptor that a child gets after its three streams. */
const firstDescriptor = 3;
const timeout = 60_000;

/**
 * The arguments that give an entry its ACLs in one xattr for each of the two.
 * @param has what it has; undefined if it has none
 * @returns undefined if no ACL is to change
 */
export function setfaclArguments(wanted: Wanted, has: EntryAcls | undefined): string[] | undefined {
  const { acl, defaultAcl } = wanted;
  if (acl === undefined && defaultAcl === undefined) return undefined;
  const args: string[] = [];
  const modify: string[] = [];
  if (acl !== undefined) {
    // -b takes the default ACL along, so one that stays is set again. The base entries are set in the same call: else the
    // group would for a moment have what the mask took from it.
    args.push("-b");
    modify.push(acl === "none" ? baseEntries(wanted.mode) : formatAcl(acl));
  } else if (defaultAcl !== undefined) {
    args.push("-k");
  }
  const inherited = defaultAcl ?? has?.defaultAcl;
  if (inherited !== undefined && inherited !== "none") modify.push(defaultEntries(inherited));
  if (modify.length > 0) args.push("-m", modify.join(","));
  return args;
}

/**
 * The mode of an entry until its ACL is set. New rights come after it: its entries would share them. And with an ACL the group's
 * bits of the mode are its mask (acl(5)), more than the group itself may have: without the ACL they would be the group's.
 * @param seen the mode that it has
 * @param mode and `acl`: what it is to have; no ACL if absent
 */
export function modeBeforeAcl(seen: number, mode: number, acl: Acl | "none" | undefined): number {
  const kept = seen & mode;
  return acl === undefined || acl === "none" ? kept : kept & ~((~acl.group & 7) << 3);
}

function baseEntries(mode: number): string {
  const of = (shift: number): string => formatPermissions((mode >> shift) & 7);
  return `u::${of(6)},g::${of(3)},o::${of(0)}`;
}

function defaultEntries(acl: Acl): string {
  return formatAcl(acl)
    .split(",")
    .map((entry) => `d:${entry}`)
    .join(",");
}

/** Runs setfacl on pinned entries. @returns why it failed, in words; undefined if it did not */
export function setfacl(args: readonly string[], fds: readonly number[]): string | undefined {
  const { error, status, stderr } = spawn("setfacl", args, fds);
  if (error !== undefined)
    return error.code === "ENOENT" ? "setfacl is not installed" : `setfacl cannot run (${error.code})`;
  if (status === 0) return undefined;
  const line = stderr.split("\n").find((text) => text !== "") ?? `it ended with ${status}`;
  return `setfacl: ${line.replace(/^setfacl: (\/proc\/self\/fd\/\d+: )?/, "")}`;
}

/** The ACLs of pinned entries, in their order; undefined for an entry without one. @returns a string if they cannot be read */
export function getfacl(fds: readonly number[]): (EntryAcls | undefined)[] | string {
  const { error, status, stdout, stderr } = spawn("getfacl", ["-p", "-n", "-s"], fds);
  if (error !== undefined)
    return error.code === "ENOENT" ? "getfacl is not installed" : `getfacl cannot run (${error.code})`;
  if (status !== 0) return `getfacl: ${stderr.split("\n")[0] ?? status}`;
  const unread: string[] = [];
  const found = parseGetfacl(stdout, unread);
  if (unread.length > 0) return `getfacl printed a line of an unknown form: ${unread[0]?.slice(0, 100)}`;
  return fds.map((_, index) => found.get(`/proc/self/fd/${firstDescriptor + index}`));
}

function spawn(program: string, args: readonly string[], fds: readonly number[]) {
  const operands = fds.map((_, index) => `/proc/self/fd/${firstDescriptor + index}`);
  const result = spawnSync(program, [...args, "--", ...operands], {
    stdio: ["ignore", "pipe", "pipe", ...fds],
    env: { PATH: systemPath, LC_ALL: "C" },
    cwd: "/",
    timeout,
    killSignal: "SIGKILL",
    encoding: "latin1",
  });
  return { ...result, error: result.error as NodeJS.ErrnoException | undefined };
}

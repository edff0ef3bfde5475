// The permissions that a cache should have: who owns it, who shares it, and what a umask leaves of the rights that Go asks for.
import type { Acl } from "../permission/acl.ts";

/**
 * `private`: one user. `group`: several users in one group who trust each other, since any of them can run code as the
 * others. `readonly`: one writer, many readers.
 */
export type ContractName = "private" | "group" | "readonly";
export const contractNames: readonly ContractName[] = ["private", "group", "readonly"];

export interface Contract {
  readonly name: ContractName;
  /** Who the cache belongs to. */
  readonly uid: number;
  /** The owner's group, or the group that shares the cache. */
  readonly gid: number;
  /** Which rights nobody gets. */
  readonly umask: number;
  /** Of `group`: who may own entries; absent if it is not known who is in the group, so that anybody but root may. */
  readonly members?: ReadonlySet<number>;
  /** Of `group`, where the file system has ACLs: what new entries inherit, whatever the umask of who makes them. */
  readonly defaultAcl?: Acl;
  /** On macOS: whom its lists are for. */
  readonly darwin?: DarwinContract;
  /** True to leave extracted directories writable, as go does under -modcacherw. */
  readonly writableTrees?: boolean;
}

/** The contract that a umask asks for: one that lets the group write is for sharing. */
export function contractOfUmask(umask: number): ContractName {
  return (umask & 0o020) === 0 ? "group" : "private";
}

/** The umask that goes with a contract when none was given. */
export function umaskOfContract(name: ContractName): number {
  return name === "group" ? 0o002 : 0o022;
}

/** Why a umask does not go with a contract, in words; undefined if it does. */
export function contradiction(name: ContractName, umask: number): string | undefined {
  if ((umask & 0o700) !== 0) return "it takes rights away from the owner";
  if ((umask & 0o002) === 0) return "it lets everybody write, and whoever writes a module cache runs code as its users";
  if (name === "group" && (umask & 0o070) !== 0) return "the contract group needs the group to read, write and enter";
  if (name !== "group" && (umask & 0o020) === 0) return `it lets the group write, and the contract ${name} does not`;
  if (name === "readonly" && (umask & 0o055) === 0o055) return "nobody but the writer could read the cache";
  return undefined;
}

/**
 * The default ACL of a group's directories (acl(5)). Unlike setgid with a umask it does not decay: a umask of 022 or 077
 * takes nothing from what is inherited.
 */
export function groupDefaultAcl(gid: number, umask: number): Acl {
  return {
    owner: 7,
    users: new Map(),
    group: 7,
    groups: new Map([[gid, 7]]),
    mask: 7,
    other: 7 & ~umask,
  };
}

/** Whom a cache on macOS is for. Lists bear names. */
export interface DarwinContract {
  readonly uid: number;
  readonly userName?: string;
  /** The groups of the owner, and the one that shares the cache. */
  readonly groups: ReadonlyMap<number, string | undefined>;
  /** The name of the group that shares it; absent if none does, or if it has no name. */
  readonly shares?: string;
}

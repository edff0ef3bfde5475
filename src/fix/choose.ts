// Which contract a cache is to be brought under: what was asked for, and else what it looks like it has.
import {
  type Contract,
  type ContractName,
  contractOfUmask,
  contradiction,
  groupDefaultAcl,
  umaskOfContract,
} from "../contract/contract.ts";
import { UserError } from "../error.ts";
import type { Facts } from "../facts/facts.ts";
import type { UserDatabase } from "../host/users.ts";
import type { Entry } from "../permission/entry.ts";
import { octal } from "../permission/entry.ts";
import { parseUmask } from "../permission/subject.ts";

export interface ContractOptions {
  readonly contract?: ContractName;
  /** A name or a number. */
  readonly group?: string;
  readonly umask?: string;
  /** Leave extracted directories writable. */
  readonly modcacherw?: boolean;
}

/** What is known of the cache and of its owner-to-be. */
export interface Ground {
  readonly facts: Facts;
  readonly users: UserDatabase;
  readonly owner: { readonly uid: number; readonly gid: number };
  /** Whether default ACLs can be set: the file system has them, and setfacl is there. */
  readonly acls: boolean;
}

/** The contract with what it means on this system. */
export function onSystem(contract: Contract, { facts, users, owner }: Ground): Contract {
  if (facts.platform !== "darwin") return contract;
  const known = users.userById(contract.uid);
  const nameOf = (gid: number): string | undefined => users.groupById(gid)?.name;
  const ids = known === undefined ? [owner.gid] : users.groupsOf(known);
  const userName = known?.name;
  const shares = contract.name === "group" ? nameOf(contract.gid) : undefined;
  const darwin = {
    uid: contract.uid,
    groups: new Map([...ids, contract.gid].map((gid) => [gid, nameOf(gid)])),
    ...(userName === undefined ? {} : { userName }),
    ...(shares === undefined ? {} : { shares }),
  };
  return { ...contract, darwin };
}

/** @throws {UserError} for a umask that is none or contradicts the contract, or a group that nobody knows */
export function chooseContract(options: ContractOptions, ground: Ground): Contract {
  return onSystem(contractFor(options, ground), ground);
}

function contractFor(options: ContractOptions, { facts, users, owner, acls }: Ground): Contract {
  const { entry } = facts.cache;
  const given = options.umask === undefined ? undefined : umaskFrom(options.umask);
  const name = options.contract ?? (options.group !== undefined ? "group" : nameFor(given, entry));
  const umask = given ?? umaskFor(name, entry);
  const problem = contradiction(name, umask);
  if (problem !== undefined)
    throw new UserError(
      `--umask ${octal(umask)} does not go with the contract ${name}: ${problem}`,
      `leave --umask out, or give ${octal(umaskOfContract(name))}`,
    );
  const writableTrees = options.modcacherw === true ? { writableTrees: true } : {};
  if (name !== "group") return { name, uid: owner.uid, gid: owner.gid, umask, ...writableTrees };
  const gid = options.group === undefined ? groupFor(entry, owner.gid) : groupFrom(options.group, users);
  const listed = users.membersOf(gid);
  return {
    ...{ name, uid: owner.uid, gid, umask, ...writableTrees },
    // A group that no file lists anybody in gets its members from elsewhere, from docker run --user, say.
    ...(listed.length === 0 ? {} : { members: new Set([...listed, owner.uid]) }),
    ...(acls && facts.platform !== "darwin" ? { defaultAcl: groupDefaultAcl(gid, umask) } : {}),
  };
}

function umaskFrom(text: string): number {
  try {
    return parseUmask(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UserError(`--umask: ${error.message}`, "002 is for a cache that a group shares, 022 for one user's");
  }
}

function groupFrom(text: string, users: UserDatabase): number {
  if (/^\d+$/.test(text)) {
    const gid = Number(text);
    // (gid_t)-1 means "leave it" to chown(2).
    if (gid < 4294967295) return gid;
    throw new UserError(`--group ${text} is no group ID`, "the largest is 4294967294");
  }
  const group = users.groupByName(text);
  if (group === undefined) throw new UserError(`no group is called "${text}" on this machine`, "a number works too");
  return group.gid;
}

/** An existing cache that its group may write, by setgid directories, is a group's. */
function nameFor(umask: number | undefined, entry: Entry | undefined): ContractName {
  if (umask !== undefined) return contractOfUmask(umask);
  if (entry !== undefined && sharingGroup(entry) !== undefined) return "group";
  return entry !== undefined && (entry.mode & 0o2020) === 0o2020 ? "group" : "private";
}

/** Nobody gets rights that the cache's own mode keeps from them, unless they were asked for. */
function umaskFor(name: ContractName, entry: Entry | undefined): number {
  const usual = umaskOfContract(name);
  if (entry === undefined || entry.type !== "directory" || name === "readonly") return usual;
  const closed = (entry.mode & 0o005) === 0o005 ? 0 : 0o007;
  const group = name === "group" || (entry.mode & 0o050) === 0o050 ? 0 : 0o070;
  return usual | closed | group;
}

function groupFor(entry: Entry | undefined, gid: number): number {
  const sharing = entry === undefined ? undefined : sharingGroup(entry);
  return sharing ?? (entry !== undefined && (entry.mode & 0o2000) !== 0 ? entry.gid : gid);
}

/** On macOS, the group that a list of the directory lets make files in it and in what is made in it. */
function sharingGroup({ darwin }: Entry): number | undefined {
  for (const ace of darwin?.acl ?? []) {
    if ("unread" in ace || ace.kind !== "allow" || ace.principal.kind !== "group") continue;
    if (ace.rights.has("write") && ace.inherits.has("directory_inherit")) return ace.principal.id;
  }
  return undefined;
}

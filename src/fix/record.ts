// Owner, mode and ACLs of an entry as JSON, for journals, plan files and documents.
import { type EntryAcls, formatAcl, parseAclText } from "../permission/acl.ts";
import { darwinAclLines, parseDarwinAclLines } from "../permission/darwin-steps.ts";
import { octal } from "../permission/entry.ts";

/** `{ uid: 0, gid: 0, mode: "0644", acl: "u::rw-,…" }` */
export interface MetadataRecord {
  readonly uid: number;
  readonly gid: number;
  readonly mode: string;
  readonly acl?: string;
  readonly defaultAcl?: string;
  /** Of macOS: the entries as ls prints them. */
  readonly aces?: string[];
  /** Of macOS: chflags(1). */
  readonly flags?: string[];
}

export function toRecord(of: EntryAcls & { uid: number; gid: number; mode: number }): MetadataRecord {
  const { uid, gid, mode, acl, defaultAcl, darwin } = of;
  return {
    uid,
    gid,
    mode: octal(mode),
    ...(acl === undefined ? {} : { acl: formatAcl(acl) }),
    ...(defaultAcl === undefined ? {} : { defaultAcl: formatAcl(defaultAcl) }),
    ...(darwin === undefined ? {} : { aces: darwinAclLines(darwin.acl), flags: [...darwin.flags] }),
  };
}

/** @throws {SyntaxError} if it is not what toRecord makes */
export function fromRecord(record: MetadataRecord): EntryAcls & { uid: number; gid: number; mode: number } {
  const { uid, gid, mode, acl, defaultAcl, aces, flags } = record;
  if (!isId(uid) || !isId(gid) || !/^0[0-7]{3,4}$/.test(mode)) throw new SyntaxError("not an owner and a mode");
  return {
    uid,
    gid,
    mode: Number.parseInt(mode, 8),
    ...(acl === undefined ? {} : { acl: parseAclText(acl) }),
    ...(defaultAcl === undefined ? {} : { defaultAcl: parseAclText(defaultAcl) }),
    ...(aces === undefined ? {} : { darwin: { acl: parseDarwinAclLines(aces), flags: flagsFrom(flags) } }),
  };
}

function flagsFrom(flags: unknown): readonly string[] {
  const isList = Array.isArray(flags) && flags.every((flag) => typeof flag === "string" && /^[a-z]+$/.test(flag));
  if (!isList) throw new SyntaxError("not a list of flags");
  return flags;
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < 4294967295;
}

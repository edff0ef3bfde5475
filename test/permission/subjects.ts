// Subjects and entries that the tests of permission/ are about.
import type { Acl } from "../../src/permission/acl.ts";
import type { Entry } from "../../src/permission/entry.ts";
import { type Capability, fileCapabilities, type Subject } from "../../src/permission/subject.ts";

export function subject(
  uid: number,
  gid: number,
  groups: readonly number[] = [],
  capabilities: readonly Capability[] = [],
): Subject {
  return { uid, gid, groups, capabilities: new Set(capabilities), umask: 0o022 };
}

export const allPowerful: Subject = {
  uid: 0,
  gid: 0,
  groups: [0],
  capabilities: new Set(fileCapabilities),
  umask: 0o022,
};

export function file(uid: number, gid: number, mode: number, more: Partial<Entry> = {}): Entry {
  return { type: "file", uid, gid, mode, links: 1, size: 0, modified: 0, ...more };
}

export function directory(uid: number, gid: number, mode: number, more: Partial<Entry> = {}): Entry {
  return { ...file(uid, gid, mode), type: "directory", links: 2, ...more };
}

export function acl(more: Partial<Acl>): Acl {
  return { owner: 7, users: new Map(), group: 5, groups: new Map(), other: 5, ...more };
}

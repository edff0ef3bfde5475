// Facts about nothing but a cache that exists on this machine, for tests and benchmarks of the walk.
import { lstatSync, readFileSync, realpathSync } from "node:fs";
import type { Facts } from "../../src/facts/facts.ts";
import type { Mount } from "../../src/permission/mount.ts";
import { fileCapabilities, type Subject } from "../../src/permission/subject.ts";
import { TreeEntry } from "../../src/tree/entry.ts";

/** A user without rights of their own. */
export function plainUser(uid: number): Subject {
  return { uid, gid: uid, groups: [], capabilities: new Set(), umask: 0o022 };
}

function mountAt(mountPoint: string): Mount {
  return { mountPoint, type: "ext4", source: "", readOnly: false, noexec: false, idmapped: false, options: [] };
}

/** The cache at a path, as root sees it, for user 1000. */
export function cacheFacts(path: string, changes: Partial<Facts> = {}): Facts {
  const realPath = realpathSync(path);
  const points = readFileSync("/proc/self/mountinfo", "latin1").split("\n");
  const mounts = points.map((line) => line.split(" ")[4] ?? "").filter((point) => point !== "");
  return {
    platform: process.platform,
    subject: { subject: plainUser(1000), self: false },
    self: { uid: 0, gid: 0, groups: [], capabilities: new Set(fileCapabilities), umask: 0o022 },
    environment: {},
    go: { env: {}, source: "defaults" },
    cache: {
      path,
      realPath,
      origin: "--cache-dir",
      state: "directory",
      entry: new TreeEntry(undefined).fill(lstatSync(realPath)),
    },
    places: [],
    mounts: { value: mounts.map(mountAt) },
    kernel: { protectedRegular: 0, protectedFifos: 0, protectedSymlinks: 1 },
    runningGo: { value: [] },
    acls: { value: true },
    userNames: new Map(),
    groupNames: new Map(),
    ...changes,
  };
}

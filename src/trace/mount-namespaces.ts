// Paths of processes in other mount namespaces, as those of containers, told as they are seen here: mount_namespaces(7), proc_pid_mountinfo(5).
import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { fromBytes } from "../host/bytes.ts";
import { isWithin, type MountPlace, mountOf, parseMountPlaces } from "../host/mounts.ts";
import { readLink } from "../host/read-link.ts";

export class MountNamespaces {
  private readonly own = readLink("/proc/self/ns/mnt");
  private readonly ours = places("self");
  /** By the namespace. */
  private readonly known = new Map<string, readonly MountPlace[]>();
  private readonly watched: string | undefined;

  /** @param target a process: what is gone before it can be looked at was in its namespace */
  constructor(target?: number) {
    this.watched = target === undefined ? undefined : this.namespaceOf(target);
  }

  /**
   * Where the path of a thread is here. Links on the way are taken for directories.
   * @param path absolute
   * @param start `root` if the thread named it, so that it starts at its root directory; `proc` if /proc did, which knows of chroot(2)
   * @returns undefined if it is in a file system, or a part of one, that is not mounted here
   */
  here(path: string, tid: number | undefined, start: "root" | "proc"): string | undefined {
    const namespace = (tid === undefined ? undefined : this.namespaceOf(tid)) ?? this.watched ?? this.own;
    if (namespace !== this.own) return pathHere(path, this.known.get(namespace ?? "") ?? [], this.ours);
    const root = tid === undefined || start === "proc" ? undefined : readLink(`/proc/${tid}/root`);
    return posix.join(root ?? "/", path);
  }

  /** Reads the mounts of a namespace that is new. @returns undefined if the thread is gone */
  private namespaceOf(tid: number): string | undefined {
    const namespace = readLink(`/proc/${tid}/ns/mnt`);
    if (namespace === undefined || namespace === this.own || this.known.has(namespace)) return namespace;
    const theirs = places(String(tid));
    if (theirs.length === 0) return undefined;
    this.known.set(namespace, theirs);
    return namespace;
  }
}

/** The path by which another mount namespace has the same file. */
export function pathHere(path: string, theirs: readonly MountPlace[], ours: readonly MountPlace[]): string | undefined {
  const mount = mountOf(path, theirs);
  if (mount === undefined) return undefined;
  const inside = posix.join(mount.root, posix.relative(mount.mountPoint, path));
  for (const one of ours) {
    if (one.device !== mount.device || !isWithin(inside, one.root)) continue;
    const here = posix.join(one.mountPoint, posix.relative(one.root, inside));
    // Something else may be mounted over it.
    if (mountOf(here, ours) === one) return here;
  }
  return undefined;
}

function places(process: string): MountPlace[] {
  try {
    return parseMountPlaces(fromBytes(readFileSync(`/proc/${process}/mountinfo`)));
  } catch {
    return [];
  }
}

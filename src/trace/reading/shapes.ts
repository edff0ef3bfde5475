// Which arguments of which system calls name files, and what the call needs of them: the "at" calls of Linux and their elders.
import type { Wanted } from "./call.ts";

/** Where the need is said by another argument: that of open(2) or access(2), by its position. */
type Needs = Wanted | { readonly flags: number } | { readonly mode: number };

export interface PathArgument {
  /** The position of the directory's descriptor; absent if a relative path starts at the working directory. */
  readonly at?: number;
  readonly path: number;
  readonly needs: Needs;
}

export interface Shape {
  readonly paths: readonly PathArgument[];
  /** The call is about an open file: the position of its descriptor. */
  readonly fd?: { readonly at: number; readonly needs: Wanted };
}

const one = (path: number, needs: Needs, at?: number): Shape => ({
  paths: [{ path, needs, ...(at === undefined ? {} : { at }) }],
});
const open = (fd: number, needs: Wanted): Shape => ({ paths: [], fd: { at: fd, needs } });
const two = (first: PathArgument, second: PathArgument): Shape => ({ paths: [first, second] });

const renamed = two({ path: 0, needs: "rename" }, { path: 1, needs: "create" });
const renamedAt = two({ at: 0, path: 1, needs: "rename" }, { at: 2, path: 3, needs: "create" });

/** By the names that strace prints. */
export const shapes: Readonly<Record<string, Shape>> = {
  open: one(0, { flags: 1 }),
  creat: one(0, "open"),
  openat: one(1, { flags: 2 }, 0),
  openat2: one(1, { flags: 2 }, 0),
  stat: one(0, "look"),
  stat64: one(0, "look"),
  lstat: one(0, "look"),
  lstat64: one(0, "look"),
  newfstatat: one(1, "look", 0),
  fstatat64: one(1, "look", 0),
  statx: one(1, "look", 0),
  statfs: one(0, "look"),
  statfs64: one(0, "look"),
  readlink: one(0, "look"),
  readlinkat: one(1, "look", 0),
  getxattr: one(0, "look"),
  lgetxattr: one(0, "look"),
  listxattr: one(0, "look"),
  llistxattr: one(0, "look"),
  access: one(0, { mode: 1 }),
  faccessat: one(1, { mode: 2 }, 0),
  faccessat2: one(1, { mode: 2 }, 0),
  chdir: one(0, "execute"),
  execve: one(0, "execute"),
  execveat: one(1, "execute", 0),
  mkdir: one(0, "create"),
  mkdirat: one(1, "create", 0),
  mknod: one(0, "create"),
  mknodat: one(1, "create", 0),
  symlink: one(1, "create"),
  symlinkat: one(2, "create", 1),
  unlink: one(0, "delete"),
  unlinkat: one(1, "delete", 0),
  rmdir: one(0, "delete"),
  rename: renamed,
  renameat: renamedAt,
  renameat2: renamedAt,
  link: two({ path: 0, needs: "look" }, { path: 1, needs: "create" }),
  linkat: two({ at: 0, path: 1, needs: "look" }, { at: 2, path: 3, needs: "create" }),
  chmod: one(0, "chmod"),
  fchmodat: one(1, "chmod", 0),
  fchmodat2: one(1, "chmod", 0),
  chown: one(0, "chown"),
  lchown: one(0, "chown"),
  fchownat: one(1, "chown", 0),
  truncate: one(0, "write"),
  utime: one(0, "chmod"),
  utimes: one(0, "chmod"),
  futimesat: one(1, "chmod", 0),
  utimensat: one(1, "chmod", 0),
  setxattr: one(0, "write"),
  removexattr: one(0, "write"),
  fchmod: open(0, "chmod"),
  fchown: open(0, "chown"),
  ftruncate: open(0, "write"),
  fchdir: open(0, "execute"),
  flock: open(0, "read"),
  fallocate: open(0, "write"),
  write: open(0, "write"),
  pwrite64: open(0, "write"),
  fsync: open(0, "write"),
};

/** What open(2) with these flags, by name, needs of the file. */
export function wantedByFlags(flags: ReadonlySet<string>): Wanted {
  if (flags.has("O_PATH")) return "look";
  if (flags.has("O_TMPFILE")) return "write";
  if (flags.has("O_CREAT")) return flags.has("O_EXCL") ? "create" : "open";
  return flags.has("O_WRONLY") || flags.has("O_RDWR") || flags.has("O_TRUNC") ? "write" : "read";
}

/** What access(2) with this mode asks: the hardest of it. */
export function wantedByMode(mode: ReadonlySet<string>): Wanted {
  if (mode.has("W_OK")) return "write";
  if (mode.has("R_OK")) return "read";
  return mode.has("X_OK") ? "execute" : "look";
}

// Numbers of the system calls that name files, from the kernel's tables: arch/x86/entry/syscalls/syscall_64.tbl and
// include/uapi/asm-generic/unistd.h. Those above 400 are the same everywhere.

const everywhere: Readonly<Record<string, number>> = { openat2: 437, faccessat2: 439, fchmodat2: 452 };

const x64: Readonly<Record<string, number>> = {
  ...{ open: 2, stat: 4, lstat: 6, access: 21, flock: 73, truncate: 76, ftruncate: 77, chdir: 80, fchdir: 81 },
  ...{ rename: 82, mkdir: 83, rmdir: 84, creat: 85, link: 86, unlink: 87, symlink: 88, readlink: 89, chmod: 90 },
  ...{ fchmod: 91, chown: 92, fchown: 93, lchown: 94, mknod: 133, statfs: 137, execve: 59, utimes: 235 },
  ...{ openat: 257, mkdirat: 258, mknodat: 259, fchownat: 260, newfstatat: 262, unlinkat: 263, renameat: 264 },
  ...{ linkat: 265, symlinkat: 266, readlinkat: 267, fchmodat: 268, faccessat: 269, utimensat: 280, renameat2: 316 },
  ...{ execveat: 322, statx: 332, fallocate: 285 },
};

const arm64: Readonly<Record<string, number>> = {
  ...{ flock: 32, mknodat: 33, mkdirat: 34, unlinkat: 35, symlinkat: 36, linkat: 37, renameat: 38, statfs: 43 },
  ...{ truncate: 45, ftruncate: 46, fallocate: 47, faccessat: 48, chdir: 49, fchdir: 50, fchmod: 52, fchmodat: 53 },
  ...{ fchownat: 54, fchown: 55, openat: 56, readlinkat: 78, newfstatat: 79, utimensat: 88, execve: 221 },
  ...{ renameat2: 276, execveat: 281, statx: 291 },
};

/**
 * The numbers by name.
 * @param architecture as process.arch says it
 * @returns undefined for an architecture whose numbers are not known here
 */
export function syscallNumbers(architecture: string): Readonly<Record<string, number>> | undefined {
  if (architecture === "x64") return { ...x64, ...everywhere };
  return architecture === "arm64" ? { ...arm64, ...everywhere } : undefined;
}

/** The flags of open(2) that matter here, as bits: fcntl.h of the generic ABI, and where arm64 departs from it. */
export function openFlagNames(value: number, architecture: string): Set<string> {
  const arm = architecture === "arm64";
  const directory = arm ? 0o40000 : 0o200000;
  const names = new Set<string>();
  if ((value & 3) === 1) names.add("O_WRONLY");
  if ((value & 3) === 2) names.add("O_RDWR");
  if (value & 0o100) names.add("O_CREAT");
  if (value & 0o200) names.add("O_EXCL");
  if (value & 0o1000) names.add("O_TRUNC");
  if (value & 0o10000000) names.add("O_PATH");
  if ((value & 0o20000000) !== 0 && (value & directory) !== 0) names.add("O_TMPFILE");
  return names;
}

/** The mode of access(2). */
export function accessModeNames(value: number): Set<string> {
  return new Set([...(value & 2 ? ["W_OK"] : []), ...(value & 4 ? ["R_OK"] : []), ...(value & 1 ? ["X_OK"] : [])]);
}

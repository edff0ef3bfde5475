// One file system entry as plain values, as lstat(2), acl(5) and lsattr(1) tell it.
import type { Acl } from "./acl.ts";
import type { DarwinEntry } from "./darwin-acl.ts";
import type { Mount } from "./mount.ts";

export type FileType = "file" | "directory" | "symlink" | "fifo" | "socket" | "character" | "block";

export interface Entry {
  readonly type: FileType;
  /** Owner and group as seen from the caller's user namespace and through the mount. */
  readonly uid: number;
  readonly gid: number;
  /** The 12 permission bits: setuid, setgid, sticky, rwxrwxrwx. */
  readonly mode: number;
  /** The number of hard links. */
  readonly links: number;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** The access ACL, only if it says more than the mode. */
  readonly acl?: Acl | undefined;
  /** A directory's default ACL, from which new entries get theirs. */
  readonly defaultAcl?: Acl | undefined;
  readonly immutable?: boolean;
  readonly appendOnly?: boolean;
  /** On macOS, and there on every entry, with its ACL, which is none of POSIX's. */
  readonly darwin?: DarwinEntry | undefined;
  /** The mount that the entry is seen through; absent when it could not be told. */
  readonly mount?: Mount;
  /** True if another file system is mounted on this entry. */
  readonly mountPoint?: boolean;
}

const typeLetters: Record<FileType, string> = {
  file: "-",
  directory: "d",
  symlink: "l",
  fifo: "p",
  socket: "s",
  character: "c",
  block: "b",
};

/** The mode as `ls -l` shows it, ten characters and a `+` for an ACL: `drwxr-sr-x+`. */
export function formatMode(entry: Pick<Entry, "type" | "mode" | "acl" | "defaultAcl" | "darwin">): string {
  const { mode } = entry;
  const triple = (shift: number, special: number, letter: string): string => {
    const r = mode & (4 << shift) ? "r" : "-";
    const w = mode & (2 << shift) ? "w" : "-";
    const x = mode & (1 << shift);
    if (mode & special) return r + w + (x ? letter : letter.toUpperCase());
    return r + w + (x ? "x" : "-");
  };
  const hasAcl = entry.acl !== undefined || entry.defaultAcl !== undefined || (entry.darwin?.acl.length ?? 0) > 0;
  const acl = hasAcl ? "+" : "";
  return typeLetters[entry.type] + triple(6, 0o4000, "s") + triple(3, 0o2000, "s") + triple(0, 0o1000, "t") + acl;
}

/** The mode in octal, as chmod(1) takes it: four digits if a special bit is set, else three with a leading 0. */
export function octal(mode: number): string {
  return `0${(mode & 0o7777).toString(8).padStart(3, "0")}`;
}

// The words of a failed system call: which error, which call, which path. Go prints the C library's words in lower case; Windows
// has its own (FormatMessage of the error numbers named here).

const words = {
  EACCES: ["permission denied"],
  EPERM: ["operation not permitted"],
  EROFS: ["read-only file system", "The media is write protected"],
  ENOSPC: ["no space left on device", "There is not enough space on the disk", "file system is full"],
  EDQUOT: ["disk quota exceeded"],
  EMFILE: ["too many open files in system", "too many open files"],
  EFBIG: ["file too large"],
  ENOLCK: ["no locks available"],
  ENOSYS: ["function not implemented", "Incorrect function"],
  ENOTSUP: ["operation not supported", "not supported by device", "The request is not supported"],
  EDEADLK: ["resource deadlock avoided", "resource deadlock would occur"],
  ESTALE: ["stale NFS file handle", "stale file handle"],
  EIO: ["input/output error", "The request could not be performed because of an I/O device error"],
  ETXTBSY: ["text file busy"],
  ENOEXEC: ["exec format error", "is not a valid Win32 application"],
  EBADARCH: ["bad CPU type in executable"],
  ELOOP: ["too many levels of symbolic links"],
  ENAMETOOLONG: ["file name too long", "The filename or extension is too long"],
  ENOTDIR: ["not a directory"],
  EEXIST: ["file exists"],
  ENOENT: [
    "no such file or directory",
    "The system cannot find the file specified",
    "The system cannot find the path specified",
  ],
  EINVAL: ["invalid argument"],
  EAGAIN: ["resource temporarily unavailable"],
  ENOMEM: ["cannot allocate memory"],
  /** ERROR_ACCESS_DENIED, 5: permissions, or a file that somebody has open. */
  DENIED: ["Access is denied"],
  /** ERROR_SHARING_VIOLATION, 32. */
  SHARING: [
    "The process cannot access the file because it is being used by another process",
    "used by another process",
  ],
} as const;

export type Errno = keyof typeof words;

const errnoOf = new Map<string, Errno>(
  Object.entries(words).flatMap(([errno, texts]) => texts.map((text) => [text.toLowerCase(), errno as Errno])),
);
const anyErrno = new RegExp(`(?:${[...errnoOf.keys()].sort((a, b) => b.length - a.length).join("|")})`, "gi");

/** All the texts, for finding lines that hold one. */
export const errnoTexts: readonly string[] = [...errnoOf.keys()];

// The operations of Go's os package and of cmd/go, with Lock and RLock of cmd/go/internal/lockedfile.
const operation =
  /(?:^|[\s:("'`\]])(mkdir(?:at)?|open(?:at)?|read|write|rename(?:at)?|remove|unlink(?:at)?|rmdir|chmod|chown|l?stat|fstat|fork\/exec|exec|R?Lock|copying|symlink|link|creat|create|chdir|fsync|f?truncate|readdirent|fdopendir|getwd|pipe2?|mmap|close|access|copy_file_range|chtimes|getdirentries|readlink|scandir|cannot (?:create|remove|open|stat|access|unlink))(?:[ \t:,]+(.*?))?$/is;

/** A system call that failed, as a line tells it. */
export interface Failure {
  readonly errno: Errno;
  /** As printed: `mkdir`, `open`, `fork/exec`, `Lock`; empty if the line names none. */
  readonly operation: string;
  /** Empty if the line names none. The first of two for rename. */
  readonly path: string;
  /** The whole of what stands before the error: `go: writing stat cache: mkdir /go/pkg`. */
  readonly before: string;
}

/** The last failure that a line tells of: what came first is how it was passed on. */
export function failureIn(text: string): Failure | undefined {
  const match = [...text.matchAll(anyErrno)].at(-1);
  if (match === undefined) return undefined;
  const errno = errnoOf.get(match[0].toLowerCase()) as Errno;
  const before = text.slice(0, match.index).replace(/[\s:,'"`([]+$/, "");
  const { operation: name, rest } = lastOperation(before);
  const after = text.slice(match.index + match[0].length);
  return { errno, operation: name, path: firstPath(rest) || pathBefore(before) || pathAfter(after), before };
}

function lastOperation(before: string): { operation: string; rest: string } {
  let found = { operation: "", rest: "" };
  let from = 0;
  for (let round = 0; round < 8; round += 1) {
    const match = operation.exec(before.slice(from));
    if (match === null) break;
    const rest = match[2] ?? "";
    // A word of a sentence is no call, unless nothing better comes.
    if (round === 0 || looksLikePath(rest) || rest === "") found = { operation: match[1] as string, rest };
    from += match.index + (match[0].length - rest.length);
    if (rest === "") break;
  }
  return found;
}

function looksLikePath(text: string): boolean {
  return /^["'`]?(?:[\\/~.$<]|[A-Za-z]:[\\/]|[\w.+@-]+(?:[\\/]|$|\.(?:mod|sum|work|go|exe)\b)|[\w-]+$)/.test(text);
}

/** The first of `A B` or `A: …`. A path with a space in it is cut there unless it is in quotes. */
function firstPath(words: string): string {
  const text = words.replace(
    /^(?:directory|folder|file|temporary file|regular file|lock file) (?=["'`/~]|[A-Za-z]:\\)/,
    "",
  );
  const quoted = /^["'`‘]([^"'`’]+)/.exec(text)?.[1];
  if (quoted !== undefined) return quoted;
  const two = /^(.+?) (?=\/|[A-Za-z]:\\)/.exec(text)?.[1] ?? text;
  const path = two.replace(/: .*$/s, "").replace(/:$/, "");
  return looksLikePath(path) ? path : "";
}

/** `PATH: error` without a call. */
function pathBefore(before: string): string {
  return /(?:^|[\s:("'`])((?:[A-Za-z]:)?[^\s:"'`]*[\\/][^\s:"'`]*)$/.exec(before)?.[1] ?? "";
}

/** `EACCES: permission denied, rmdir 'PATH'`, as Node prints it. */
function pathAfter(after: string): string {
  return /^, \w+ '([^']+)'/.exec(after)?.[1] ?? "";
}

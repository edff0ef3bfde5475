// The event file: JSON lines, appended by any number of jobs at once. It is the source of truth for every sink.
//
// A line is one write(2) to a file opened with O_APPEND: the kernel puts it at the end whole, whoever else appends. What can still cut
// a line is a full disk, or a SIGKILL while the kernel copies it: then the next line begins with a newline, so that one line is lost
// and not two. Readers pass over what does not parse.
import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import type { AuditEvent } from "./event.ts";

/** Bytes after which the file becomes `FILE.1`, in the place of the last one that did. */
const longestFile = 64 * 1024 * 1024;
/** Bytes of a line, so that it is copied in one go: what is too long is shortened first. */
const longestLine = 16 * 1024;
/** Milliseconds after which the lock of a rotation belongs to nobody that lives. */
const longestRotation = 10_000;

export class EventFile {
  private fd: number;
  private trouble: string | undefined;
  /** Whether the last thing in the file may be half a line. */
  private torn: boolean;

  private constructor(
    readonly path: string,
    fd: number,
    private readonly limit: number,
  ) {
    this.fd = fd;
    this.torn = !endsInNewline(fd);
  }

  /**
   * Opens a file for appending, and makes it, for its owner alone, if it is missing.
   * @param limit bytes after which it is rotated; not before 16 KiB
   * @throws {Refusal} if it is no regular file, a link, or, for root, another user's
   * @throws NodeJS.ErrnoException if it cannot be opened
   */
  static open(path: string, limit = longestFile): EventFile {
    return new EventFile(path, openForAppending(path), Math.max(limit, longestLine));
  }

  /** Why an event could not be written, if one could not. */
  get problem(): string | undefined {
    return this.trouble;
  }

  /** Appends an event. It never throws: observing must not break what is observed. */
  write(event: AuditEvent): void {
    try {
      this.rotate();
      const line = lineOf(event);
      const bytes = Buffer.from(this.torn ? `\n${line}` : line);
      const written = writeSync(this.fd, bytes);
      this.torn = written < bytes.length;
      if (this.torn) this.trouble ??= "the disk is full";
    } catch (error) {
      this.trouble ??= (error as NodeJS.ErrnoException).code ?? String(error);
    }
  }

  close(): void {
    closeSync(this.fd);
  }

  /** Follows a rotation that another job made, and makes one when it is time. */
  private rotate(): void {
    const own = fstatSync(this.fd);
    const named = statSync(this.path, { throwIfNoEntry: false });
    if (named === undefined || named.ino !== own.ino || named.dev !== own.dev) this.reopen();
    else if (own.size >= this.limit) this.moveAway();
  }

  private moveAway(): void {
    const lock = `${this.path}.rotating`;
    if (!takeLock(lock)) return;
    try {
      // Somebody else may have done it between our look and the lock.
      const named = statSync(this.path, { throwIfNoEntry: false });
      if (named !== undefined && named.size >= this.limit) renameSync(this.path, `${this.path}.1`);
      this.reopen();
    } finally {
      unlinkSync(lock);
    }
  }

  private reopen(): void {
    const fd = openForAppending(this.path);
    closeSync(this.fd);
    this.fd = fd;
    this.torn = !endsInNewline(fd);
  }
}

/** Why a file is not written to although it could be. */
export class Refusal extends Error {}

function openForAppending(path: string): number {
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  let fd: number;
  try {
    fd = openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ELOOP") throw new Refusal(`${path} is a symbolic link`);
    throw error;
  }
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) throw new Refusal(`${path} is not a regular file`);
    if (process.geteuid?.() === 0 && stats.uid !== 0)
      throw new Refusal(`${path} belongs to user ${stats.uid}, and root writes no files of others`);
    if (process.geteuid?.() === 0 && stats.nlink > 1) throw new Refusal(`${path} has other names (hard links)`);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function endsInNewline(fd: number): boolean {
  const { size } = fstatSync(fd);
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  return readSync(fd, last, 0, 1, size - 1) === 0 || last[0] === 0x0a;
}

/** Takes a lock file for the moment of a rotation; one that was left by a killed job counts as free. */
function takeLock(lock: string): boolean {
  const own = `${lock}.${process.pid}`;
  try {
    closeSync(openSync(own, "wx", 0o600));
    try {
      const held = lstatSync(lock, { throwIfNoEntry: false });
      if (held !== undefined && Date.now() - held.mtimeMs > longestRotation) unlinkSync(lock);
      linkSync(own, lock);
      return true;
    } finally {
      unlinkSync(own);
    }
  } catch {
    return false;
  }
}

/** An event as a line that fits. */
export function lineOf(event: AuditEvent): string {
  const line = `${JSON.stringify(event)}\n`;
  if (Buffer.byteLength(line) <= longestLine) return line;
  return `${JSON.stringify(shorter(event))}\n`;
}

const mostWords = 40;
const longestText = 120;
const mostCauses = 3;

/** What can be long: arguments, and what go printed. */
function shorter(event: AuditEvent): object {
  const cut = (text: string): string => (text.length > longestText ? `${text.slice(0, longestText)}…` : text);
  const deep = (value: unknown): unknown => {
    if (typeof value === "string") return cut(value);
    if (Array.isArray(value)) return value.slice(0, mostWords).map(deep);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, deep(item)]));
  };
  const short = deep(event) as AuditEvent;
  return {
    ...short,
    ...(short.event === "command-ended" ? { causes: short.causes.slice(0, mostCauses) } : {}),
    shortened: true,
  };
}

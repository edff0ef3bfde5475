// Changes a settings file in place of its owner: read, decide, write a new file beside it, rename. Everything is done with the
// rights of the process as it is; as-owner.ts sees to it that these are the owner's.
import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from "node:fs";
import { posix } from "node:path";
import { exitStatus, UserError } from "../error.ts";
import { withBlock } from "../generate/marked-block.ts";
import { readAcls } from "../host/acl.ts";
import { fromBytes, show, toBytes } from "../host/bytes.ts";

export interface BlockEdit {
  readonly kind: "block";
  /** The file. Absolute; if it is a symbolic link, what it leads to is changed and the link stays. */
  readonly path: string;
  /** The home directory, which must be there: only what is below it is made. */
  readonly home: string;
  readonly block: string;
  /** The line that a user may add by hand instead, for messages. */
  readonly line: string;
}

export interface Edited {
  readonly done: "written" | "already";
  /** The file that has the text, without symbolic links. */
  readonly path: string;
}

/** More is no start-up file of a shell, in bytes. */
const longestFile = 4 * 1024 * 1024;

/**
 * Puts the block into the file, which is made if it is missing. Owner, group, mode and all other bytes stay.
 * The new file replaces the old one at once, so that a reader sees either. A file with an ACL, other names (hard links) or
 * another owner is refused, since the new file would not have them; so is one that changes meanwhile.
 * @throws {UserError}
 */
export function editBlock(edit: BlockEdit): Edited {
  const target = targetOf(edit);
  return guarded(target, edit, () => {
    if (statSync(toBytes(edit.home), { throwIfNoEntry: false })?.isDirectory() !== true)
      throw unfit(edit.home, "is no directory", edit);
    const old = readOld(target, edit);
    const { text, was } = withBlock(old?.text ?? "", latin1(edit.block), show(target));
    if (was === "same") return { done: "already", path: target };
    if (old !== undefined) refuseWhatWouldBeLost(target, old.stat, edit);
    else mkdirSync(toBytes(posix.dirname(target)), { recursive: true, mode: 0o755 });
    replace(target, text, old?.stat);
    return { done: "written", path: target };
  });
}

/** One character a byte, so that bytes that are not UTF-8 come out as they went in. */
function latin1(text: string): string {
  return Buffer.from(toBytes(text)).toString("latin1");
}

/** Where the links lead. @throws {UserError} if they lead to nothing */
function targetOf(edit: BlockEdit): string {
  const path = toBytes(edit.path);
  try {
    return fromBytes(realpathSync(path, "buffer"));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT") throw failed(edit.path, error, edit);
  }
  let link: Buffer;
  try {
    link = readlinkSync(path, "buffer");
  } catch {
    return edit.path;
  }
  throw new UserError(
    `${show(edit.path)} is a symbolic link to ${show(fromBytes(link))}, which does not exist`,
    `make that file or remove the link; or add this line where your shell reads it: ${edit.line}`,
  );
}

interface Old {
  readonly text: string;
  readonly stat: Stats;
}

function readOld(path: string, edit: BlockEdit): Old | undefined {
  let fd: number;
  try {
    // Non-blocking, so that a FIFO cannot hold us up.
    fd = openSync(toBytes(path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw unfit(path, "is not a regular file", edit);
    const bytes = Buffer.alloc(Math.min(stat.size, longestFile) + 1);
    let length = 0;
    for (let count = 1; count > 0 && length < bytes.length; length += count) {
      count = readSync(fd, bytes, length, bytes.length - length, null);
    }
    if (length > longestFile) throw unfit(path, `is larger than ${longestFile / 1024 / 1024} MiB`, edit);
    if (length === bytes.length) throw unfit(path, "grew while it was read", edit);
    return { text: bytes.toString("latin1", 0, length), stat };
  } finally {
    closeSync(fd);
  }
}

function refuseWhatWouldBeLost(path: string, stat: Stats, edit: BlockEdit): void {
  if (stat.uid !== process.geteuid?.())
    throw unfit(path, `belongs to user ${stat.uid}, not to user ${process.geteuid?.()}`, edit);
  if (stat.nlink > 1) throw unfit(path, `is one file with ${stat.nlink} names (hard links)`, edit);
  // Without getfacl it cannot be known. Such a file keeps its mode then, and loses its ACL.
  const acls = readAcls([path]);
  if ("value" in acls && acls.value.size > 0) throw unfit(path, "has an access control list", edit);
}

function replace(target: string, text: string, old: Stats | undefined): void {
  const temporary = posix.join(
    posix.dirname(target),
    `.${posix.basename(target)}.gomodcache-${randomBytes(6).toString("hex")}`,
  );
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const fd = openSync(toBytes(temporary), flags, old === undefined ? 0o644 : 0o600);
  try {
    try {
      writeAll(fd, Buffer.from(text, "latin1"));
      if (old !== undefined) {
        if (fstatSync(fd).gid !== old.gid) fchownSync(fd, old.uid, old.gid);
        fchmodSync(fd, old.mode & 0o7777);
      }
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    refuseChanged(target, old);
    renameSync(toBytes(temporary), toBytes(target));
  } catch (error) {
    rmSync(toBytes(temporary), { force: true });
    throw error;
  }
}

export function writeAll(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}

/** An editor may have saved the file since it was read. */
function refuseChanged(target: string, old: Stats | undefined): void {
  const now = lstatSync(toBytes(target), { throwIfNoEntry: false });
  if (now === undefined && old === undefined) return;
  const same = (name: "dev" | "ino" | "size" | "mtimeMs" | "ctimeMs"): boolean => now?.[name] === old?.[name];
  if (same("dev") && same("ino") && same("size") && same("mtimeMs") && same("ctimeMs")) return;
  throw new UserError(`${show(target)} was changed by somebody else meanwhile; it was left alone`, "run it again");
}

function guarded(target: string, edit: BlockEdit, work: () => Edited): Edited {
  try {
    return work();
  } catch (error) {
    throw error instanceof UserError ? error : failed(target, error, edit);
  }
}

function unfit(path: string, reason: string, edit: BlockEdit): UserError {
  return new UserError(
    `${show(path)} ${reason}, so nothing was changed`,
    `add this line where the shell reads it: ${edit.line}`,
  );
}

function failed(path: string, error: unknown, edit: BlockEdit): UserError {
  const { code, message } = error as NodeJS.ErrnoException;
  const privilege = code === "EACCES" || code === "EPERM";
  return new UserError(
    `${show(path)} could not be changed by user ${process.geteuid?.()}: ${code ?? message}; nothing was changed`,
    `add this line where the shell reads it: ${edit.line}`,
    privilege ? exitStatus.privilege : exitStatus.usage,
  );
}

// Which file a command is, and whether the kernel will surely start it: execvp(3), execve(2), elf(5).
import { accessSync, closeSync, constants, openSync, readSync, statSync } from "node:fs";
import { posix } from "node:path";
import type { Environment } from "../host/container.ts";

export type FoundCommand =
  | { readonly file: string }
  /** 127: there is no such command. 126: it is there and cannot be executed (POSIX, sh, "Exit status for commands"). */
  | { readonly status: 126 | 127; readonly reason: string };

/** What execvp(3) of glibc takes without PATH. */
const usualPath = "/bin:/usr/bin";

/** Looks a command up as execvp(3) does, with the rights of this process. An empty entry of PATH is the working directory. */
export function findCommand(name: string, variables: Environment): FoundCommand {
  if (name.includes("/")) return judge(name);
  if (name === "") return { status: 127, reason: "its name is empty" };
  const path = variables["PATH"] ?? usualPath;
  let denied: FoundCommand | undefined;
  for (const directory of path.split(":")) {
    const found = judge(posix.join(directory === "" ? "." : directory, name));
    if ("file" in found) return directory === "" ? { file: `./${name}` } : found;
    if (found.status === 126) denied ??= found;
  }
  return denied ?? { status: 127, reason: `it is not on PATH (${path})` };
}

function judge(file: string): FoundCommand {
  try {
    if (!statSync(file).isFile()) return { status: 126, reason: `${file} is not a file` };
    accessSync(file, constants.X_OK);
    return { file };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return { status: 127, reason: `${file} does not exist` };
    return { status: 126, reason: `${file} may not be executed (${code})` };
  }
}

/** Bytes that hold every field that is looked at; the first line of a script is cut at 256 by the kernel too. */
const headLength = 4096;
const mostInterpreters = 4;

/**
 * Whether execve(2) of this file will succeed as far as its content goes: a program for this machine whose loader is there, or a
 * script whose interpreter is such a program. False also where that cannot be told.
 * @param self a program that this machine runs: the one that is running
 */
export function surelyStarts(file: string, self = process.execPath, depth = mostInterpreters): boolean {
  if (depth === 0 || !("file" in judge(file))) return false;
  const head = headOf(file);
  if (head === undefined) return false;
  if (head.toString("latin1", 0, 2) === "#!") {
    const line = head.toString("utf8", 2, 256).split("\n")[0] as string;
    const interpreter = /^[ \t]*([^ \t\0]+)/.exec(line)?.[1];
    // A relative one is looked for in the working directory, a line without an end may be cut.
    return interpreter?.startsWith("/") === true && line.length < 200 && surelyStarts(interpreter, self, depth - 1);
  }
  const own = headOf(self);
  if (own === undefined || !isElf(head) || !isElf(own)) return false;
  // Class, byte order and e_machine; e_type ET_EXEC or ET_DYN.
  const sameMachine = head[4] === own[4] && head[5] === own[5] && head.readUInt16LE(18) === own.readUInt16LE(18);
  if (!sameMachine || head[4] !== 2 || head[5] !== 1 || ![2, 3].includes(head.readUInt16LE(16))) return false;
  const loader = loaderOf(head);
  return loader === "none" || (loader !== undefined && "file" in judge(loader));
}

function isElf(head: Buffer): boolean {
  return head.length >= 64 && head.toString("latin1", 0, 4) === "\x7fELF";
}

/** The path in the PT_INTERP segment of a little-endian 64-bit ELF; undefined if it is not in the head. */
function loaderOf(head: Buffer): string | "none" | undefined {
  const table = Number(head.readBigUInt64LE(32));
  const size = head.readUInt16LE(54);
  const count = head.readUInt16LE(56);
  if (size < 56 || table + size * count > head.length) return undefined;
  for (let at = table; at < table + size * count; at += size) {
    if (head.readUInt32LE(at) !== 3) continue;
    const from = Number(head.readBigUInt64LE(at + 8));
    const length = Number(head.readBigUInt64LE(at + 32));
    if (length < 2 || from + length > head.length) return undefined;
    return head.toString("utf8", from, from + length - 1);
  }
  return "none";
}

function headOf(file: string): Buffer | undefined {
  let fd: number;
  try {
    fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    const head = Buffer.alloc(headLength);
    return head.subarray(0, readSync(fd, head, 0, headLength, 0));
  } catch {
    return undefined;
  } finally {
    closeSync(fd);
  }
}

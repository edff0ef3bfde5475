// The directory that changes stay in: opened component by component, so that nobody can lead root elsewhere by a link.
import { closeSync, mkdirSync, readdirSync, readlinkSync, type Stats } from "node:fs";
import { posix } from "node:path";
import { show } from "../host/bytes.ts";
import { answers } from "../host/dead-mount.ts";
import { mountOf, readMounts } from "../host/mounts.ts";
import {
  chmodPinned,
  chownPinned,
  inodeOf,
  mountIdOf,
  pathAt,
  pin,
  pinDirectory,
  pinFileSystem,
  sitting,
  statPinned,
} from "./pin.ts";

/** A pinned directory. */
export interface Root {
  readonly fd: number;
  /** Without links. */
  readonly path: string;
  /** The mount that its entries must be seen through. */
  readonly mountId: number;
  /** st_dev and st_ino. */
  readonly device: number;
  readonly ino: number | bigint;
  readonly uid: number;
  readonly gid: number;
}

/** Whose links and directories lead nowhere but where they should. */
export type Trusted = (uid: number) => boolean;

/** Why a path does not lead to a directory that may be changed. */
export class BadRoot extends Error {
  override readonly name = "BadRoot";
  constructor(
    message: string,
    /** ENOENT and the like, where a system call refused. */
    readonly code?: string,
  ) {
    super(message);
  }
}

/** As many links as the kernel follows in one path (path_resolution(7)). */
const mostLinks = 40;

/** How a missing directory is to be made. */
export interface NewDirectory {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/**
 * Opens a directory from `/` downwards.
 * @param path absolute
 * @param trusted a link is followed only if such a user owns it, and the directory that it is in
 * @param missing makes what is missing, if given
 * @throws {BadRoot}
 */
export function openRoot(path: string, trusted: Trusted, missing?: NewDirectory): Root {
  return sitting(() => openDownwards(path, trusted, missing));
}

function openDownwards(path: string, trusted: Trusted, missing?: NewDirectory): Root {
  const todo = posix.normalize(path).split("/").filter(Boolean).reverse();
  const opened = [pinTop()];
  const at = (): number => (opened.at(-1) as { fd: number }).fd;
  const pathOf = (name: string): string => posix.join("/", ...opened.map((one) => one.name), name);
  let links = 0;
  try {
    for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
      if (name === "..") {
        if (opened.length > 1) closeSync((opened.pop() as { fd: number }).fd);
        continue;
      }
      const fd = openOrMake(at(), name, pathOf(name), missing);
      const mountId = mountIdOf(fd);
      if (mountId !== opened.at(-1)?.mountId) refuseSilent(pathOf(name), fd);
      const stats = statPinned(fd);
      if (stats.isDirectory()) {
        opened.push({ fd, name, mountId });
        continue;
      }
      closeSync(fd);
      const link = pathOf(name);
      if (!stats.isSymbolicLink()) throw new BadRoot(`${show(link)} is not a directory`, "ENOTDIR");
      links += 1;
      if (links > mostLinks) throw new BadRoot(`${show(link)} leads in circles`, "ELOOP");
      refuseLink(link, stats, statPinned(at()), trusted);
      const target = targetOf(at(), name, link);
      if (target.startsWith("/")) for (const { fd: old } of opened.splice(1)) closeSync(old);
      todo.push(
        ...target
          .split("/")
          .filter(Boolean)
          .filter((part) => part !== ".")
          .reverse(),
      );
    }
    const real = pathOf("");
    const fd = at();
    const stats = statPinned(fd);
    const root = {
      fd,
      path: real,
      mountId: mountIdOf(fd),
      device: stats.dev,
      ino: inodeOf(fd, stats),
      uid: stats.uid,
      gid: stats.gid,
    };
    opened.pop();
    return root;
  } finally {
    for (const { fd } of opened) closeSync(fd);
  }
}

function targetOf(directory: number, name: string, link: string): string {
  try {
    return readlinkSync(pathAt(directory, name));
  } catch (error) {
    throw badRoot(link, error, "be followed");
  }
}

function pinTop(): { fd: number; name: string; mountId: number } {
  try {
    const fd = pinFileSystem();
    return { fd, name: "", mountId: mountIdOf(fd) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new BadRoot(
      `nothing can be changed safely without /proc, by which entries are held fast (${code}): mount it`,
      code,
    );
  }
}

/** A FUSE or network mount whose server is gone would let this process wait for ever. */
function refuseSilent(path: string, fd: number): void {
  const mounts = readMounts();
  const mount = "value" in mounts ? mountOf(path, mounts.value) : undefined;
  const silent = mount === undefined ? undefined : answers(mount);
  if (silent === undefined) return;
  closeSync(fd);
  throw new BadRoot(silent.reason, "ETIMEDOUT");
}

function openOrMake(directory: number, name: string, path: string, missing: NewDirectory | undefined): number {
  try {
    return pin(directory, name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" || missing === undefined) throw badRoot(path, error, "be opened");
  }
  try {
    return makeDirectory(directory, name, missing);
  } catch (error) {
    throw badRoot(path, error, "be made");
  }
}

/** Makes a directory that nobody else can enter before it has its owner. */
export function makeDirectory(directory: number, name: string, { uid, gid, mode }: NewDirectory): number {
  mkdirSync(pathAt(directory, name), 0o700);
  const fd = pinDirectory(directory, name);
  try {
    const stats = statPinned(fd);
    // A new directory is this process's and empty; anything else was put in its place.
    if (stats.uid !== process.geteuid?.() || readdirSync(pathAt(fd, ".")).length > 0)
      throw new Error("somebody else put another directory there");
    if (stats.uid !== uid || stats.gid !== gid) chownPinned(fd, uid, gid);
    chmodPinned(fd, mode);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function badRoot(path: string, error: unknown, what: string): BadRoot {
  const { code, message } = error as NodeJS.ErrnoException;
  const reasons = new Map([
    ["ENOENT", "it does not exist"],
    ["ENOTDIR", "a part of the path is not a directory"],
    ["EACCES", "this user may not"],
    ["EROFS", "the file system is read-only"],
  ]);
  return new BadRoot(`${show(path)} cannot ${what}: ${reasons.get(code ?? "") ?? code ?? message}`, code);
}

/** Root follows a link only if nobody else could have put it there. */
function refuseLink(link: string, stats: Stats, directory: Stats, trusted: Trusted): void {
  const others = (directory.mode & 0o022) !== 0 && (directory.mode & 0o1000) === 0;
  if (trusted(stats.uid) && trusted(directory.uid) && !others) return;
  throw new BadRoot(
    `${show(link)} is a symbolic link that user ${trusted(stats.uid) ? directory.uid : stats.uid} could point elsewhere`,
    "ELOOP",
  );
}

// One look at an entry by its path, which may lead anywhere by now: what is seen is compared on the pinned entry before a change.
import { closeSync, lstatSync, readSync } from "node:fs";
import { toBytes } from "../host/bytes.ts";
import { undone } from "./change.ts";
import { openFile } from "./pin.ts";

const buffer = Buffer.alloc(256);

/** The inode number with all its digits; undefined if the entry is gone or cannot be looked at. */
export function exactInode(path: string): bigint | undefined {
  try {
    return lstatSync(toBytes(path), { bigint: true, throwIfNoEntry: false })?.ino;
  } catch (error) {
    undone(error);
    return undefined;
  }
}

/** The first 256 bytes of a file as text; undefined if it could not be read, or has become a link. */
export function readStart(path: string): string | undefined {
  let descriptor: number;
  try {
    descriptor = openFile(toBytes(path));
  } catch {
    return undefined;
  }
  try {
    return buffer.toString("latin1", 0, readSync(descriptor, buffer, 0, buffer.length, 0));
  } catch {
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

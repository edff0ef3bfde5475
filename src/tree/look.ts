// One look at an entry by its path, which may lead anywhere by now: what is seen is compared on the pinned entry before a change.
import { lstatSync } from "node:fs";
import { toBytes } from "../host/bytes.ts";
import { undone } from "./change.ts";

/** The inode number with all its digits; undefined if the entry is gone or cannot be looked at. */
export function exactInode(path: string): bigint | undefined {
  try {
    return lstatSync(toBytes(path), { bigint: true, throwIfNoEntry: false })?.ino;
  } catch (error) {
    undone(error);
    return undefined;
  }
}

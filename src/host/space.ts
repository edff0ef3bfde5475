// Free bytes and inodes of a file system, as an unprivileged user may use them: statfs(2).
import { statfsSync } from "node:fs";
import type { Space } from "../facts/facts.ts";
import { toBytes } from "./bytes.ts";

/** @returns undefined if the file system does not tell */
export function readSpace(path: string): Space | undefined {
  try {
    const { bavail, blocks, bsize, ffree, files } = statfsSync(toBytes(path));
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize, freeInodes: ffree, totalInodes: files };
  } catch {
    return undefined;
  }
}

// Where a symbolic link of /proc leads.
import { readlinkSync } from "node:fs";
import { fromBytes } from "./bytes.ts";

/** @returns undefined if there is none, or if it may not be read */
export function readLink(path: string): string | undefined {
  try {
    return fromBytes(readlinkSync(path, "buffer"));
  } catch {
    return undefined;
  }
}

// The inode attributes that stop even root: immutable and append-only (chattr(1), lsattr(1)).
import { toBytes } from "./bytes.ts";
import { run } from "./run.ts";
import { systemPath } from "./system-path.ts";

export interface Attributes {
  readonly immutable: boolean;
  readonly appendOnly: boolean;
}

/**
 * The attributes of some files and directories, only of those that have one of the two.
 * @returns undefined if they could not be read: lsattr is absent, or none of the file systems has them
 */
export function readAttributes(paths: readonly string[]): ReadonlyMap<string, Attributes> | undefined {
  // lsattr prints names raw, one a line: a name with a newline, or with bytes that are no text, cannot be told apart.
  const plain = paths.filter((path) => !path.includes("\n") && typeof toBytes(path) === "string");
  const found = new Map<string, Attributes>();
  let readable = false;
  for (const part of inParts(plain)) {
    const result = run("lsattr", ["-d", "--", ...part], {
      env: { PATH: systemPath, LC_ALL: "C" },
      timeout: 10_000,
    });
    if (result.error !== undefined) return undefined;
    for (const [path, attributes] of parseLsattr(result.stdout.toString())) {
      readable = true;
      if (attributes.immutable || attributes.appendOnly) found.set(path, attributes);
    }
  }
  return readable ? found : undefined;
}

/** Linux takes 2 MiB of arguments and environment at least, if the stack may grow to 8 MiB (execve(2)); a quarter is left free. */
const mostArguments = 1_500_000;

function* inParts(paths: readonly string[]): Generator<string[]> {
  let part: string[] = [];
  let bytes = 0;
  for (const path of paths) {
    // Each argument costs its bytes, its end, and a pointer.
    const cost = Buffer.byteLength(path) + 9;
    if (bytes + cost > mostArguments) {
      yield part;
      [part, bytes] = [[], 0];
    }
    part.push(path);
    bytes += cost;
  }
  if (part.length > 0) yield part;
}

/** Reads the output of lsattr: `----i---------e------- /path`. */
export function parseLsattr(output: string): Map<string, Attributes> {
  const found = new Map<string, Attributes>();
  for (const line of output.split("\n")) {
    const match = /^([A-Za-z-]{10,}) (\/.*)$/.exec(line);
    if (match === null) continue;
    const [, flags, path] = match as unknown as [string, string, string];
    found.set(path, { immutable: flags.includes("i"), appendOnly: flags.includes("a") });
  }
  return found;
}

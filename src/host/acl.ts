// POSIX ACLs of many entries at once, by one getfacl(1). Node has no call for extended attributes.
import type { Looked } from "../facts/facts.ts";
import { type EntryAcls, parseGetfacl } from "../permission/acl.ts";
import { fromBytes, toBytes } from "./bytes.ts";
import { complaint, run } from "./run.ts";
import { systemPath } from "./system-path.ts";

const newline = Buffer.from("\n");

/**
 * The extended and default ACLs among some paths, by path; entries without one are left out.
 * Symbolic links are not followed and have none.
 * @param paths absolute
 */
export function readAcls(paths: readonly string[]): Looked<ReadonlyMap<string, EntryAcls>> {
  // getfacl takes one path a line, so a name that holds a newline must be an argument.
  const lines = paths.filter((path) => !path.includes("\n"));
  const others = paths.filter((path) => path.includes("\n"));
  const unnameable = others.find((path) => typeof toBytes(path) !== "string");
  if (unnameable !== undefined)
    return { unseen: "getfacl cannot be given a name of a newline and bytes that are not UTF-8" };
  const found = new Map<string, EntryAcls>();
  if (lines.length > 0) {
    const input = Buffer.concat(lines.flatMap((path) => [Buffer.from(toBytes(path) as string), newline]));
    const unseen = collect(["-"], input, found);
    if (unseen !== undefined) return { unseen };
  }
  // Below the limit of the kernel on the arguments of one program (ARG_MAX), which is at least 128 KiB.
  for (let at = 0; at < others.length; at += 20) {
    const unseen = collect(["--", ...others.slice(at, at + 20)], undefined, found);
    if (unseen !== undefined) return { unseen };
  }
  return { value: found };
}

/** The ACLs of a whole tree, which may take seconds: other file systems in it are left out. */
export function readTreeAcls(root: string): Looked<ReadonlyMap<string, EntryAcls>> {
  const bytes = toBytes(root);
  if (typeof bytes !== "string") return { unseen: "getfacl cannot be given a tree whose name is not UTF-8" };
  const found = new Map<string, EntryAcls>();
  const unseen = collect(["-R", "--one-file-system", "--", bytes], undefined, found);
  return unseen === undefined ? { value: found } : { unseen };
}

function collect(args: string[], input: Buffer | undefined, found: Map<string, EntryAcls>): string | undefined {
  const result = run("getfacl", ["-P", "-p", "-n", "-s", ...args], {
    env: { PATH: systemPath, LC_ALL: "C" },
    timeout: 60_000,
    maxOutput: 512 * 1024 * 1024,
    ...(input === undefined ? {} : { input }),
  });
  // Status 1: it could not look at some of them, which the caller could not either.
  if (result.error !== undefined || (result.status ?? 2) > 1) return `getfacl: ${complaint(result)}`;
  for (const [path, acls] of parseGetfacl(result.stdout.toString("latin1"))) {
    found.set(fromBytes(Buffer.from(path, "latin1")), acls);
  }
  return undefined;
}

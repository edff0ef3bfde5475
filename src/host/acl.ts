// POSIX ACLs of many entries at once, by one getfacl(1). Node has no call for extended attributes.
import { existsSync } from "node:fs";
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
export function readAcls(paths: readonly string[], path = systemPath): Looked<ReadonlyMap<string, EntryAcls>> {
  if (!isInstalled(path)) return withoutGetfacl(paths, path);
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

function isInstalled(path: string): boolean {
  return path.split(":").some((directory) => existsSync(`${directory}/getfacl`));
}

/** GNU ls marks an entry that has an ACL with a plus sign: if none has one, there is nothing that getfacl would have told. */
function withoutGetfacl(paths: readonly string[], path: string): Looked<ReadonlyMap<string, EntryAcls>> {
  const unseen = "getfacl is not installed (package acl)";
  const env = { PATH: path, LC_ALL: "C" };
  const version = run("ls", ["--version"], { env });
  // Others, such as busybox, do not mark them.
  if (!version.stdout.toString().includes("GNU coreutils")) return { unseen };
  const names = paths.map(toBytes).filter((name) => typeof name === "string");
  if (names.length < paths.length) return { unseen };
  for (let at = 0; at < names.length; at += 200) {
    const { stdout, error } = run("ls", ["-ldnq", "--", ...names.slice(at, at + 200)], { env });
    if (error !== undefined) return { unseen };
    if (/^.[-rwxsStT]{9}\+/m.test(stdout.toString("latin1")))
      return { unseen: `${unseen}, and there are access control lists` };
  }
  return { value: new Map() };
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
  const unread: string[] = [];
  for (const [path, acls] of parseGetfacl(result.stdout.toString("latin1"), unread)) {
    found.set(fromBytes(Buffer.from(path, "latin1")), acls);
  }
  return unread.length === 0 ? undefined : `getfacl printed a line of an unknown form: ${unread[0]?.slice(0, 100)}`;
}

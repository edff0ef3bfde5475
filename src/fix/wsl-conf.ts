// Writes /etc/wsl.conf: the text of before is kept beside it, and the new one takes its place by one rename.
import { chmodSync, lstatSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { createText, replaceText } from "../checkout/write.ts";
import { fromBytes, toBytes } from "../host/bytes.ts";
import { confPath } from "../wsl/automount.ts";

/** What came of it: where the text of before is, if there was one, or why nothing was written. */
export type Written = { readonly backup?: string } | { readonly refused: string; readonly privilege?: true };

/**
 * Replaces the file, whose text was `before` when it was looked at. Owner and mode stay; one that is made gets 0644.
 * A symbolic link (NixOS has one) is left to whatever made it.
 */
export function writeConf(before: string, after: string, now = new Date()): Written {
  const stats = lstatSync(confPath, { throwIfNoEntry: false });
  if (stats === undefined) {
    if (before !== "") return { refused: "somebody removed it meanwhile" };
    const refusal = wordsOf(createText(confPath, toBytes(after), 0o644));
    // Whatever root's umask is: every user's doctor should be able to read it.
    if (refusal === undefined) chmodSync(confPath, 0o644);
    return refusal ?? {};
  }
  if (stats.isSymbolicLink()) return { refused: "it is a symbolic link: change what it is made from" };
  if (!stats.isFile()) return { refused: "it is not a regular file" };
  const bytes = readFileSync(confPath);
  if (fromBytes(bytes) !== before) return { refused: "somebody changed it meanwhile" };
  const backup = `${confPath}.gomodcache-${now.toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-")}`;
  const kept = wordsOf(createText(backup, bytes, stats.mode & 0o777));
  if (kept !== undefined) return { refused: `${backup} could not be made: ${kept.refused}`, ...privilegeOf(kept) };
  const file = { place: confPath, path: posix.basename(confPath), stats };
  return wordsOf(replaceText(file, posix.dirname(confPath), toBytes(after))) ?? { backup };
}

interface Refusal {
  readonly refused: string;
  readonly privilege?: true;
}

function wordsOf(reason: string | undefined): Refusal | undefined {
  if (reason === undefined) return undefined;
  return { refused: reason, ...(reason === "you may not write there" ? { privilege: true } : {}) };
}

function privilegeOf({ privilege }: Refusal): { privilege?: true } {
  return privilege === undefined ? {} : { privilege };
}

// Contents that are broken as their size, their name or, of a .ziphash, its few bytes tell; `verify` reads all.
import { recordedHash } from "../gocache/dirhash.ts";
import type { EntryKind } from "../gocache/kind.ts";
import { readStart } from "../tree/look.ts";

/** A file of a record, or a temporary one, that is of no use, by the id of the rule that tells about it. */
export interface Broken {
  readonly rule: string;
  /** The directory that it is in, below GOMODCACHE. */
  readonly record: readonly string[];
  readonly name: string;
}

/** Bytes of `h1:` and a SHA-256 in base64, without and with a newline. */
const hashLengths = [47, 48];
/** go writes to a download's file all the time: after so many milliseconds without a change it is dead. */
const deadAfter = 60 * 60 * 1000;

/** The id of the rule that a file breaks by its size or its name. @param now milliseconds since 1970 */
export function brokenRule(
  kind: EntryKind,
  { size, mtimeMs }: { size: number; mtimeMs: number },
  now: number,
): string | undefined {
  switch (kind) {
    case "mod":
      return size === 0 ? "mod-file-empty" : undefined;
    case "info":
      return size === 0 ? "info-file-empty" : undefined;
    case "ziphash":
      return size === 0 ? "ziphash-empty" : hashLengths.includes(size) ? undefined : "ziphash-torn";
    case "partial":
      return "partial-extraction";
    case "temporary":
      return mtimeMs < now - deadAfter ? "stale-temporary-file" : undefined;
    default:
      return undefined;
  }
}

/** Whether a .ziphash of the right size holds anything but a hash: a crash leaves NULs. */
export function isTorn(path: string): boolean {
  const text = readStart(path);
  return text !== undefined && recordedHash(text) === undefined;
}

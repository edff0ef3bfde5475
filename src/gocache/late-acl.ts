// Which entries of a module cache could have an ACL that their directory's default ACL does not tell of. Reading ACLs costs more
// than the whole walk, so that only these are asked for theirs.
import type { EntryKind } from "./kind.ts";

/** An entry changed less than this many milliseconds ago is asked for its ACL in any case: clocks of file systems are coarse. */
export const fresh = 60_000;

/** st_mode, and times in milliseconds since 1970, of lstat(2). */
interface Times {
  readonly mode: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

/**
 * A new entry gets an ACL only from the default ACL of its directory, which is asked for. One that is given an ACL later
 * gets a new change time (inode(7)), later than that of its content, which Go writes once, or than that of its module's
 * directory, which Go finishes last. Files that are written again and again are asked for always; locks are not written, only locked.
 * Links, FIFOs and the like have no ACL that matters.
 * @param extracted when the extracted module that the entry belongs to was last changed (ctime); undefined outside of modules
 * @param freshFrom `fresh` before now
 */
export function couldHaveAcl(
  kind: EntryKind,
  { mode, mtimeMs, ctimeMs }: Times,
  extracted: number | undefined,
  freshFrom: number,
): boolean {
  const type = mode & 0o170000;
  const isDirectory = type === 0o040000;
  if (!isDirectory && type !== 0o100000) return false;
  if (ctimeMs > freshFrom) return true;
  if (isDirectory) return extracted === undefined || ctimeMs > extracted;
  return ctimeMs > mtimeMs || kind === "list" || kind === "vcs" || kind === "sumdb";
}

// Reads the files of `@v` that belong to one module version, and compares them with each other and with go.sum.
import type { ContentProblem } from "../facts/content.ts";
import { goModHash, recordedHash } from "../gocache/dirhash.ts";
import { largestGoMod } from "../gocache/modulezip.ts";
import { isRevInfo } from "../gocache/revinfo.ts";
import type { TreeEntry } from "../tree/entry.ts";
import type { Notes } from "./check.ts";
import { digestOf, readPieces, sha256OfBytes } from "./digest.ts";
import { isAbsent, type OpenRecord, reasonOf } from "./record.ts";
import { type FileDigest, readModuleZip, type ZipContent } from "./zip.ts";

/** The sums that go.sum lists for one module version; each list may be empty. */
export interface Sums {
  readonly zip: readonly string[];
  readonly mod: readonly string[];
}

/** What the record says the tree should be. */
export interface KnownContent {
  readonly ziphashText?: string;
  /** The files of the zip, if it is what it should be. */
  readonly files?: ReadonlyMap<string, FileDigest>;
  /** The hashes that the tree may have; empty if nothing tells. */
  readonly hashes: readonly string[];
}

/** A ziphash has 47 characters. */
const longestHash = 256;
const longestInfo = 1024 * 1024;
const scratch = Buffer.allocUnsafe(64 * 1024);

/** Notes every problem of the record. @returns what the tree is to be compared with */
export async function judgeRecord(
  record: OpenRecord,
  prefix: string,
  sums: Sums | undefined,
  notes: Notes,
): Promise<KnownContent> {
  const ziphashText = read(record, "ziphash", longestHash, notes)?.toString("latin1");
  const recorded = ziphashText === undefined ? undefined : recordedHash(ziphashText);
  const zip = await readZip(record, prefix, notes);
  const goSum = (sums?.zip ?? []).filter((sum) => sum.startsWith("h1:"));
  const path = (kind: string): string => `${record.directoryPath}/${record.version}.${kind}`;
  const found = zip?.state === "read" ? zip.hash : undefined;
  const blame = (kind: string, file: "zip" | "ziphash", what: Pick<ContentProblem, "expected" | "found">): void => {
    const entry = record.files[file];
    notes.problems.push({ kind, path: path(file), ...what, ...(entry === undefined ? {} : { entry }) });
  };
  if (zip?.state === "torn") blame("zip-torn", "zip", { found: zip.because });
  const refused = zip?.state === "read" ? zip.refused : zip?.state === "refused" ? zip.because : undefined;
  if (refused !== undefined) blame("zip-refused", "zip", { found: refused });
  if (found !== undefined && recorded !== undefined && found !== recorded) {
    blame("zip-not-as-recorded", "zip", { expected: recorded, found });
  }
  const judged = found ?? recorded;
  if (judged !== undefined && goSum.length > 0 && !goSum.includes(judged)) {
    const wrong = found === undefined ? "ziphash" : "zip";
    blame("zip-not-as-go-sum", wrong, { expected: goSum.join(" or "), found: judged });
  }
  const hashes = goSum.length > 0 ? goSum : recorded !== undefined ? [recorded] : found !== undefined ? [found] : [];
  const files = zip?.state === "read" && hashes.includes(zip.hash) ? zip.files : undefined;
  judgeGoMod(record, sums, files?.get("go.mod"), notes);
  judgeInfo(record, notes);
  return {
    hashes,
    ...(ziphashText === undefined ? {} : { ziphashText }),
    ...(files === undefined ? {} : { files }),
  };
}

async function readZip(record: OpenRecord, prefix: string, notes: Notes): Promise<ZipContent | undefined> {
  const { directory, files } = record;
  // One of zero bytes has a rule of its own.
  if (directory === undefined || files.zip === undefined || (files.zip.type === "file" && files.zip.size === 0)) {
    return undefined;
  }
  const name = `${record.version}.zip`;
  try {
    const zip = await directory.withFile(name, (descriptor, size) => readModuleZip(descriptor, size, prefix));
    notes.filesRead += 1;
    if (zip.state === "unread") notes.unread.push({ path: `${directory.path}/${name}`, reason: zip.because });
    return zip;
  } catch (error) {
    note(error, `${directory.path}/${name}`, notes);
    return undefined;
  }
}

/** @param zipped the go.mod in the zip, by which a cached one is judged if go.sum says nothing */
function judgeGoMod(record: OpenRecord, sums: Sums | undefined, zipped: FileDigest | undefined, notes: Notes): void {
  const text = read(record, "mod", largestGoMod, notes);
  // Empty ones have a rule of their own.
  if (text === undefined || text.length === 0) return;
  const digest = digestOf(text);
  const hash = goModHash(digest, sha256OfBytes);
  const listed = (sums?.mod ?? []).filter((sum) => sum.startsWith("h1:"));
  const path = `${record.directoryPath}/${record.version}.mod`;
  const entry = record.files.mod as TreeEntry;
  if (listed.length > 0) {
    if (!listed.includes(hash)) {
      notes.problems.push({
        kind: "mod-file-changed",
        path,
        expected: `${listed.join(" or ")} (go.sum)`,
        found: hash,
        entry,
      });
    }
  } else if (zipped !== undefined && zipped.sha256 !== digest) {
    const expected = `${goModHash(zipped.sha256, sha256OfBytes)} (the zip)`;
    notes.problems.push({ kind: "mod-file-changed", path, expected, found: hash, entry });
  }
}

function judgeInfo(record: OpenRecord, notes: Notes): void {
  const text = read(record, "info", longestInfo, notes);
  if (text === undefined || text.length === 0 || isRevInfo(text.toString())) return;
  const path = `${record.directoryPath}/${record.version}.info`;
  const entry = record.files.info as TreeEntry;
  notes.problems.push({ kind: "info-file-torn", path, expected: "JSON with Version and Time", found: "other", entry });
}

/** The bytes of a file of the record; undefined if there is none, or it could not be read. */
function read(record: OpenRecord, kind: "ziphash" | "mod" | "info", most: number, notes: Notes): Buffer | undefined {
  const { directory, files, version } = record;
  if (directory === undefined || files[kind] === undefined) return undefined;
  const name = `${version}.${kind}`;
  try {
    const pieces: Buffer[] = [];
    const length = directory.withFile(name, (descriptor) =>
      readPieces(descriptor, most, scratch, (bytes) => pieces.push(Buffer.from(bytes))),
    );
    notes.filesRead += 1;
    if (length <= most) return Buffer.concat(pieces);
    notes.unread.push({ path: `${directory.path}/${name}`, reason: `it is longer than ${most} bytes` });
  } catch (error) {
    note(error, `${directory.path}/${name}`, notes);
  }
  return undefined;
}

function note(error: unknown, path: string, notes: Notes): void {
  if (isAbsent(error)) notes.unsteady = true;
  else notes.unread.push({ path, reason: reasonOf(error) });
}

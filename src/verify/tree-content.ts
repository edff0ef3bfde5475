// Compares the extracted tree of one module version with its zip or, without one, with the recorded hash.
import type { Notes } from "./check.ts";
import type { OpenRecord } from "./record.ts";
import type { KnownContent } from "./record-content.ts";
import { compareTree, hashTree } from "./tree.ts";

/** Milliseconds. Files that are missing from a directory that just changed may be on their way out with all the others. */
const recent = 10_000;

export function judgeTree(record: OpenRecord, prefix: string, known: KnownContent, notes: Notes): void {
  const { files, tree, treePath, treeIsNot, extracted } = record;
  if (treeIsNot !== undefined) {
    notes.problems.push({ kind: "tree-not-as-zip", path: treePath, expected: "a directory", found: treeIsNot });
    return;
  }
  if (tree === undefined) {
    const isFetched = files.zip !== undefined || files.ziphash !== undefined;
    if (!record.isTreeTold || !isFetched) return;
    notes.problems.push({ kind: "tree-missing", path: treePath });
    return;
  }
  // Without a record nothing tells what it should be; that it has none is told by a rule of its own.
  if (known.files === undefined && known.hashes.length === 0) return;
  const content = known.files === undefined ? hashTree(tree, prefix, known.hashes) : compareTree(tree, known.files);
  notes.filesRead += content.files;
  notes.unlisted += content.count - content.departures.length;
  const isLosing = content.missing && content.changed > Date.now() - recent;
  notes.unsteady ||= content.vanished || isLosing;
  for (const { name, expected, found, entry = name === "" ? extracted : undefined } of content.departures) {
    notes.problems.push({
      kind: "tree-not-as-zip",
      path: name === "" ? treePath : `${treePath}/${name}`,
      expected,
      found,
      ...(entry === undefined ? {} : { entry }),
    });
  }
  for (const { name, reason } of content.unread) {
    notes.unread.push({ path: name === "" ? treePath : `${treePath}/${name}`, reason });
  }
}

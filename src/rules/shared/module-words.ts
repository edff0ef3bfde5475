// The words that rules about module versions share: names, paths, and the go command that fetches a module again.
import type { ModuleRecord } from "../../facts/cache.ts";
import type { Facts } from "../../facts/facts.ts";
import type { FindingPath } from "../../finding/finding.ts";
import { grouped } from "../../finding/number.ts";
import { escapePath } from "../../gocache/escape.ts";
import { mayAccess } from "../../permission/access.ts";
import type { Hits } from "../rule.ts";
import { pathOf, shellQuote, subjectName } from "./say.ts";
import { asRoot, goAs } from "./shell.ts";

type RecordFile = keyof ModuleRecord["files"];

/** `$GOMODCACHE/cache/download/<module>/@v/<version>.<file>`. */
export function recordPath(record: ModuleRecord, file: RecordFile): string {
  return `${record.directory}/${escapePath(record.version)}.${file}`;
}

/** The examples' files as `ls -l` shows them. */
export function recordPaths(hits: Hits<ModuleRecord>, file: RecordFile, facts: Facts): FindingPath[] {
  return hits.examples.map((record) => pathOf(recordPath(record, file), record.files[file], facts));
}

/** The examples' extracted directories. */
export function treePaths(hits: Hits<ModuleRecord>, facts: Facts): FindingPath[] {
  return hits.examples.map((record) => pathOf(record.tree, record.extracted, facts));
}

/** `example.com/a@v1.0.0`, `example.com/a@v1.0.0 and 3 more`. */
export function namesOf({ count, examples }: Hits<ModuleRecord>): string {
  const first = examples[0];
  if (first === undefined) return "";
  const name = `${first.module}@${first.version}`;
  return count > 1 ? `${name} and ${grouped(count - 1)} more` : name;
}

/** Says which modules a command is for, if it is not for all. */
export function ofThem({ count, examples }: Hits<ModuleRecord>): string {
  return count > examples.length ? ` (the first ${examples.length} of ${grouped(count)})` : "";
}

/** `go mod download a@v1 b@v2` of the examples, by the user who owns what it must write. */
export function downloadAgain(hits: Hits<ModuleRecord>, facts: Facts): string {
  const names = hits.examples.map(({ module, version }) => `${module}@${version}`);
  return goAs(facts, ownerOf(hits.examples[0], facts), ["mod", "download", ...names]);
}

/** `rm -f FILE…` of the examples' files, then the download. */
export function removeAndDownload(hits: Hits<ModuleRecord>, file: RecordFile, facts: Facts): string {
  const paths = hits.examples.map((record) => shellQuote(recordPath(record, file)));
  const remove = `rm -f ${paths.join(" ")}`;
  const owner = ownerOf(hits.examples[0], facts);
  return `${facts.self.uid === owner ? remove : asRoot(facts, remove)} && ${downloadAgain(hits, facts)}`;
}

/** Who can repair the module: the owner of its lock or its other files; the cache's owner if nothing is left of them. */
export function ownerOf(record: ModuleRecord | undefined, facts: Facts): number {
  const { files = {}, extracted } = record ?? {};
  const entry = files.lock ?? files.ziphash ?? files.mod ?? files.zip ?? extracted ?? facts.cache.entry;
  return entry?.uid ?? facts.self.uid;
}

/** Whom a file hurts that go writes again where it may: `every user but app (1000)` if the subject may, else everybody. */
export function hurtBy(hits: Hits<ModuleRecord>, file: RecordFile, facts: Facts): string {
  const mayRepair = hits.examples.every((record) => {
    const entry = record.files[file];
    return entry === undefined || mayAccess(entry, facts.subject.subject, "write").verdict === "yes";
  });
  return mayRepair ? `every user but ${subjectName(facts)}` : "every user but the file's owner";
}

// The doctor's walk over a directory, with rules that look at every entry and module version: what `bench/doctor.ts` measures
// where the program is not built. `node diagnose.js DIR` prints the report's figures.
import { pathToFileURL } from "node:url";
import { diagnose } from "../src/doctor/run.ts";
import { mayAccess } from "../src/permission/access.ts";
import type { EntryRule, ModuleRule } from "../src/rules/rule.ts";
import { cacheFacts } from "../test/doctor/cache-facts.ts";

function entryRule(id: string, departs: EntryRule["departs"], kinds?: EntryRule["kinds"]): EntryRule {
  return {
    id,
    severity: "error",
    title: id,
    looksAt: "entries",
    ...(kinds === undefined ? {} : { kinds }),
    departs,
    conclude: (hits) => ({ message: id, paths: [], count: hits.count, fixes: [] }),
  };
}

function moduleRule(id: string, departs: ModuleRule["departs"]): ModuleRule {
  const conclude: ModuleRule["conclude"] = (hits) => ({ message: id, paths: [], count: hits.count, fixes: [] });
  return { id, severity: "error", title: id, looksAt: "modules", departs, conclude };
}

const hash = /^h1:[A-Za-z0-9+/]{43}=$/;
const rules = [
  entryRule("unreadable", ({ entry }, { subject }) => {
    return entry.type !== "symlink" && mayAccess(entry, subject.subject, "read").verdict === "no";
  }),
  entryRule("unreachable", ({ reachable }) => reachable.verdict !== "yes"),
  entryRule("mixed-owners", ({ entry }, { cache }) => entry.uid !== cache.entry?.uid),
  entryRule("writable", ({ entry }) => entry.type !== "symlink" && (entry.mode & 0o022) !== 0),
  entryRule("setuid", ({ entry }) => entry.type === "file" && (entry.mode & 0o6000) !== 0),
  entryRule("special", ({ entry }) => entry.type !== "file" && entry.type !== "directory"),
  entryRule("linked", ({ entry }) => entry.type === "file" && entry.links > 1),
  entryRule("source-writable", ({ entry }) => (entry.mode & 0o222) !== 0, ["source-file", "source-directory"]),
  entryRule("foreign", () => true, ["foreign"]),
  moduleRule("ziphash-torn", ({ ziphashText }) => ziphashText !== undefined && !hash.test(ziphashText)),
  moduleRule("no-tree", ({ extracted }) => extracted === undefined),
  moduleRule("no-zip", ({ files }) => files.zip === undefined),
];

const [, , target, worker] = process.argv;
if (target !== undefined) {
  const report = await diagnose(
    cacheFacts(target),
    rules,
    worker === undefined ? {} : { walkWorker: pathToFileURL(worker) },
  );
  console.log(JSON.stringify({ ...report.stats, verdict: report.verdict, skipped: report.skipped }));
}

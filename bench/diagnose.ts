// The doctor's walk over a directory, with rules that look at every entry and module version: what `bench/doctor.ts` measures
// where the program is not built. `node diagnose.js DIR` prints the report's figures.
import { lstatSync, readFileSync, realpathSync } from "node:fs";
import { diagnose } from "../src/doctor/run.ts";
import type { Facts } from "../src/facts/facts.ts";
import { mayAccess } from "../src/permission/access.ts";
import { fileCapabilities, type Subject } from "../src/permission/subject.ts";
import type { EntryRule, ModuleRule } from "../src/rules/rule.ts";
import { TreeEntry } from "../src/tree/entry.ts";

/** Facts about nothing but a cache, seen by user 1000. */
export function benchFacts(path: string): Facts {
  const realPath = realpathSync(path);
  const umask = 0o022;
  const subject: Subject = { uid: 1000, gid: 1000, groups: [], capabilities: new Set(), umask };
  const mountPoints = readFileSync("/proc/self/mountinfo", "latin1")
    .split("\n")
    .map((line) => line.split(" ")[4] ?? "");
  return {
    platform: process.platform,
    subject: { subject, self: false },
    self: { uid: 0, gid: 0, groups: [], capabilities: new Set(fileCapabilities), umask },
    environment: {},
    go: { env: {}, source: "defaults" },
    cache: {
      path,
      realPath,
      origin: "--cache-dir",
      state: "directory",
      entry: new TreeEntry(undefined).fill(lstatSync(realPath)),
    },
    places: [],
    mounts: {
      value: mountPoints
        .filter((mountPoint) => mountPoint !== "")
        .map((mountPoint) => ({
          mountPoint,
          type: "unknown",
          source: "",
          readOnly: false,
          noexec: false,
          idmapped: false,
          options: [],
        })),
    },
    kernel: { protectedRegular: 0, protectedFifos: 0, protectedSymlinks: 1 },
    runningGo: { value: [] },
    acls: { value: true },
    userNames: new Map(),
    groupNames: new Map(),
  };
}

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

const [, , target] = process.argv;
if (target !== undefined) {
  const report = await diagnose(benchFacts(target), rules);
  console.log(JSON.stringify({ ...report.stats, verdict: report.verdict, skipped: report.skipped }));
}

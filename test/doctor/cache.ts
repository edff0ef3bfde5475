// Small caches as Go lays them out, and rules that only say what they were shown.
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import type { CacheEntry, ModuleRecord } from "../../src/facts/cache.ts";
import type { EntryRule, ModuleRule } from "../../src/rules/rule.ts";

export const validHash = `h1:${"A".repeat(43)}=`;

/** Writes a complete module version. Names are given escaped. */
export function addModule(root: string, module: string, version: string): void {
  const base = `${root}/cache/download/${module}/@v/${version}`;
  mkdirSync(`${root}/cache/download/${module}/@v`, { recursive: true });
  for (const end of ["info", "mod", "zip"]) writeFileSync(`${base}.${end}`, "x");
  writeFileSync(`${base}.lock`, "");
  writeFileSync(`${base}.ziphash`, validHash);
  writeFileSync(`${root}/cache/download/${module}/@v/list`, `${version}\n`);
  const tree = `${root}/${module}@${version}`;
  mkdirSync(`${tree}/sub`, { recursive: true });
  for (const file of ["go.mod", "sub/a.go"]) writeFileSync(`${tree}/${file}`, "x", { mode: 0o444 });
  for (const directory of ["/sub", ""]) chmodSync(`${tree}${directory}`, 0o555);
}

/** Keeps a copy of everything it is shown. */
export function watchEntries(changes: Partial<EntryRule> = {}): { rule: EntryRule; seen: CacheEntry[] } {
  const seen: CacheEntry[] = [];
  const rule: EntryRule = {
    id: "watch",
    severity: "warning",
    title: "what is there",
    looksAt: "entries",
    departs: ({ path, kind, entry, reachable, parent }) => {
      seen.push({ path, kind, entry: { ...entry }, reachable, ...(parent === undefined ? {} : { parent }) });
      return false;
    },
    conclude: ({ count, examples }) => ({
      message: "it is there",
      count,
      paths: examples.map(({ path }) => ({ path, owner: "", group: "", mode: "" })),
      fixes: [],
    }),
    ...changes,
  };
  return { rule, seen };
}

export function watchModules(): { rule: ModuleRule; seen: ModuleRecord[] } {
  const seen: ModuleRecord[] = [];
  const rule: ModuleRule = {
    id: "watch-modules",
    severity: "warning",
    title: "which modules are there",
    looksAt: "modules",
    departs: (record) => {
      seen.push(record);
      return false;
    },
    conclude: () => undefined,
  };
  return { rule, seen };
}

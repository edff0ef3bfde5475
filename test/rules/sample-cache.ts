// Caches as go makes them, for the tests of rules: the modes and ACLs come from createdEntry, as the kernel would give them.
import type { CacheEntry, ModuleRecord } from "../../src/facts/cache.ts";
import type { Facts } from "../../src/facts/facts.ts";
import type { FindingDraft } from "../../src/finding/finding.ts";
import { kindOf } from "../../src/gocache/kind.ts";
import type { Acl } from "../../src/permission/acl.ts";
import { chmodEntry, createdEntry } from "../../src/permission/creation.ts";
import type { Entry } from "../../src/permission/entry.ts";
import { fileCapabilities, type Subject } from "../../src/permission/subject.ts";
import type { EntryRule, ModuleRule } from "../../src/rules/rule.ts";

export const cachePath = "/srv/go/mod";

/** UIDs of the sample: 0 root, 1000 alice, 1001 bob, both in 3000 devs, and 1002 carol, who is in no group of theirs. */
export function subject(uid: number, changes: Partial<Subject> = {}): Subject {
  const groups = uid === 1000 || uid === 1001 ? [3000] : [];
  return { uid, gid: uid, groups, capabilities: new Set(uid === 0 ? fileCapabilities : []), umask: 0o022, ...changes };
}

export function factsFor(who: Subject, root: Entry, changes: Partial<Facts> = {}): Facts {
  return {
    platform: "linux",
    now: 1_700_000_000_000,
    subject: { subject: who, self: false },
    self: subject(0),
    environment: {},
    go: { env: {}, source: "defaults", version: { major: 1, minor: 26, text: "go1.26.8" } },
    cache: { path: cachePath, realPath: cachePath, origin: "GOMODCACHE", state: "directory", entry: root },
    places: [],
    mounts: { value: [] },
    kernel: { protectedRegular: 2, protectedFifos: 1, protectedSymlinks: 1 },
    runningGo: { value: [] },
    acls: { value: true },
    userNames: new Map([
      [0, "root"],
      [1000, "alice"],
      [1001, "bob"],
      [1002, "carol"],
    ]),
    groupNames: new Map([
      [0, "root"],
      [1000, "alice"],
      [3000, "devs"],
    ]),
    ...changes,
  };
}

/** An entry out of thin air: mode in octal, owner and group 1000 unless they are given. */
export function entry(type: Entry["type"], mode: number, changes: Partial<Entry> = {}): Entry {
  return { type, mode, uid: 1000, gid: 1000, links: type === "directory" ? 2 : 1, size: 10, modified: 0, ...changes };
}

export const dir = (mode: number, changes: Partial<Entry> = {}): Entry => entry("directory", mode, changes);
export const file = (mode: number, changes: Partial<Entry> = {}): Entry => entry("file", mode, changes);

/** One entry of the cache as the walk hands it to the rules. */
export function seen(relative: string, at: Entry, parent: Entry = dir(0o755), reachable = true): CacheEntry {
  return {
    path: relative === "" ? cachePath : `${cachePath}/${relative}`,
    kind: kindOf(relative, at.type === "directory"),
    entry: at,
    reachable: reachable ? { verdict: "yes" } : { verdict: "no", at: "/srv", because: "others have ---" },
    ...(relative === "" ? {} : { parent }),
  };
}

/** What the doctor does with a rule: count what departs, keep a few examples, and let the rule conclude. */
export function run(rule: EntryRule, entries: readonly CacheEntry[], facts: Facts): FindingDraft | undefined {
  const kinds = rule.kinds === undefined ? undefined : new Set(rule.kinds);
  const found = entries.filter((at) => (kinds === undefined || kinds.has(at.kind)) && rule.departs(at, facts));
  return found.length === 0 ? undefined : rule.conclude({ count: found.length, examples: found.slice(0, 5) }, facts);
}

export function runModules(rule: ModuleRule, records: readonly ModuleRecord[], facts: Facts): FindingDraft | undefined {
  const found = records.filter((record) => rule.departs(record, facts));
  return found.length === 0 ? undefined : rule.conclude({ count: found.length, examples: found.slice(0, 5) }, facts);
}

/** A module version; what it must not have is given as undefined. */
export function record(
  files: { [K in keyof ModuleRecord["files"]]?: Entry | undefined } = {},
  rest: { ziphashText?: string; extracted?: Entry | undefined; module?: string; version?: string } = {},
): ModuleRecord {
  const module = rest.module ?? "example.com/alpha";
  const version = rest.version ?? "v1.0.0";
  const complete = {
    info: file(0o644),
    mod: file(0o644),
    zip: file(0o644),
    ziphash: file(0o644),
    lock: file(0o644, { size: 0 }),
  };
  const present = Object.entries({ ...complete, ...files }).filter(([, at]) => at !== undefined);
  const extracted = "extracted" in rest ? rest.extracted : dir(0o555);
  return {
    module,
    version,
    directory: `${cachePath}/cache/download/${module}/@v`,
    tree: `${cachePath}/${module}@${version}`,
    files: Object.fromEntries(present) as ModuleRecord["files"],
    ...(extracted === undefined ? {} : { extracted }),
    ziphashText: rest.ziphashText ?? `h1:${"A".repeat(43)}=`,
  };
}

export interface Cache {
  readonly root: Entry;
  readonly entries: CacheEntry[];
}

/** What `go mod download` of example.com/MODULE makes in the cache, for a user with that umask; below a root that is there already. */
export function fetchModule(cache: Cache, who: Subject, module: string, modcacherw = false): void {
  const make = (relative: string, created: { type: "file" | "directory"; mode: number }): Entry => {
    const known = cache.entries.find(({ path }) => path === `${cachePath}/${relative}`);
    if (known !== undefined) return known.entry;
    const slash = relative.lastIndexOf("/");
    const parent = slash < 0 ? cache.root : make(relative.slice(0, slash), { type: "directory", mode: 0o777 });
    const made = createdEntry(parent, who, created);
    cache.entries.push(seen(relative, made, parent));
    return made;
  };
  const record = `cache/download/example.com/${module}/@v`;
  for (const name of ["v1.0.0.lock", "v1.0.0.info", "v1.0.0.mod", "list", "v1.0.0.zip", "v1.0.0.ziphash"]) {
    make(`${record}/${name}`, { type: "file", mode: 0o666 });
  }
  const tree = `example.com/${module}@v1.0.0`;
  for (const name of ["go.mod", "a.go", "internal/b.go"]) make(`${tree}/${name}`, { type: "file", mode: 0o444 });
  if (modcacherw) return;
  for (const [index, at] of cache.entries.entries()) {
    const isTree = at.path.startsWith(`${cachePath}/${tree}`) && at.entry.type === "directory";
    if (isTree) cache.entries[index] = { ...at, entry: chmodEntry(at.entry, at.entry.mode & ~0o222) };
  }
}

/** A cache with one module, made by one user. */
export function cacheOf(who: Subject, root: Entry, modcacherw = false): Cache {
  const cache: Cache = { root, entries: [seen("", root)] };
  fetchModule(cache, who, "alpha", modcacherw);
  return cache;
}

export const devsAcl: Acl = {
  owner: 7,
  users: new Map(),
  group: 7,
  groups: new Map([[3000, 7]]),
  mask: 7,
  other: 5,
};

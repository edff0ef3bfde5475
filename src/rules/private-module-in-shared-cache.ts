// Private modules in a cache that others than its owner can read: go asks nobody whether they may build with what is cached.
import type { ModuleRecord } from "../facts/cache.ts";
import type { Facts } from "../facts/facts.ts";
import type { Fix } from "../finding/finding.ts";
import { escapePath } from "../gocache/escape.ts";
import { matchingPattern } from "../gocache/pattern.ts";
import type { Hits, ModuleRule } from "./rule.ts";
import { namesOf, ofThem, ownerOf } from "./shared/module-words.ts";
import { groupName, pathOf, plural, shellQuote } from "./shared/say.ts";
import { setting } from "./shared/setting.ts";

/** The module cache of a partition that a group shares, as `init --partition` makes it: there its members are meant to read. */
const partition = /\/partitions\/[^/]+\/mod$/;

export const privateModuleInSharedCache: ModuleRule = {
  id: "private-module-in-shared-cache",
  severity: "warning",
  title: "private modules in a cache that others can read",
  looksAt: "modules",
  departs: (record, facts) => {
    const patterns = setting(facts, "GOPRIVATE");
    if (patterns === "" || matchingPattern(patterns, record.module) === undefined) return false;
    const { readers } = record;
    if (readers === undefined) return false;
    return readers.everybody || (readers.groups.length > 0 && !partition.test(facts.cache.realPath));
  },
  conclude: (hits, facts) => {
    const [first] = hits.examples;
    if (first === undefined) return undefined;
    const open = hits.examples.some(({ readers }) => readers?.everybody === true);
    const groups = [...new Set(hits.examples.flatMap(({ readers }) => readers?.groups ?? []))];
    const who = open ? "every user" : groups.map((gid) => `group ${groupName(gid, facts)}`).join(" and ");
    const pattern = matchingPattern(setting(facts, "GOPRIVATE"), first.module);
    return {
      message: `${plural(hits.count, "private module")} (${namesOf(hits)}) can be read in this cache by ${who}: the source code of all of them is open to whoever may enter it`,
      paths: hits.examples.map((record) => pathOf(placeOf(record), record.extracted ?? record.files.zip, facts)),
      count: hits.count,
      subject: "whoever the private modules belong to",
      why: `GOPRIVATE covers ${first.module} with "${pattern ?? ""}". The server asks for credentials, the cache does not: go makes its entries as the umask says, and builds for everybody with what is there`,
      fixes: [
        {
          title: "In each project that needs private modules, from now on: caches of its own",
          disposition: "safe",
          command: "gomodcache init --partition private --persist direnv",
        },
        removal(hits, facts),
      ],
      // A group was let in on purpose, and may be just those who have the code anyway.
      ...(open ? {} : { severity: "advice" as const, confidence: "likely" as const }),
    };
  },
};

function placeOf({ extracted, tree, directory }: ModuleRecord): string {
  return extracted === undefined ? directory : tree;
}

/** Run by the owner, who can be led nowhere by it that the owner could not go; root could. */
function removal(hits: Hits<ModuleRecord>, facts: Facts): Fix {
  const script = [
    ...hits.examples.map(({ directory, version, tree, extracted }) => {
      const record = `${shellQuote(`${directory}/${escapePath(version)}.`)}*`;
      if (extracted === undefined) return `rm -f -- ${record}`;
      const quoted = shellQuote(tree);
      return `chmod -R u+w -- ${quoted} && rm -rf -- ${quoted} ${record}`;
    }),
    cloneRemoval(hits, facts),
  ].join("; ");
  const owner = ownerOf(hits.examples[0], facts);
  return {
    title: `Remove them${ofThem(hits)}, with the clones of their repositories, while no go command runs. What was compiled of them is in GOCACHE: go clean -cache`,
    disposition: "unsafe",
    command: facts.self.uid === owner ? script : `sudo -u '#${owner}' sh -c ${shellQuote(script)}`,
  };
}

/** `cache/vcs/HASH.info` says of which repository `cache/vcs/HASH` is a clone (cmd/go/internal/modfetch/codehost, WorkDir). */
function cloneRemoval({ examples }: Hits<ModuleRecord>, facts: Facts): string {
  const places = [...new Set(examples.map(({ module }) => module.split("/").slice(0, 2).join("/")))];
  const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const patterns = places.map((place) => {
    const [host = "", owner] = place.split("/");
    return `${literal(host)}(:[0-9]+)?${owner === undefined ? "" : `[:/]${literal(owner)}`}`;
  });
  const words = shellQuote(`(//|@)(${patterns.join("|")})([:/.]|$)`);
  const infos = `${shellQuote(`${facts.cache.realPath}/cache/vcs/`)}*.info`;
  return `grep -lsE ${words} ${infos} | while IFS= read -r i; do rm -rf -- "\${i%.info}" "$i" "\${i%.info}.lock"; done`;
}

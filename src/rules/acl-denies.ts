// On macOS: an entry of an access control list denies the subject what go does with the cache. macOS and programs that share folders make them.
import type { CacheEntry } from "../facts/cache.ts";
import type { Facts } from "../facts/facts.ts";
import type { Fix } from "../finding/finding.ts";
import { byAcl, isOnDarwin } from "../permission/darwin.ts";
import type { DarwinRight } from "../permission/darwin-acl.ts";
import type { Decision } from "../permission/decision.ts";
import type { EntryRule, Hits } from "./rule.ts";
import { repairByFix } from "./shared/repair.ts";
import { pathsOf, plural, shellQuote, subjectName } from "./shared/say.ts";
import { asRoot } from "./shared/shell.ts";

/** What go opens to write in place. */
const rewritten: readonly CacheEntry["kind"][] = ["lock", "list", "ziphash", "side-lock", "vcs", "sumdb"];

/** The most commands that are shown: each is about one entry, since a number in a list says nothing about another list. */
const mostCommands = 5;

export const aclDenies: EntryRule = {
  id: "acl-denies",
  severity: "warning",
  title: "access control lists that deny what go does with the cache",
  looksAt: "entries",
  departs: (seen, facts) => denial(seen, facts) !== undefined,
  conclude: (hits, facts) => {
    const first = hits.examples[0];
    const denied = first === undefined ? undefined : denial(first, facts);
    if (first === undefined || denied === undefined) return undefined;
    const who = subjectName(facts);
    return {
      message: `${plural(hits.count, "entry", "entries")} of the cache ${hits.count === 1 ? "has" : "have"} an ACL that denies ${who} what go does with ${hits.count === 1 ? "it" : "them"}`,
      paths: pathsOf(hits.examples, facts),
      count: hits.count,
      subject: who,
      why: `${first.path}: ${denied.because}. macOS asks the list before the mode, so that \`ls -l\` does not show why go is refused, and chmod with a mode does not mend it. ${consequence(denied.right)}`,
      fixes: fixesFor(hits, facts),
    };
  },
};

/** The first right that go needs of the entry and that its own list denies. */
function denial(
  { kind, entry }: CacheEntry,
  facts: Facts,
): (Pick<Decision, "because" | "ace"> & { readonly right: DarwinRight }) | undefined {
  const { subject } = facts.subject;
  if (!isOnDarwin(entry) || entry.darwin.acl.length === 0 || subject.uid === 0) return undefined;
  for (const right of rightsOf(kind, entry.type === "directory")) {
    const decision = byAcl(entry, subject, new Set([right]), () => granted);
    if (decision.by === "acl-deny" && decision.verdict === "no") {
      const { because, ace } = decision;
      return { because, right, ...(ace === undefined ? {} : { ace }) };
    }
  }
  return undefined;
}

const granted: Decision = { verdict: "yes", by: "other", because: "" };

/** Deleting comes last: it hurts cleaning up, the others hurt building. */
function rightsOf(kind: CacheEntry["kind"], isDirectory: boolean): readonly DarwinRight[] {
  if (isDirectory) return ["execute", "read", "write", "append", "delete_child", "readattr", "delete"];
  return rewritten.includes(kind) ? ["read", "write", "readattr", "delete"] : ["read", "readattr", "delete"];
}

function consequence(right: DarwinRight): string {
  if (right === "delete" || right === "delete_child") {
    return "Builds work; `go clean -modcache` fails, and so does a go command that puts a new file in the place of an old one.";
  }
  if (right === "write" || right === "append") return "Go can use what is cached, and cannot add to it.";
  return "Go takes what it may not read for missing, and tries to download it.";
}

function fixesFor({ examples, count }: Hits<CacheEntry>, facts: Facts): Fix[] {
  const commands = examples.slice(0, mostCommands).flatMap((seen) => {
    const ace = denial(seen, facts)?.ace;
    if (ace === undefined) return [];
    const command = `chmod -a# ${ace} ${shellQuote(seen.path)}`;
    return [seen.entry.uid === facts.self.uid ? command : asRoot(facts, command)];
  });
  const rest = count - commands.length;
  // fix knows whom the cache is for, and takes nothing away that concerns others alone.
  const isOwner = facts.cache.entry?.uid === facts.subject.subject.uid;
  const ofOwner = isOwner ? repairByFix("acl-denies", facts) : [];
  return [
    ...ofOwner,
    {
      title: `Take away the entries that deny it, and only those${rest > 0 ? ` (of the first ${commands.length} here)` : ""}`,
      disposition: "unsafe",
      command: commands.join(" && "),
    },
  ];
}

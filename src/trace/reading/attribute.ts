// What refusals have to do with the failure. Go hides many: what it may not read it takes for not cached, and goes to fetch it.
import type { Denial, Role, TraceFinding } from "../../finding/trace.ts";

export interface Outcome {
  /** True if the command failed; undefined if that is not known (a saved trace, a process that was attached to). */
  readonly failed?: boolean;
  /** What it printed on standard error, or the end of it; undefined if that was not seen. */
  readonly printed?: string;
}

type Unattributed = Omit<TraceFinding, "role" | "said" | "note">;

/** What go does when it may not read or write such an entry (cmd/go/internal/modfetch), without or in spite of a message. */
const hiding: Partial<Record<NonNullable<Denial["kind"]>, string>> = {
  mod: "go takes a .mod file it may not read for one that is not cached, and asks the proxy for it on every run",
  info: "go takes an .info file it may not read for one that is not cached, and asks the proxy for it on every run",
  lock: "go takes this lock only where something of the module is missing, or may not be seen",
  "side-lock": "go goes on without this lock",
  list: "go goes on without writing the list of versions",
  sumdb: "go goes on without what it may not keep of the checksum database",
};

/** Writes whose failure go swallows, or only warns of. */
function isIgnored({ kind, wanted }: Denial): boolean {
  const writes = wanted !== "read" && wanted !== "look" && wanted !== "execute";
  if (kind === "side-lock") return true;
  return writes && (kind === "list" || kind === "sumdb" || kind === "temporary");
}

/** True for what makes go believe that something is not there: its message is then about what it does next. */
function isHidden({ kind, wanted }: Denial): boolean {
  if (kind === undefined) return false;
  return wanted === "look" || ((kind === "mod" || kind === "info") && wanted === "read");
}

/**
 * Says of each finding what it has to do with the failure, and puts the one that led to it first: the first in time that go
 * swallowed and whose module go then complained about, else the first that its message names, else the first in time.
 */
export function attribute(findings: readonly Unattributed[], { failed, printed }: Outcome): TraceFinding[] {
  const judged = findings.map((finding, order) => {
    const { denials } = finding;
    const said = printed !== undefined && denials.some(({ path }) => names(printed, path));
    const ignored = denials.every(isIgnored);
    const hidden = !said && denials.some(isHidden);
    return { finding, order, said, ignored, hidden };
  });
  const first =
    failed === false
      ? undefined
      : (judged.find(({ hidden, ignored, finding }) => hidden && !ignored && leads(finding, judged, printed)) ??
        judged.find(({ said, ignored }) => said && !ignored) ??
        judged.find(({ ignored }) => !ignored));
  const roleOf = (one: (typeof judged)[number]): Role => {
    if (failed === false || one.ignored) return "ignored";
    if (one === first) return failed === true && (one.said || mayComeOfRefusal(printed)) ? "cause" : "unclear";
    return first !== undefined && one.order > first.order && isAbout(one.finding, first.finding) ? "effect" : "unclear";
  };
  const rank: Record<Role, number> = { cause: 0, unclear: 1, effect: 2, ignored: 3 };
  return judged
    .map((one) => ({ one, role: roleOf(one) }))
    .sort(
      (a, b) =>
        Number(b.one === first) - Number(a.one === first) || rank[a.role] - rank[b.role] || a.one.order - b.one.order,
    )
    .map(({ one, role }) => {
      const note = noteOf(one.finding, one.hidden, role);
      return { ...one.finding, role, said: one.said, ...(note === undefined ? {} : { note }) };
    });
}

/**
 * Whether what was printed can be what go says after a refusal that it swallowed: something about modules, fetching or files. After a
 * compile error or a failed test it is not.
 */
function mayComeOfRefusal(printed: string | undefined): boolean {
  if (printed === undefined) return true;
  return /permission denied|not permitted|read-only|lookup disabled|\bmodules?\b|proxy|\bdial\b|checksum|go\.sum|download|cache|no such file|not in std|GOROOT|package \S+ is not/i.test(
    printed,
  );
}

/** A hidden refusal leads to the failure if nothing else is named, or if what is named is of the same module or came later. */
function leads(
  finding: Unattributed,
  all: readonly { finding: Unattributed; said: boolean; ignored: boolean }[],
  printed: string | undefined,
): boolean {
  const named = all.filter(({ said, ignored }) => said && !ignored);
  if (named.length === 0 || printed === undefined) return true;
  return named.some((other) => isAbout(other.finding, finding));
}

/** True if both are about one module version, or one lies in a directory that refused the other. */
function isAbout(one: Unattributed, other: Unattributed): boolean {
  const modules = new Set(other.denials.map(({ path }) => moduleOf(path)).filter((module) => module !== undefined));
  return one.denials.some(({ path }) => {
    const module = moduleOf(path);
    return module !== undefined && modules.has(module);
  });
}

/** `…/cache/download/example.com/alpha/@v/v1.0.0.mod` -> `example.com/alpha` */
function moduleOf(path: string): string | undefined {
  const match = /\/cache\/download\/(.+?)\/@v(?:\/|$)/.exec(path) ?? /\/([^/@]+\.[^/@]+\/[^@]+)@v\d[^/]*/.exec(path);
  return match?.[1];
}

/** Whether a text names a path: whole, not as the beginning of another. */
function names(text: string, path: string): boolean {
  const plain = path.replace(/\d{4,}\.tmp$/, "");
  for (let at = text.indexOf(plain); at >= 0; at = text.indexOf(plain, at + 1)) {
    if (plain !== path) return true;
    const next = text[at + plain.length];
    if (next === undefined || /[\s:;,"')\]]/.test(next)) return true;
  }
  return false;
}

function noteOf({ denials }: Unattributed, hidden: boolean, role: Role): string | undefined {
  const { kind, wanted } = denials[0] ?? {};
  const known = kind === undefined ? undefined : hiding[kind];
  if (known !== undefined && (wanted !== "look" || role === "ignored")) return known;
  return hidden ? "go takes what it cannot reach for something that is not there, and goes on" : undefined;
}

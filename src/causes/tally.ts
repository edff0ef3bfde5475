// Collects the causes of a log: each is one, however often it shows, and they are ranked.
import { shellQuote } from "../rules/shared/say.ts";
import type { Cause, Classification, Evidence, Remedy } from "./cause.ts";
import { type Names, namesIn } from "./name.ts";
import { noneKind, noneName } from "./none.ts";
import { pathsIn } from "./place.ts";
import { type Block, matches, nearness, type Rule, type Statement, type Subject } from "./rule.ts";
import { downloadMark, noneMark, subjectMark, verboseMark } from "./words.ts";

interface Found {
  readonly cause: Cause;
  /** Of the evidence. */
  readonly rank: number;
  /** Where it showed last. */
  last: number;
}

interface Hit {
  readonly rule: Rule;
  readonly subject: Subject;
}

const mostRecent = 200;
const mostPaths = 10;
/** A warning that go gives about a cache that it could not write; the build may succeed all the same. */
const onlyWarned = /^(?:go: )?(?:warning: |writing (?:stat|go\.mod|info|zip|list|module) cache: )/;
/** What a CI system does before and after, which seldom ends a job. */
const beside = /^(?:\S*tar(?:\.exe)?: |Warning: |warning: |\/\S+tar: )/;

export class Tally {
  private readonly found = new Map<string, Found>();
  private readonly recent = new Map<string, readonly (Hit | undefined)[]>();
  private none: { kind: number; evidence: Evidence } | undefined;

  constructor(private readonly subjects: readonly Subject[]) {}

  add(block: Block): void {
    // A log may say the same a million times: then only where it said so last is new.
    const key = block.statements.map(({ speaker, server }) => speaker + (server ? "!" : "")).join() + block.text;
    let hits = this.recent.get(key);
    if (hits === undefined) {
      hits = nearest(block.statements.map((statement) => this.ruleFor(statement, block)));
      if (this.recent.size >= mostRecent) this.recent.clear();
      this.recent.set(key, hits);
    }
    for (const [index, statement] of block.statements.entries()) {
      const hit = hits[index];
      if (hit === undefined) this.note(statement.text, statement.line, statement.marks);
      else this.count(hit.rule, hit.subject, statement, block);
    }
  }

  /** @param exitCode that of the command, if it is known: with 0, nothing that was said is a failure */
  result(lines: number, exitCode: number | undefined): Classification {
    const ranked = [...this.found.values()]
      .sort((a, b) => b.rank - a.rank || b.last - a.last)
      .map(({ cause }) => cause);
    if (exitCode === 0) {
      const evidence = ranked[0]?.evidence;
      return {
        causes: [],
        none: evidence === undefined ? this.nothing(0) : { subcategory: "warning", evidence },
        lines,
      };
    }
    return ranked.length > 0 ? { causes: ranked, lines } : { causes: [], none: this.nothing(exitCode), lines };
  }

  private nothing(exitCode: number | undefined): NonNullable<Classification["none"]> {
    if (this.none === undefined) return { subcategory: exitCode === 0 ? "success" : "unknown" };
    return { subcategory: noneName(this.none.kind), evidence: this.none.evidence };
  }

  private ruleFor(statement: Statement, block: Block): Hit | undefined {
    if (statement.speaker === "program") return undefined;
    for (const [index, subject] of this.subjects.entries()) {
      if ((statement.marks & subjectMark(index)) === 0) continue;
      const rule = subject.rules.find((candidate) => matches(candidate, statement, block));
      if (rule !== undefined) return { rule, subject };
    }
    return undefined;
  }

  /** Whether something is known of what the log is about. */
  get noted(): boolean {
    return this.none !== undefined;
  }

  /** Takes a line as telling what the log is about, if it holds no failure. */
  note(text: string, line: number, marks: number): void {
    if ((marks & (noneMark | verboseMark | downloadMark)) === 0) return;
    const kind = noneKind(text);
    if (kind !== undefined && (this.none === undefined || kind < this.none.kind)) {
      this.none = { kind, evidence: { line, text: withoutSecrets(text) } };
    }
  }

  private count(rule: Rule, subject: Subject, statement: Statement, block: Block): void {
    const { line, said, quoted } = statement;
    const weak = onlyWarned.test(said) || beside.test(said);
    const near = nearness[weak ? "warning" : (rule.near ?? "usual")];
    const rank = near - (quoted ? 0.5 : 0);
    const last = block.statements.length === 1 ? block.last : line;
    for (const [index, meant] of [rule, ...(rule.also ?? [])].entries()) {
      const known = this.found.get(meant.subcategory);
      if (known !== undefined) known.last = last;
      const own = rank - index / 100;
      if (known !== undefined && known.rank >= own) continue;
      this.found.set(meant.subcategory, {
        cause: causeOf(meant, subject, statement, block),
        rank: own,
        last,
      });
    }
  }
}

/** Of the lines of one block only those nearest to the root count: the others pass the same failure on. */
function nearest(hits: readonly (Hit | undefined)[]): (Hit | undefined)[] {
  const near = ({ rule }: Hit): number => nearness[rule.near ?? "usual"] + (rule.heard === true ? 0.5 : 0);
  const best = Math.max(...hits.map((hit) => (hit === undefined ? 0 : near(hit))));
  return hits.map((hit) => (hit === undefined || near(hit) < best ? undefined : hit));
}

function causeOf(rule: Rule, subject: Subject, statement: Statement, block: Block): Cause {
  const { line, text, said, quoted, failure } = statement;
  const names = namesIn(
    statement,
    block.statements.map((other) => other.said),
  );
  const server = rule.where === "server";
  const paths = server
    ? []
    : [...new Set([...(failure?.path ? [failure.path] : []), ...pathsIn(said)])].filter(isAbsolute);
  const coarse = rule.coarse ?? (rule.category === undefined ? subject.coarse : undefined);
  return {
    category: rule.category ?? subject.category,
    subcategory: rule.subcategory,
    ...(coarse === undefined ? {} : { coarse }),
    disposition: rule.disposition ?? subject.disposition,
    confidence: rule.likely || quoted ? "likely" : "certain",
    message: fill(rule.message, names, words),
    evidence: { line, text: withoutSecrets(text) },
    paths: paths.slice(0, mostPaths),
    ...(names.module === undefined
      ? {}
      : { module: { path: names.module, ...(names.version === undefined ? {} : { version: names.version }) } }),
    where: server ? "server" : "here",
    remedies: rule.remedies.map((remedy) => remedyFor(remedy, names)),
  };
}

/** Users and passwords in URLs: the evidence goes to terminals, logs and telemetry. */
function withoutSecrets(text: string): string {
  return text.replace(/(\w:\/\/)[^\s/@]+@/g, "$1***@");
}

function isAbsolute(path: string): boolean {
  return /^(?:\/|[A-Za-z]:[\\/])/.test(path);
}

const words: Required<Names> = {
  path: "a file",
  module: "a module",
  version: "this version",
  host: "a server",
  url: "its address",
};

function remedyFor(remedy: Remedy, names: Names): Remedy {
  const { command, text, weakens } = remedy;
  const filled = command === undefined ? undefined : fillCommand(command, names);
  return {
    text,
    ...(filled === undefined ? {} : { command: filled }),
    ...(weakens === undefined ? {} : { weakens }),
  };
}

function fill(text: string, names: Names, otherwise: Required<Names>): string {
  return text.replace(/\{(path|module|version|host|url)\}/g, (_, name: keyof Names) => names[name] ?? otherwise[name]);
}

/** @returns the command, names quoted for a shell; undefined if it needs a name that is not known */
function fillCommand(command: string, names: Names): string | undefined {
  let whole = true;
  const filled = command.replace(/\{(path|module|version|host|url)\}/g, (_, name: keyof Names) => {
    const value = names[name];
    if (value === undefined) whole = false;
    return value === undefined ? "" : shellQuote(value);
  });
  return whole ? filled : undefined;
}

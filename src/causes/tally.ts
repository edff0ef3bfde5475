// Collects the causes of a log: each is one, however often it shows, and they are ranked.
import { shellQuote } from "../rules/shared/say.ts";
import type { Cause, Classification, Evidence, Remedy } from "./cause.ts";
import { type Names, namesIn } from "./name.ts";
import { noneKind, noneName } from "./none.ts";
import { pathsIn } from "./place.ts";
import { type Block, matches, nearness, type Rule, type Statement, type Subject } from "./rule.ts";

interface Found {
  readonly cause: Cause;
  /** Of the evidence. */
  readonly rank: number;
  /** Where it showed last. */
  last: number;
}

const mostPaths = 10;
/** A warning that go gives about a cache that it could not write; the build may succeed all the same. */
const onlyWarned = /^(?:go: )?(?:warning: |writing (?:stat|go\.mod|info|zip|list|module) cache: )/;
/** What a CI system does before and after, which seldom ends a job. */
const beside = /^(?:\S*tar(?:\.exe)?: |Warning: |warning: |\/\S+tar: )/;

export class Tally {
  private readonly found = new Map<string, Found>();
  private none: { kind: number; evidence: Evidence } | undefined;
  private subjects: readonly Subject[];

  constructor(subjects: readonly Subject[]) {
    this.subjects = subjects;
  }

  add(block: Block): void {
    for (const statement of block.statements) {
      if (statement.speaker === "program") {
        this.note(statement);
        continue;
      }
      const hit = this.ruleFor(statement, block);
      if (hit === undefined) this.note(statement);
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

  private ruleFor(statement: Statement, block: Block): { rule: Rule; subject: Subject } | undefined {
    for (const subject of this.subjects) {
      const rule = subject.rules.find((candidate) => matches(candidate, statement, block));
      if (rule !== undefined) return { rule, subject };
    }
    return undefined;
  }

  private note({ text, line }: Statement): void {
    const kind = noneKind(text);
    if (kind !== undefined && (this.none === undefined || kind < this.none.kind)) {
      this.none = { kind, evidence: { line, text } };
    }
  }

  private count(rule: Rule, subject: Subject, statement: Statement, block: Block): void {
    const { line, said, quoted } = statement;
    const weak = onlyWarned.test(said) || beside.test(said);
    const near = nearness[weak ? "warning" : (rule.near ?? "usual")];
    const rank = near - (quoted ? 0.5 : 0);
    const known = this.found.get(rule.subcategory);
    if (known !== undefined) known.last = line;
    if (known !== undefined && known.rank >= rank) return;
    this.found.set(rule.subcategory, { cause: causeOf(rule, subject, statement, block), rank, last: line });
  }
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
    evidence: { line, text },
    paths: paths.slice(0, mostPaths),
    ...(names.module === undefined
      ? {}
      : { module: { path: names.module, ...(names.version === undefined ? {} : { version: names.version }) } }),
    where: server ? "server" : "here",
    remedies: rule.remedies.map((remedy) => remedyFor(remedy, names)),
  };
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

// Files -> findings. Pure: whoever calls it has read the files and knows what git tracks.
import { asFinding, type Finding, type Fix, type Location, type Skipped } from "../finding/finding.ts";
import { shellQuote } from "../rules/shared/say.ts";
import { allLintRules } from "./all.ts";
import { kindOf, type LintFile } from "./file.ts";
import { type Ignore, readIgnores } from "./ignore.ts";
import { Lines } from "./lines.ts";
import { type Model, Unreadable } from "./model.ts";
import { type Models, readModel } from "./models.ts";
import type { Repository } from "./repository.ts";
import type { Around, LintDraft, LintFix, LintRule } from "./rule.ts";
import { ignoreUnused } from "./rules/ignore-unused.ts";
import { ignoreWithoutReason } from "./rules/ignore-without-reason.ts";
import { lintRules } from "./rules.ts";

export interface LintOptions {
  /** Only these rules; all if absent. Ignores that hold nothing back are told only if all rules look. */
  readonly only?: ReadonlySet<string>;
  /** What git says about the whole; without it the rules about the repository do not look. */
  readonly repository?: Repository;
  readonly around?: Around;
}

export interface LintResult {
  /** By file, then by place. */
  readonly findings: readonly Finding[];
  readonly skipped: readonly Skipped[];
  readonly suppressed: number;
  /** How many rules looked at something and found nothing. */
  readonly passed: number;
  /** How many files were of a kind that a rule knows. */
  readonly files: number;
}

/** What was seen of some of the files: plain data, so that a thread can send it. */
export interface LintPart extends Omit<LintResult, "passed"> {
  /** The rules that looked at something. */
  readonly looked: ReadonlySet<string>;
}

/** The name under which files that could not be read stand among the skipped rules. */
export const fileId = "file";

type RuleName = Pick<LintRule, "id" | "severity">;

const isRule = (id: string): boolean => allLintRules.some((rule) => rule.id === id);

const knowsNothing: Around = { has: () => undefined };

/** Lets the rules look at every file that they know. A rule that throws is a skip with its reason. */
export function lint(files: Iterable<LintFile>, options: LintOptions = {}): LintResult {
  return joined([lintPart(files, options)]);
}

/** The same of some of the files; the repository, if it is given, is looked at here. */
export function lintPart(files: Iterable<LintFile>, options: LintOptions = {}): LintPart {
  const run = new Run(options);
  for (const file of files) {
    const kind = kindOf(file);
    if (kind === undefined) continue;
    const model = attempt(() => readModel(kind, file));
    if (model instanceof Unreadable) run.skip(fileId, `${file.path}: ${model.reason}`);
    else run.look(kind, model);
  }
  if (options.repository !== undefined) run.look("repository", options.repository);
  const { findings, skipped, suppressed, files: seen, looked } = run;
  return { findings, skipped, suppressed, files: seen, looked };
}

/** The parts as one; what was skipped stands in their order. */
export function joined(parts: readonly LintPart[]): LintResult {
  const findings = parts.flatMap((part) => part.findings).sort(byPlace);
  const skipped = parts.flatMap((part) => part.skipped);
  const silent = new Set(parts.flatMap(({ looked }) => [...looked]));
  for (const { rule } of [...findings, ...skipped]) silent.delete(rule);
  const sum = (count: "suppressed" | "files"): number => parts.reduce((total, part) => total + part[count], 0);
  return { findings, skipped, suppressed: sum("suppressed"), passed: silent.size, files: sum("files") };
}

function attempt<T>(work: () => T): T | Unreadable {
  try {
    return work();
  } catch (error) {
    return new Unreadable(`it could not be parsed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

class Run {
  readonly findings: Finding[] = [];
  readonly skipped: Skipped[] = [];
  readonly looked = new Set<string>();
  suppressed = 0;
  files = 0;

  constructor(private readonly options: LintOptions) {}

  skip(rule: string, reason: string): void {
    this.skipped.push({ rule, reason });
  }

  look(kind: keyof Models, model: Models[keyof Models] & Model): void {
    const { only, around = knowsNothing } = this.options;
    if (kind !== "repository") this.files += 1;
    const lines = new Lines(model.file.text);
    const ignores = readIgnores(model.file, lines, model.blocks);
    const used = new Set<Ignore>();
    for (const rule of lintRules) {
      if (!(rule.kinds as readonly string[]).includes(kind) || (only !== undefined && !only.has(rule.id))) continue;
      this.looked.add(rule.id);
      const drafts = attempt(() => rule.check(model, around));
      if (drafts instanceof Unreadable) this.skip(rule.id, `${model.file.path}: ${drafts.reason}`);
      else for (const draft of drafts) this.add(rule, draft, model.file, lines, ignores, used);
    }
    const about = (rule: RuleName, drafts: readonly LintDraft[]): void => {
      if (only !== undefined && !only.has(rule.id)) return;
      this.looked.add(rule.id);
      for (const draft of drafts) this.add(rule, draft, model.file, lines, [], used);
    };
    about(ignoreWithoutReason, ignoreWithoutReason.drafts(ignores));
    if (only === undefined)
      about(
        ignoreUnused,
        ignoreUnused.drafts(
          ignores.filter((ignore) => !used.has(ignore)),
          isRule,
        ),
      );
  }

  private add(
    rule: RuleName,
    draft: LintDraft,
    file: LintFile,
    lines: Lines,
    ignores: readonly Ignore[],
    used: Set<Ignore>,
  ): void {
    const finding = findingOf(rule, draft, file, lines);
    const { line } = finding.location as Location;
    const ignore = ignores.find(
      ({ rule: id, reason, first, last }) => id === rule.id && reason !== "" && first <= line && line <= last,
    );
    if (ignore !== undefined) {
      used.add(ignore);
      this.suppressed += 1;
      return;
    }
    this.findings.push(finding);
  }
}

function findingOf(rule: RuleName, draft: LintDraft, file: LintFile, lines: Lines): Finding {
  const { at, fixes, ...rest } = draft;
  return asFinding(rule, {
    paths: [],
    count: 1,
    ...rest,
    fixes: fixes.map((fix) => fixOf(fix, rule, file, lines)),
    location: { file: file.path, ...lines.region(at) },
  });
}

function fixOf(
  { title, disposition, edits, command = "" }: LintFix,
  rule: RuleName,
  { path }: LintFile,
  lines: Lines,
): Fix {
  if (edits === undefined || edits.length === 0) return { title, disposition, command };
  const placed = edits.map((edit) => ({ ...edit, ...lines.region(edit) })).sort((a, b) => a.start - b.start);
  const unsafe = disposition === "unsafe" ? " --unsafe" : "";
  const run = `gomodcache lint --fix${unsafe} --only ${rule.id} ${shellQuote(path)}`;
  return { title, disposition, command: run, edits: placed };
}

function byPlace(a: Finding, b: Finding): number {
  const [one, other] = [a.location as Location, b.location as Location];
  if (one.file !== other.file) return one.file < other.file ? -1 : 1;
  return one.line - other.line || one.column - other.column || (a.rule < b.rule ? -1 : 1);
}

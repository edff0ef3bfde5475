// A report for people, in a terminal or a log: one block a finding, and a last line that can be read alone.
import type { Finding, FindingPath, Fix, Report, Skipped } from "../finding/finding.ts";
import { columns, hanging, pad } from "./layout.ts";
import type { RenderOptions } from "./options.ts";
import { type Paint, paint, severityColour, severitySymbol, verdictColour, verdictSymbol } from "./paint.ts";
import { pasteable, printable } from "./safe.ts";
import { examples, ownership, place, thousands, verdictLine } from "./verdict.ts";

type TextOptions = Pick<RenderOptions, "version" | "width" | "colour" | "unicode" | "verbose" | "quiet">;

const detail = "    ";
const labelled = 10;

/** Renders a report as text that ends in a newline. Only paths and commands can be wider than `width`, and the verdict. */
export function text(report: Report, options: TextOptions): string {
  const colours = paint(options.colour);
  const verdict = colourVerdict(report, verdictLine(report, !options.quiet), colours);
  if (options.quiet) {
    const errors = report.findings.filter((finding) => finding.severity === "error");
    return `${[...errors.flatMap((finding) => headline(finding, options, colours)), verdict].join("\n")}\n`;
  }
  const blocks = [
    header(report, options, colours),
    ...report.findings.map((finding) => findingBlock(finding, options, colours)),
    skippedLines(report.skipped, options, colours),
    operationLines(report.operations ?? [], options, colours),
    [verdict],
  ];
  const filled = blocks.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function header(report: Report, options: TextOptions, colours: Paint): string[] {
  const name = `gomodcache ${options.version}`;
  const target = printable(report.target);
  const context = report.context.length > 0 ? `(${report.context.map(printable).join(", ")})` : "";
  const [first = "", ...rest] = hanging(`${name}  ${target}  `, context, options.width, 4);
  return [first.replace(target, () => colours.bold(target)), ...rest];
}

/** Symbol, severity, rule and message: a finding in one sentence. */
function headline(finding: Finding, options: TextOptions, colours: Paint): string[] {
  const mark = `${severitySymbol(finding.severity, options.unicode)} ${finding.severity}`;
  const rule = printable(finding.rule);
  const doubt = finding.confidence === "likely" ? " (likely)" : "";
  const at = finding.location === undefined ? "" : `  ${printable(place(finding))}`;
  const lines = hanging(`${mark}${at}  ${rule}  `, printable(finding.message) + doubt, options.width, 2);
  const [first = "", ...rest] = lines;
  const painted = colours.bold(colours[severityColour[finding.severity]](mark)) + first.slice(mark.length);
  return [painted.replace(`  ${rule}`, () => `  ${colours.bold(rule)}`), ...rest];
}

export function findingBlock(finding: Finding, options: TextOptions, colours: Paint): string[] {
  const { shown, more } = examples(finding, options.verbose);
  const hint = options.verbose ? "" : " (--verbose lists them)";
  const whoIsKnown = finding.subject === undefined || finding.message.includes(finding.subject);
  return [
    ...headline(finding, options, colours),
    ...pathLines(shown, options.width, colours),
    ...(more > 0 ? hanging(detail, `and ${thousands(more)} more${hint}`, options.width, detail.length) : []),
    ...(whoIsKnown ? [] : note("who", finding.subject ?? "", options.width, colours)),
    ...(finding.why === undefined ? [] : note("why", finding.why, options.width, colours)),
    ...fixLines(finding.fixes, options.width, colours),
    `${detail}${colours.dim(pad("more", 6))}gomodcache explain ${printable(finding.rule)}`,
  ];
}

/** The paths, aligned with owner and mode after them; before them where a line would be too wide, as `ls -l` does. */
function pathLines(paths: readonly FindingPath[], width: number, colours: Paint): string[] {
  const rows = paths.map((path) => ({
    path: printable(path.path),
    owner: printable(ownership(path)),
    mode: printable(path.mode),
  }));
  const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(columns));
  const ownerWidth = widest(rows.map((row) => row.owner));
  const modeWidth = widest(rows.map((row) => row.mode));
  const pathWidth = widest(rows.map((row) => row.path));
  if (ownerWidth === 0) return rows.map((row) => detail + row.path);
  if (detail.length + pathWidth + ownerWidth + modeWidth + 4 <= width) {
    return rows.map((row) => {
      const meta = `  ${pad(row.owner, ownerWidth)}  ${row.mode}`.trimEnd();
      return detail + (meta === "" ? row.path : pad(row.path, pathWidth) + colours.dim(meta));
    });
  }
  return rows.map((row) => {
    const meta = `${pad(row.mode, modeWidth)}  ${pad(row.owner, ownerWidth)}`;
    return `${detail}${colours.dim(meta)}  ${row.path}`;
  });
}

/** A labelled sentence, wrapped beside its label. */
export function note(label: string, sentence: string, width: number, colours: Paint): string[] {
  const [first = "", ...rest] = hanging(detail + pad(label, 6), printable(sentence), width, labelled);
  return [detail + colours.dim(pad(label, 6)) + first.slice(labelled), ...rest];
}

/** Each fix: its command, whole, and what it does. */
export function fixLines(fixes: readonly Fix[], width: number, colours: Paint): string[] {
  return fixes.flatMap((fix, index) => {
    const label = colours.dim(pad(index === 0 ? "fix" : "or", 6));
    const doubt = fix.disposition === "unsafe" ? "unsafe: " : "";
    if (fix.command === "") {
      const [first = "", ...rest] = hanging(" ".repeat(labelled), printable(doubt + fix.title), width, labelled);
      return [`${detail}${label}${first.slice(labelled)}`, ...rest];
    }
    const title = `(${doubt}${fix.title})`;
    return [
      `${detail}${label}${colours.bold(pasteable(fix.command))}`,
      ...hanging(" ".repeat(labelled), printable(title), width, labelled),
    ];
  });
}

/** Rules that could not look for the same reason share a line. */
function skippedLines(skipped: readonly Skipped[], options: TextOptions, colours: Paint): string[] {
  const byReason = new Map<string, string[]>();
  for (const { rule, reason } of skipped) byReason.set(reason, [...(byReason.get(reason) ?? []), rule]);
  return [...byReason].flatMap(([reason, rules]) => {
    const shown = options.verbose || rules.length <= 3 ? rules : rules.slice(0, 2);
    const rest = rules.length > shown.length ? ` and ${rules.length - shown.length} more` : "";
    const mark = `${severitySymbol("skipped", options.unicode)} skipped`;
    const sentence = printable(`${shown.join(", ")}${rest}  ${reason}`);
    const [first = "", ...others] = hanging(`${mark}  `, sentence, options.width, 2);
    return [colours.dim(mark) + first.slice(mark.length), ...others];
  });
}

function operationLines(operations: NonNullable<Report["operations"]>, options: TextOptions, colours: Paint): string[] {
  const width = Math.max(0, ...operations.map(({ operation }) => columns(printable(operation))));
  return operations.flatMap(({ operation, verdict, message }) => {
    const prefix = `${verdictSymbol(verdict, options.unicode)} ${pad(printable(operation), width)}  `;
    const answer = printable(message === "" ? verdict : `${verdict}: ${message}`);
    const [first = "", ...rest] = hanging(prefix, answer, options.width, width + 4);
    const colour = colours[verdictColour[verdict]];
    // The first line is the bare prefix if not even the verdict fits beside it.
    return [first.replace(/^\S+/, colour), ...rest];
  });
}

function colourVerdict(report: Report, line: string, colours: Paint): string {
  if (report.verdict === "healthy") return colours.bold(colours.green(line));
  const worst = report.findings.some((finding) => finding.severity === "error") ? colours.red : colours.yellow;
  return colours.bold(worst(line));
}

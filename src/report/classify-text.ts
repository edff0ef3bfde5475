// The answer of `classify` for people: each cause with where it shows, why, and what to do.
import type { Cause, Classification, Disposition, Evidence, Remedy } from "../causes/cause.ts";
import { hanging, pad } from "./layout.ts";
import type { RenderOptions } from "./options.ts";
import { type Paint, paint, severitySymbol } from "./paint.ts";
import { pasteable, printable } from "./safe.ts";
import { note } from "./text.ts";
import { thousands } from "./verdict.ts";

type ClassifyOptions = Pick<RenderOptions, "width" | "colour" | "unicode" | "verbose" | "quiet">;

const advice: Readonly<Record<Disposition, string>> = {
  retry: "try again",
  "fix-environment": "fix the environment",
  "fix-repository": "fix the repository",
  none: "nothing to do",
};
/** A line of a log can be a megabyte; a person needs its beginning. */
const longestEvidence = 600;

/**
 * Renders a classification as text that ends in a newline. Quiet, it is the first line.
 * @param top how many causes to show; the rest are counted
 */
export function classifyText(answer: Classification, options: ClassifyOptions, top: number): string {
  const colours = paint(options.colour);
  const [first] = answer.causes;
  if (first === undefined) return noneText(answer, options, colours);
  if (options.quiet) return `${headline(first, options, colours).join("\n")}\n`;
  const shown = answer.causes.slice(0, top);
  const more = answer.causes.length - shown.length;
  const blocks = [
    ...shown.map((cause, index) => block(cause, index === 0, options, colours)),
    ...(more > 0
      ? [
          [
            `and ${thousands(more)} less likely ${more === 1 ? "cause" : "causes"} (--top ${answer.causes.length} shows all)`,
          ],
        ]
      : []),
  ];
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function block(cause: Cause, first: boolean, options: ClassifyOptions, colours: Paint): string[] {
  const { width } = options;
  const whose = cause.where === "server" ? ". It happened on the server's side, not on this machine" : "";
  return [
    ...headline(cause, options, colours, first),
    ...evidenceLines(cause.evidence, width, colours),
    ...note("why", cause.message + whose, width, colours),
    ...cause.remedies.flatMap((remedy, index) => remedyLines(remedy, index === 0, width, colours)),
    `    ${colours.dim(pad("more", 6))}gomodcache explain ${cause.category}`,
  ];
}

function evidenceLines({ line, text }: Evidence, width: number, colours: Paint): string[] {
  const label = `line ${line}`;
  const prefix = `    ${label}  `;
  const [first = "", ...rest] = hanging(prefix, printable(text.slice(0, longestEvidence)), width, 10);
  return [`    ${colours.dim(label)}${first.slice(prefix.length - 2)}`, ...rest];
}

function headline(cause: Cause, options: ClassifyOptions, colours: Paint, first = true): string[] {
  const mark = `${severitySymbol(first ? "error" : "warning", options.unicode)} ${cause.category}`;
  const doubt = cause.confidence === "likely" ? ", likely" : "";
  const name = printable(cause.subcategory);
  const [line = "", ...rest] = hanging(
    `${mark}  ${name}  `,
    `(${advice[cause.disposition]}${doubt})`,
    options.width,
    2,
  );
  const colour = first ? colours.red : colours.yellow;
  const painted = colours.bold(colour(mark)) + line.slice(mark.length);
  return [painted.replace(`  ${name}`, () => `  ${colours.bold(name)}`), ...rest];
}

/** A remedy is its command, whole, and what it does; without a command, what to do. */
function remedyLines(remedy: Remedy, first: boolean, width: number, colours: Paint): string[] {
  const label = first ? "fix" : "or";
  const cost = remedy.weakens === undefined ? [] : note("", `weaker security: ${remedy.weakens}`, width, colours);
  if (remedy.command === undefined) return [...note(label, withoutOr(remedy.text, first), width, colours), ...cost];
  return [
    `    ${colours.dim(pad(label, 6))}${colours.bold(pasteable(remedy.command))}`,
    ...note("", `(${withoutOr(remedy.text, first)})`, width, colours),
    ...cost,
  ];
}

/** The label says "or" already. */
function withoutOr(text: string, first: boolean): string {
  if (first || !text.startsWith("Or ")) return text;
  return text.charAt(3).toUpperCase() + text.slice(4);
}

function noneText(answer: Classification, options: ClassifyOptions, colours: Paint): string {
  const { none } = answer;
  const known = none === undefined || none.subcategory === "unknown" ? "" : `: ${none.subcategory}`;
  const mark = severitySymbol("skipped", options.unicode);
  const line = `${mark} none${known}`;
  if (options.quiet) return `${line}\n`;
  const lines = `${thousands(answer.lines)} ${answer.lines === 1 ? "line" : "lines"}`;
  const evidence = none?.evidence;
  return `${[
    colours.bold(line),
    ...(evidence === undefined ? [] : evidenceLines(evidence, options.width, colours)),
    ...note("why", whyNone[none?.subcategory ?? "unknown"] ?? whyNone.other, options.width, colours),
    ...note("read", lines, options.width, colours),
  ].join("\n")}\n`;
}

const whyNone: Readonly<Record<string, string>> & { readonly other: string } = {
  warning: "The command succeeded: what it said is a warning, and no failure",
  success: "The command succeeded, and said nothing of note",
  "test-success": "The tests passed",
  "verify-ok": "go mod verify found nothing",
  "success-download-lines": "go fetched modules, and says of no failure",
  "warning-retracted": "go only warns of a version that its author has retracted",
  unknown: "No line tells of a failure of go's environment: caches, network, credentials, checksums, configuration",
  other:
    "This is a matter of the program, its tests or its code, not of go's environment: caches, network, credentials, checksums, configuration",
};

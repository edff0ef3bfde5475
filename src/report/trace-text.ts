// What `trace` says for people, after the command's own output.
import type { Denial, TraceFinding, TraceReport } from "../finding/trace.ts";
import { whyText } from "./answer-text.ts";
import { hanging } from "./layout.ts";
import type { RenderOptions } from "./options.ts";
import { type Paint, paint, severitySymbol } from "./paint.ts";
import { printable } from "./safe.ts";
import { note } from "./text.ts";
import { thousands } from "./verdict.ts";

const mostPaths = 3;

/** As text that ends in a newline. Quiet, it is one line a finding and the last line. */
export function traceText(report: TraceReport, options: RenderOptions): string {
  const colours = paint(options.colour);
  const program = report.argv[0]?.split("/").at(-1) ?? "it";
  const blocks = report.findings.map((finding) => findingLines(finding, program, options, colours));
  const notes = report.notes.flatMap((text) => hanging("- ", printable(text), options.width, 2));
  const last = hanging("", printable(summary(report)), options.width, 2);
  const all = [...blocks, ...(options.quiet ? [] : [notes]), last].filter((lines) => lines.length > 0);
  return `${all.map((lines) => lines.join("\n")).join(options.quiet ? "\n" : "\n\n")}\n`;
}

const roleWords = { cause: "cause", effect: "came of it", ignored: "ignored", unclear: "denied" } as const;

function findingLines(finding: TraceFinding, program: string, options: RenderOptions, colours: Paint): string[] {
  const { role, denials, why } = finding;
  const first = denials[0] as Denial;
  const severity = role === "cause" ? "error" : role === "ignored" ? "advice" : "warning";
  const mark = `${severitySymbol(severity, options.unicode)} ${roleWords[role]}  `;
  const headline = hanging(mark, printable(sentence(finding, first)), options.width, 2);
  const painted = headline.map((line, index) =>
    index === 0 && role === "cause" ? colours.bold(colours.red(line)) : line,
  );
  if (options.quiet) return painted;
  const lines = [...painted, ...denialLines(finding, options, colours)];
  const told = silence(finding, program);
  if (told !== undefined) lines.push(...note("note", told, options.width, colours));
  const other = otherReasons[first.errno];
  if (other !== undefined) return [...lines, ...note("why", other, options.width, colours)];
  if (why.verdict === "yes")
    lines.push(
      ...note(
        "why",
        "nothing refuses it now: it changed meanwhile, or something else than modes and ACLs refused it",
        options.width,
        colours,
      ),
    );
  const chain = whyText(why, { ...options, quiet: false })
    .trimEnd()
    .split("\n");
  return [...lines, "", ...chain.map((line) => (line === "" ? "" : `  ${line}`))];
}

function sentence({ count }: TraceFinding, { call, path, errno }: Denial): string {
  return `${call} ${path}: ${errno}${count === 1 ? "" : ` (${thousands(count)} calls)`}`;
}

/** What go keeps to itself: the first question is why its message spoke of something else. */
function silence({ said, role, note: hidden }: TraceFinding, program: string): string | undefined {
  if (said || role === "ignored" || role === "unclear") return hidden;
  return `${program} did not say this${hidden === undefined ? "" : `: ${hidden}`}`;
}

/** Where modes and ACLs refuse nothing now. */
const otherReasons: Readonly<Record<string, string>> = {
  ENOSPC: "the file system was full (df -h, df -i), or a quota was used up",
  EDQUOT: "the quota of the user or group was used up",
  ENOLCK: "the file system gives no locks: on NFS, its lock service does not answer",
  EMFILE: "the process had too many open files (ulimit -n)",
};

function denialLines({ denials, credentials, why }: TraceFinding, options: RenderOptions, colours: Paint): string[] {
  const first = denials[0] as Denial;
  const { pid, name, argv } = first.process;
  const program = argv === undefined ? (name ?? "") : argv.join(" ");
  const who = [program, pid === undefined ? "" : `(process ${pid})`].filter((text) => text !== "").join(" ");
  const ids = `uid ${why.subject.uid}, gid ${why.subject.gid}, groups ${why.subject.groups.join(",") || "none"}, capabilities ${[...why.subject.capabilities].join(",") || "none"}`;
  const known = { process: "", inherited: " (as it started)", unknown: " (taken for granted: the process was gone)" }[
    credentials
  ];
  const shown = options.verbose ? denials : denials.slice(0, mostPaths);
  const more = denials.length - shown.length;
  return [
    ...(who === "" ? [] : note("by", who.length > 200 ? `${who.slice(0, 200)}...` : who, options.width, colours)),
    ...note("as", ids + known, options.width, colours),
    ...(first.inside === undefined ? [] : note("there", `it is ${first.inside}`, options.width, colours)),
    ...shown
      .slice(1)
      .flatMap((denial) =>
        note(
          "also",
          `${denial.call} ${denial.path}: ${denial.errno}${denial.count > 1 ? ` (${thousands(denial.count)} times)` : ""}`,
          options.width,
          colours,
        ),
      ),
    ...(more > 0 ? note("", `and ${thousands(more)} more (--verbose lists them)`, options.width, colours) : []),
  ];
}

function summary({ findings, cache, elsewhere, target }: TraceReport): string {
  const what = target === undefined ? "" : ` (${target})`;
  const rest = elsewhere > 0 ? `; ${thousands(elsewhere)} denied calls elsewhere (--all-paths shows them)` : "";
  const total = findings.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return `trace: no access to ${cache || "the cache"} was denied${what}${rest}`;
  const reasons = findings.length === 1 ? "one reason" : `${findings.length} reasons`;
  return `trace: ${thousands(total)} denied ${total === 1 ? "call" : "calls"}, ${reasons}${what}${rest}`;
}

// The answers of `can` and `why` for people. The first line is the answer: `yes`, `no: reason` or `unknown: reason`.
import type { CanAnswer, ChainLink, Reason, WhyAnswer } from "../finding/answer.ts";
import { verbOf } from "../permission/access.ts";
import type { Verdict } from "../permission/decision.ts";
import { octal } from "../permission/entry.ts";
import { fileCapabilities, formatSubject } from "../permission/subject.ts";
import { columns, hanging, pad } from "./layout.ts";
import type { RenderOptions } from "./options.ts";
import { type Paint, paint, verdictColour, verdictSymbol } from "./paint.ts";
import { printable } from "./safe.ts";
import { fixLines, note } from "./text.ts";
import { ownership, thousands } from "./verdict.ts";

type AnswerOptions = Pick<RenderOptions, "width" | "colour" | "unicode" | "verbose" | "quiet">;

/** The answer of `can`, as text that ends in a newline. Quiet, it is the first line. */
export function canText(answer: CanAnswer, options: AnswerOptions): string {
  const colours = paint(options.colour);
  const first = answerLine(answer.verdict, answer.reasons[0]?.message, options.width, colours);
  if (options.quiet) return `${first.join("\n")}\n`;
  const question = [
    ...note("for", `${subjectText(answer)}, umask ${octal(answer.subject.umask)}`, options.width, colours),
    ...note("runs", `${answer.goCommand}  (${answer.target})`, options.width, colours),
  ];
  const shown = options.verbose ? answer.reasons : answer.reasons.slice(0, 3);
  const more = answer.reasons.length - shown.length;
  const blocks = [
    [...first, ...question],
    ...shown.map((reason, index) => reasonLines(reason, index > 0, options.width, colours)),
    more > 0 ? [`and ${thousands(more)} more (--verbose lists them)`] : [],
    answer.warnings.flatMap((warning) => hanging("! warning  ", printable(warning), options.width, 2)),
  ];
  return join(blocks);
}

function reasonLines(reason: Reason, withMessage: boolean, width: number, colours: Paint): string[] {
  const { deniedBy } = reason;
  return [
    ...(withMessage ? hanging("also: ", printable(reason.message), width, 4) : []),
    ...note("need", `${reason.need}  ${reason.path}`, width, colours),
    ...(deniedBy === undefined
      ? []
      : [
          ...note("at", `${deniedBy.path}  (${deniedBy.by})`, width, colours),
          ...note("why", deniedBy.because, width, colours),
        ]),
  ];
}

/** The answer of `why`: the chain of path components as a table, the kernel's word, and the fixes. */
export function whyText(answer: WhyAnswer, options: AnswerOptions): string {
  const colours = paint(options.colour);
  const last = answer.chain.at(-1);
  const decisive = decisiveLink(answer.chain);
  const verb = last === undefined ? answer.need : needText(last, answer.need);
  const may = { yes: "can", no: "cannot", unknown: "may or may not" }[answer.verdict];
  const sentence = `${subjectText(answer)} ${may} ${verb} ${answer.path}${reasonOf(answer, decisive)}`;
  const first = answerLine(answer.verdict, sentence, options.width, colours);
  if (options.quiet) return `${first.join("\n")}\n`;
  return join([
    first,
    chainLines(answer.chain, decisive, options, colours),
    hanging("", kernelText(answer.kernel), options.width, 2),
    fixLines(answer.fixes, options.width, colours),
  ]);
}

/** The reason in a clause, if the chain knows it; where the kernel overruled the chain, it does not. */
function reasonOf(answer: WhyAnswer, decisive: ChainLink | undefined): string {
  if (answer.verdict === "yes" || decisive?.verdict !== answer.verdict) return "";
  return decisive.path === answer.path ? `: ${decisive.because}` : `: ${decisive.because} (${decisive.path})`;
}

/** The component that decides: the first that refuses, else the first that could not be told, else the path itself. */
function decisiveLink(chain: readonly ChainLink[]): ChainLink | undefined {
  const first = (verdict: Verdict): ChainLink | undefined => chain.find((link) => link.verdict === verdict);
  return first("no") ?? first("unknown") ?? chain.at(-1);
}

/** Mark, mode, owner and path of each component; what is needed of it and why it is or is not granted, beside or below. */
function chainLines(
  chain: readonly ChainLink[],
  decisive: ChainLink | undefined,
  options: AnswerOptions,
  colours: Paint,
): string[] {
  const rows = chain.map((link) => ({
    link,
    mode: link.mode === "" ? "(absent)" : printable(link.mode),
    owner: printable(ownership(link)),
    path: printable(link.path),
    because: printable(`${needText(link, link.need)}: ${link.because}`),
  }));
  const widest = (key: "mode" | "owner" | "path" | "because"): number =>
    Math.max(0, ...rows.map((row) => columns(row[key])));
  const before = 4 + widest("mode") + 2 + widest("owner") + 2;
  const beside = before + widest("path") + 2 + widest("because") <= options.width;
  return rows.flatMap(({ link, mode, owner, path, because }) => {
    const decides = link === decisive;
    const mark = `${decides ? ">" : " "} ${verdictSymbol(link.verdict, options.unicode)} `;
    const columnsBefore = `${mark}${pad(mode, widest("mode"))}  ${pad(owner, widest("owner"))}  `;
    const lines = beside
      ? [`${columnsBefore}${pad(path, widest("path"))}  ${because}`]
      : [columnsBefore + path, ...hanging(" ".repeat(6), because, options.width, 6)];
    const stands = (line: string): string => colours.bold(colours[verdictColour[link.verdict]](line));
    return [...(decides ? lines.map(stands) : lines), ...particulars(link, decides || options.verbose, colours)];
  });
}

/** The ACL and the mount, where they matter: on the component that decides, or on all when verbose. */
function particulars(link: ChainLink, wanted: boolean, colours: Paint): string[] {
  if (!wanted) return [];
  const lines = [
    ...(link.acl === undefined ? [] : [`acl ${link.acl}`]),
    ...(link.mount === undefined ? [] : [`mount ${link.mount}`]),
  ];
  return lines.map((line) => colours.dim(" ".repeat(6) + printable(line)));
}

function needText(link: ChainLink, need: ChainLink["need"]): string {
  return need === "exist" ? "exist" : verbOf(need, { type: link.mode.startsWith("d") ? "directory" : "file" });
}

function kernelText(kernel: WhyAnswer["kernel"]): string {
  if (!kernel.asked) return `The kernel was not asked: ${printable(kernel.reason)}`;
  const outcome = kernel.allowed ? "was let through" : "was refused";
  return kernel.agrees
    ? `The kernel agrees: a process of that user tried and ${outcome}`
    : `The kernel disagrees, and it is right: a process of that user tried and ${outcome}. This is a bug of gomodcache: please report it with this output`;
}

function answerLine(verdict: Verdict, reason: string | undefined, width: number, colours: Paint): string[] {
  const text = reason === undefined ? verdict : `${verdict}: ${printable(reason)}`;
  const [first = "", ...rest] = hanging("", text, width, 4);
  return [colours.bold(colours[verdictColour[verdict]](verdict)) + first.slice(verdict.length), ...rest];
}

function subjectText({ subject, subjectName }: Pick<CanAnswer, "subject" | "subjectName">): string {
  const ids = formatSubject(subject);
  const name = subjectName === undefined || subjectName === "" ? `uid ${ids}` : `${subjectName} (${ids})`;
  return name + capabilitiesText(subject);
}

/** Only what is unusual: another user's capabilities, and what root lacks. */
function capabilitiesText({ uid, capabilities }: CanAnswer["subject"]): string {
  if (uid !== 0) return capabilities.size > 0 ? ` with ${[...capabilities].join(", ")}` : "";
  const lacking = fileCapabilities.filter((name) => !capabilities.has(name));
  return lacking.length > 0 ? ` without ${lacking.join(", ")}` : "";
}

function join(blocks: readonly (readonly string[])[]): string {
  const filled = blocks.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

// A record of an experiment, for a terminal and as a page. Pure.
import { hanging, wrap } from "../report/layout.ts";
import { printable } from "../report/safe.ts";
import { type Claim, isClaim, type LabRecord, type Shown } from "./record.ts";

export interface TextStyle {
  readonly width: number;
  readonly bold: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
}

/** Programs print what file names and others tell them: each line is made harmless. */
function linesOf(text: string): string[] {
  const lines = text.replace(/\s+$/, "").split("\n");
  return text.trim() === "" ? [] : lines.map((line) => printable(line.replaceAll("\t", "    ").replace(/\r$/, "")));
}

export function headText(
  { name, summary, method, versions }: Omit<LabRecord, "steps" | "conclusions">,
  style: TextStyle,
): string {
  const lines = [
    style.bold(`${name}: ${summary}`),
    "",
    ...wrap(method, style.width, 0, 0),
    "",
    `With ${versions.join(", ")}.`,
  ];
  return `${lines.join("\n")}\n`;
}

export function titleText(number: number, title: string, style: TextStyle): string {
  return `\n${style.bold(`${number}. ${title}`)}\n`;
}

export function partText(part: Shown | Claim, style: TextStyle): string {
  const lines = isClaim(part)
    ? hanging(part.held ? "   ok      " : "   NOT SO  ", part.text, style.width, 11).map((line, at) =>
        at > 0
          ? line
          : part.held
            ? style.good(line.slice(0, 11)) + line.slice(11)
            : style.bad(line.slice(0, 11)) + line.slice(11),
      )
    : [`   $ ${printable(part.command)}`, ...linesOf(part.output).map((line) => `   ${line}`)];
  return `${lines.join("\n")}\n`;
}

export function endText({ conclusions }: LabRecord, style: TextStyle): string {
  const lines = conclusions.flatMap((one) => hanging("   - ", one, style.width, 5));
  return `\n${style.bold("What follows")}\n${lines.join("\n")}\n`;
}

/** @param date as ISO 8601 has it; absent where the page is to stay the same */
export function markdownPage(record: LabRecord, date: string): string {
  const { name, summary, method, versions, steps, conclusions } = record;
  const parts = steps.flatMap(({ title, parts: all }, at) => [
    `## ${at + 1}. ${title}`,
    "",
    ...all.flatMap((part) => [...markdownPart(part), ""]),
  ]);
  return `${[
    `# lab ${name}`,
    "",
    `${capital(summary)}.`,
    "",
    method,
    "",
    `This is what \`gomodcache lab ${name}\` printed on ${date}, with ${versions.join(", ")}. \`$LAB\` is its temporary directory.`,
    "",
    ...parts,
    "## What follows",
    "",
    ...conclusions.map((one) => `- ${one}`),
  ].join("\n")}\n`;
}

function markdownPart(part: Shown | Claim): string[] {
  if (isClaim(part)) return [`${part.held ? "As expected" : "**Not as expected**"}: ${part.text}`];
  const lines = [`$ ${printable(part.command)}`, ...linesOf(part.output)];
  const longest = Math.max(2, ...lines.map((line) => /^`*/.exec(line)?.[0].length ?? 0));
  const fence = "`".repeat(longest + 1);
  return [`${fence}text`, ...lines, fence];
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

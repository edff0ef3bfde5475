// What a user of kubectl reads: warnings and the reason of a denial, on lines of their own and within what the API allows.
import { printable } from "../report/safe.ts";
import { prefix } from "./asks.ts";
import type { Told } from "./judge.ts";

/**
 * k8s.io/api/admission/v1, AdmissionResponse.Warnings: "limit warnings to 120 characters if possible", those over 256 may be cut, and over
 * 4096 in all the rest may be left out.
 */
const longestWarning = 256;
const longestWarnings = 4096;
const longestDenial = 4096;

/** Warnings about what was not done, and findings: the message, and as much of the fix as there is room for. */
export function warningsOf(problems: readonly string[], findings: readonly Told[] = []): string[] {
  const all = [
    ...problems.map((problem) => `gomodcache: ${problem}`),
    ...findings.map(({ rule, message, fix }) => `${rule}: ${message}${fix === "" ? "" : `. Fix: ${fix}`}`),
  ].map((text) => cut(printable(text), longestWarning));
  const kept: string[] = [];
  let length = 0;
  for (const [index, text] of all.entries()) {
    const rest = `gomodcache: ${all.length - index} more`;
    const isLast = index === all.length - 1;
    if (length + text.length + (isLast ? 0 : rest.length) > longestWarnings) return [...kept, rest];
    kept.push(text);
    length += text.length;
  }
  return kept;
}

export function denialText(findings: readonly Told[]): string {
  const lines = findings.map(({ rule, message, fix }) => {
    const mend = fix === "" ? "" : `\n  Fix: ${printable(fix)}`;
    return `- ${rule}: ${printable(message)}${mend}`;
  });
  const end = `An exception needs a reason: annotate the pod with ignore.${prefix}/RULE: "why"`;
  const text = cut(["go's cache will not work here:", ...lines].join("\n"), longestDenial - end.length - 1);
  return `${text}\n${end}`;
}

/** Not within a surrogate pair. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

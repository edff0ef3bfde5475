// Our symbols, and colour as SGR sequences (ECMA-48, 8.3.117). Colour only repeats what a symbol and a word already say.
import type { Severity } from "../finding/finding.ts";
import type { Verdict } from "../permission/decision.ts";

export interface Paint {
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly green: (text: string) => string;
  readonly blue: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
}

/** Functions that colour a text, or leave it alone. */
export function paint(colour: boolean): Paint {
  const sgr = (on: number, off: number) => (text: string) =>
    colour && text !== "" ? `\x1b[${on}m${text}\x1b[${off}m` : text;
  return {
    red: sgr(31, 39),
    yellow: sgr(33, 39),
    green: sgr(32, 39),
    blue: sgr(34, 39),
    bold: sgr(1, 22),
    dim: sgr(2, 22),
  };
}

export const severityColour = { error: "red", warning: "yellow", advice: "blue" } as const;
export const verdictColour = { yes: "green", no: "red", unknown: "yellow" } as const;

/** All are one column wide in every terminal, and none of them is an emoji. */
export function severitySymbol(severity: Severity | "skipped", unicode: boolean): string {
  const ascii = { error: "x", warning: "!", advice: "i", skipped: "-" };
  return unicode ? { ...ascii, error: "✗", skipped: "–" }[severity] : ascii[severity];
}

export function verdictSymbol(verdict: Verdict, unicode: boolean): string {
  return unicode ? { yes: "✓", no: "✗", unknown: "?" }[verdict] : { yes: "+", no: "x", unknown: "?" }[verdict];
}

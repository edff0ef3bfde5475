// Words of a Dockerfile instruction, and its variables.
import type { Span } from "../file.ts";

export interface Word extends Span {
  /** As it is written. */
  readonly raw: string;
  /** Without quotes; variables are not yet replaced. */
  readonly value: string;
}

/** Splits at blanks outside of quotes, as BuildKit's shell words do. @param base the offset of the text in its file */
export function splitWords(text: string, base: number): Word[] {
  const words: Word[] = [];
  let start = -1;
  let value = "";
  let quote = "";
  for (let at = 0; at <= text.length; at += 1) {
    const character = text[at] ?? "";
    if (character === "" || (quote === "" && /\s/.test(character))) {
      if (start >= 0) words.push({ raw: text.slice(start, at), value, start: base + start, end: base + at });
      start = -1;
      value = "";
      continue;
    }
    if (start < 0) start = at;
    if (character === "\\" && quote !== "'" && at + 1 < text.length) {
      at += 1;
      // A dollar that is escaped stays so, until variables are replaced.
      value += text[at] === "$" ? "\\$" : text[at];
    } else if (quote === "" && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = "";
    else value += quote === "'" && character === "$" ? "\\$" : character;
  }
  return words;
}

/**
 * Replaces variables: `$NAME`, `${NAME}`, `${NAME:-word}`, `${NAME:+word}`.
 * @returns undefined if a value is not known before the build
 */
export function expand(text: string, lookUp: (name: string) => string | undefined, depth = 0): string | undefined {
  let unknown = false;
  const pattern = /\\\$|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+])([^{}]*(?:\{[^{}]*\}[^{}]*)*))?\})/g;
  const result = text.replace(pattern, (whole, plain, braced, operator, word) => {
    if (whole === "\\$") return "$";
    const value = lookUp(plain ?? braced);
    if (operator !== undefined) {
      const alternative = (): string => {
        const inner = depth > 8 ? undefined : expand(word ?? "", lookUp, depth + 1);
        if (inner === undefined) unknown = true;
        return inner ?? "";
      };
      // With a colon an empty value counts as none.
      const missing = value === undefined || (value === "" && operator.startsWith(":"));
      if (operator.endsWith("-")) return missing ? alternative() : value;
      return missing ? "" : alternative();
    }
    if (value === undefined) unknown = true;
    return value ?? "";
  });
  return unknown ? undefined : result;
}

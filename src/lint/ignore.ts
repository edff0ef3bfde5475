// Comments that hold findings back: `# gomodcache ignore=RULE reason`.
import type { LintFile, Span } from "./file.ts";
import type { Lines } from "./lines.ts";

export interface Ignore extends Span {
  readonly rule: string;
  /** Empty if none is given; the ignore does not count then. */
  readonly reason: string;
  /** The line that it stands on, and the last line that it covers. */
  readonly first: number;
  readonly last: number;
}

const pattern = /(?<=^|\s)(?:#|\/\/)[ \t]*gomodcache[ \t]+ignore[ \t]*=[ \t]*([\w-]+(?:[ \t]*,[ \t]*[\w-]+)*)(.*)$/;

/**
 * The ignores of a file. Each covers its own line and the next one that is no comment, with all of the block that begins there,
 * such as an instruction of several lines.
 */
export function readIgnores({ text }: LintFile, lines: Lines, blocks: readonly Span[]): Ignore[] {
  if (!text.includes("gomodcache")) return [];
  const ends = new Map<number, number>();
  for (const { start, end } of blocks) {
    const line = lines.lineAt(start);
    ends.set(line, Math.max(ends.get(line) ?? 0, lines.lineAt(Math.max(start, end - 1))));
  }
  const ignores: Ignore[] = [];
  for (let first = 1; first <= lines.count; first += 1) {
    const line = lines.line(first);
    const match = line.includes("gomodcache") ? pattern.exec(line) : null;
    if (match === null) continue;
    let next = first + 1;
    while (next < lines.count && /^\s*(#|\/\/)/.test(lines.line(next))) next += 1;
    const alone = /^\s*(#|\/\/)/.test(line);
    const last = alone ? Math.max(next, ends.get(next) ?? next) : first;
    const start = lines.start(first) + match.index;
    for (const rule of (match[1] as string).split(",")) {
      const reason = (match[2] as string).replace(/^[ \t:–-]+/, "").trim();
      ignores.push({ rule: rule.trim(), reason, first, last, start, end: start + match[0].length });
    }
  }
  return ignores;
}

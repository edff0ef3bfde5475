// .gitattributes as patterns with attributes, after gitattributes(5).
import type { LintFile, Span } from "./file.ts";
import type { Model } from "./model.ts";

interface Word extends Span {
  readonly value: string;
}

export interface AttributeLine extends Span {
  readonly pattern: string;
  readonly attributes: readonly Word[];
  /** The comment lines right above. */
  readonly comment?: string;
}

export interface Attributes extends Model {
  readonly lines: readonly AttributeLine[];
}

export function readAttributes(file: LintFile): Attributes {
  const lines: AttributeLine[] = [];
  let comment: string[] = [];
  for (const match of file.text.matchAll(/^\ufeff?(.*?)\r?$/gm)) {
    const text = match[1] as string;
    const start = match.index + (match[0].startsWith("\ufeff") ? 1 : 0);
    if (/^\s*#/.test(text)) {
      comment.push(text.replace(/^\s*#+/, "").trim());
      continue;
    }
    const words = [...text.matchAll(/"(?:[^"\\]|\\.)*"|\S+/g)].map((word) => ({
      value: word[0],
      start: start + word.index,
      end: start + word.index + word[0].length,
    }));
    const [pattern, ...attributes] = words;
    if (pattern !== undefined) {
      const about = comment.length > 0 ? { comment: comment.join(" ") } : {};
      lines.push({
        pattern: pattern.value,
        attributes,
        start: pattern.start,
        end: words.at(-1)?.end ?? pattern.end,
        ...about,
      });
    }
    // A comment is about the lines below it, until an empty one.
    if (pattern === undefined) comment = [];
  }
  return { file, blocks: [], lines };
}

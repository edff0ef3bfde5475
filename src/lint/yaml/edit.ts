// Edits of YAML that keep its layout, its comments and its line ends.
import type { TextEdit } from "../rule.ts";
import type { Field } from "./field.ts";
import type { Script } from "./script.ts";

/** Puts `line` (`key: value`) before the key of a field, in the manner in which that is written: one below the other, or in braces. */
export function besides(field: Field, line: string, text: string): TextEdit[] | undefined {
  const { key } = field;
  if (key === undefined) return undefined;
  const lineStart = text.lastIndexOf("\n", key.start - 1) + 1;
  const before = text.slice(lineStart, key.start).replace(/^\ufeff/, "");
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const separator = /^[ -]*$/.test(before) ? `${end}${" ".repeat(before.length)}` : ", ";
  return [{ start: key.start, end: key.start, text: `${line}${separator}` }];
}

/**
 * One more item (in braces) of a list of a map; a list that is not there is put before the key of `next`.
 * Undefined if the list comes from elsewhere.
 */
export function addedTo(
  map: Field,
  list: string,
  item: string,
  next: Field | undefined,
  text: string,
): TextEdit[] | undefined {
  const field = map.get(list);
  if (field === undefined) {
    // By a merge the key may stand in another map.
    const here = next?.key !== undefined && next.key.start >= map.start && next.key.start < map.end;
    return map.own && here ? besides(next, `${list}: [${item}]`, text) : undefined;
  }
  const last = field.items().at(-1);
  // What comes from an alias or a merge key is also somebody else's.
  if (!field.own || !map.own || !map.has(list) || last === undefined) return undefined;
  if (field.style === "FLOW") return [{ start: last.end, end: last.end, text: `, ${item}` }];
  const dash = /(?:^|\n)( *)- *$/.exec(text.slice(0, field.items()[0]?.start))?.[1];
  if (dash === undefined) return undefined;
  const at = last.start + text.slice(last.start, last.end).trimEnd().length;
  return [{ start: at, end: at, text: `${text.includes("\r\n") ? "\r\n" : "\n"}${dash}- ${item}` }];
}

/** Another value of a scalar; undefined if it comes from an alias. */
export function replaced(field: Field | undefined, value: string): TextEdit[] | undefined {
  return field?.own === true ? [{ start: field.start, end: field.end, text: value }] : undefined;
}

/** One more command at the end of a script; undefined if it cannot be told where that is. */
export function appendedTo(script: Script | undefined, command: string, text: string): TextEdit[] | undefined {
  if (script?.exact !== true) return undefined;
  const { start, end, style } = script.field;
  if (style === "BLOCK_LITERAL") {
    const at = start + text.slice(start, end).trimEnd().length;
    const last = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
    const before = text.slice(start, at);
    // What an option, a continued line or a here-document ends cannot be gone on with.
    if (/\\$|<<|\bexec\b|\bexit\b/.test(before)) return undefined;
    const indent = /^\s*\S.*\n(?:[ \t]*\r?\n)*( *)/.exec(text.slice(start, end))?.[1] ?? /^ */.exec(last)?.[0] ?? "";
    const newline = text.includes("\r\n") ? "\r\n" : "\n";
    return [{ start: at, end: at, text: `${newline}${indent}${command}` }];
  }
  const quotes = style === "QUOTE_DOUBLE" || style === "QUOTE_SINGLE" ? 1 : 0;
  const inner = text.slice(start + quotes, end - quotes);
  if (/[;&|#]\s*$|#|<<|\bexec\b|\bexit\b/.test(inner)) return undefined;
  const at = start + quotes + inner.trimEnd().length;
  return [{ start: at, end: at, text: ` && ${command}` }];
}

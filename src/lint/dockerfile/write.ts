// Edits of Dockerfiles that several rules make.
import type { TextEdit } from "../rule.ts";
import type { Dockerfile, Step } from "./model.ts";

/** A whole line before an instruction and the comments that stand right above it, so that an ignore stays with what it is about. */
export function lineBefore({ file }: Dockerfile, { instruction }: Step, line: string): TextEdit {
  const { text } = file;
  let start = text.lastIndexOf("\n", instruction.start - 1) + 1;
  for (;;) {
    const above = start < 2 ? -1 : text.lastIndexOf("\n", start - 2) + 1;
    if (above < 0 || !/^\s*#/.test(text.slice(above, start))) break;
    start = above;
  }
  return { start, end: start, text: line + (text.includes("\r\n") ? "\r\n" : "\n") };
}

/** One more command at the end of a RUN in shell form; undefined where the end cannot be gone on from. */
export function appended({ instruction }: Step, command: string): TextEdit | undefined {
  const { json, heredocs, body, bodyStart } = instruction;
  if (json !== undefined || heredocs.length > 0 || body === "" || /(;|&|\||#[^\n]*)\s*$/.test(body)) return undefined;
  // A comment of the shell would swallow what follows; a failure that is forgiven would skip it.
  if (/(^|\s)#|\|\|/.test(body)) return undefined;
  const end = bodyStart + body.length;
  return { start: end, end, text: ` && ${command}` };
}

/** Takes an instruction out, with its line. */
export function withoutInstruction({ file }: Dockerfile, { instruction }: Step): TextEdit {
  const start = file.text.lastIndexOf("\n", instruction.start - 1) + 1;
  const feed = file.text.indexOf("\n", Math.max(instruction.start, instruction.end - 1));
  return { start, end: feed < 0 ? file.text.length : feed + 1, text: "" };
}

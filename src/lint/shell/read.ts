// Shell text -> its commands, in the order in which they are written, with offsets into the file.
import { type Command, forEachChild, parse, type SyntaxNode } from "unbash";
import type { Span } from "../file.ts";
import type { Assignment, ShellCommand, ShellWord } from "./command.ts";
import { unwrap } from "./unwrap.ts";

/** A script in a script (`sh -c '…'`, `su -c '…'`) is read this deep. */
const deepest = 4;
/** The parser takes seconds for what opens thousands of substitutions and closes none; nobody writes that. */
const deepestNesting = 100;

/**
 * Reads every command of a script: also those in substitutions, loops, functions, `sh -c` and `bash <<EOF`.
 * What cannot be parsed is left out: a lint does not guess.
 * @param base the offset of the text in its file
 */
export function readCommands(text: string, base = 0, depth = 0): ShellCommand[] {
  if (nesting(text) > deepestNesting) return [];
  const commands: ShellCommand[] = [];
  // An explicit stack: the tree of a hostile script may be deep.
  const stack: SyntaxNode[] = [parse(text)];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    // Positions in an escaped backtick script are not those of the file.
    if (node.type === "Script" && node.source !== undefined) continue;
    if (node.type === "Command") commands.push(...commandsOf(node, base, depth));
    const children: SyntaxNode[] = [];
    forEachChild(node, (child) => children.push(child));
    stack.push(...children.reverse());
  }
  return commands;
}

/** How many substitutions are open at once, at most, if none is closed by something else than its end. */
function nesting(text: string): number {
  let open = 0;
  let most = 0;
  for (const [part] of text.matchAll(/\$[({[]|[)}\]]/g)) {
    open = part.length === 2 ? open + 1 : Math.max(0, open - 1);
    most = Math.max(most, open);
  }
  return most;
}

function commandsOf(node: Command, base: number, depth: number): ShellCommand[] {
  const words: ShellWord[] = [];
  const assignments: Assignment[] = [];
  const writes: ShellWord[] = [];
  const place = ({ pos, end }: { pos: number; end: number }): Span => ({ start: base + pos, end: base + end });
  for (const part of [...node.prefix, ...(node.name === undefined ? [] : [node.name]), ...node.suffix]) {
    if (part.type === "Word") words.push({ value: part.value, ...place(part) });
    else if (part.type === "Assignment" && part.value.type === "Word")
      assignments.push({ name: part.name, value: part.value.value, ...place(part) });
    else if (part.type === "Redirect" && /^(>|>>|>\||&>|&>>)$/.test(part.operator) && part.target !== undefined)
      writes.push({ value: part.target.value, ...place(part.target) });
  }
  const command = unwrap({ words, assignments, writes, ...place(node) });
  const script = depth < deepest ? scriptOf(command, node, base) : undefined;
  if (script === undefined) return [command];
  const as = script.as ?? command.as;
  const inner = readCommands(script.text, script.start, depth + 1);
  return as === undefined ? inner : inner.map((one) => (one.as === undefined ? { ...one, as } : one));
}

interface Script {
  readonly text: string;
  readonly start: number;
  readonly as?: ShellCommand["as"];
}

/** The script that a shell or su is given: after -c, or as a here-document. */
function scriptOf(command: ShellCommand, node: Command, base: number): Script | undefined {
  const [program, ...rest] = command.words;
  const name = program?.value.slice(program.value.lastIndexOf("/") + 1) ?? "";
  const isShell = /^(ba|da|k|a)?sh$/.test(name);
  if (program === undefined || !(isShell || name === "su" || name === "runuser")) return undefined;
  const as = isShell ? undefined : { by: name, user: userOfSu(rest), at: program };
  const flag = rest.findIndex(({ value }) => /^-[a-zA-Z]*c$/.test(value) || value === "--command");
  const word = flag < 0 ? undefined : rest[flag + 1];
  if (word !== undefined) {
    // Offsets agree if the word is one quoted text without escapes; else they are a little off, within the word at least.
    const quoted = word.end - word.start === word.value.length + 2;
    return { text: word.value, start: word.start + (quoted ? 1 : 0), ...(as === undefined ? {} : { as }) };
  }
  for (const part of node.suffix) {
    if (part.type !== "HereDoc" || part.body === undefined) continue;
    return { text: part.body.text, start: base + part.body.pos, ...(as === undefined ? {} : { as }) };
  }
  return undefined;
}

/** `su -c CMD app`, `su - app -c CMD`, `su -s /bin/sh -c CMD app`; root if nobody is named. */
function userOfSu(words: readonly ShellWord[]): string {
  for (let index = 0; index < words.length; index += 1) {
    const { value } = words[index] as ShellWord;
    if (/^-[a-zA-Z]*[csgGTwu]$/.test(value) || /^--(command|shell|group|supp-group|whitelist-environment)$/.test(value))
      index += 1;
    else if (!value.startsWith("-")) return value;
  }
  return "root";
}

// Takes off what stands before a program: sudo and its options, env with variables, exec, time, timeout, gosu and so on.
import type { Assignment, ShellCommand, ShellWord } from "./command.ts";

/** Options of each wrapper that take a value in the next word. */
const wrappers: Readonly<Record<string, string>> = {
  sudo: "ugCchpRrtTU",
  doas: "uC",
  env: "uCS",
  nice: "n",
  ionice: "cn",
  timeout: "ks",
  stdbuf: "ioe",
  time: "fo",
  command: "",
  exec: "a",
  nohup: "",
  setsid: "",
  xargs: "adEIiLlnPs",
  gosu: "",
  "su-exec": "",
  chpst: "ugbnmdoptca",
  runuser: "ugG",
  setpriv: "",
};
/** How many words after the options belong to the wrapper. */
const operandsOf: Readonly<Record<string, number>> = { timeout: 1, gosu: 1, "su-exec": 1 };
const userWrappers = new Set(["sudo", "doas", "gosu", "su-exec", "chpst", "runuser", "setpriv"]);

/** One layer after the other, until the program itself is first. */
export function unwrap(command: ShellCommand): ShellCommand {
  let current = command;
  for (let depth = 0; depth < 8; depth += 1) {
    const next = unwrapOnce(current);
    if (next === undefined) return current;
    current = next;
  }
  return current;
}

function unwrapOnce(command: ShellCommand): ShellCommand | undefined {
  const [first] = command.words;
  if (first === undefined) return undefined;
  const name = first.value.slice(first.value.lastIndexOf("/") + 1);
  const valued = Object.hasOwn(wrappers, name) ? wrappers[name] : undefined;
  if (valued === undefined) return undefined;
  const { rest, user } = skip(command.words.slice(1), valued, operandsOf[name] ?? 0);
  const assignments: Assignment[] = [];
  while (name === "env" || name === "sudo" || name === "doas") {
    const match = /^([A-Za-z_]\w*)=(.*)$/s.exec(rest[0]?.value ?? "");
    if (match === null) break;
    const { start, end } = rest.shift() as ShellWord;
    assignments.push({ name: match[1] as string, value: match[2] as string, start, end });
  }
  // `sudo -i`, `exec 3>file`, `command -v go` run nothing that follows.
  if (rest.length === 0 || (name === "command" && /^-[vV]/.test(command.words[1]?.value ?? ""))) return undefined;
  const at = { start: first.start, end: (rest[0] as ShellWord).start };
  const becomes = userWrappers.has(name) ? { as: { by: name, user: user ?? "root", at } } : {};
  return { ...command, ...becomes, words: rest, assignments: [...command.assignments, ...assignments] };
}

function skip(
  words: readonly ShellWord[],
  valued: string,
  operands: number,
): { rest: ShellWord[]; user: string | undefined } {
  let user: string | undefined;
  let index = 0;
  for (; index < words.length; index += 1) {
    const { value } = words[index] as ShellWord;
    if (value === "--") {
      index += 1;
      break;
    }
    const long = /^--(user|reuid)(?:=(.*))?$/.exec(value);
    if (long !== null) user = long[2] ?? words[++index]?.value;
    else if (/^-[a-zA-Z]$/.test(value) && valued.includes(value.slice(1))) {
      index += 1;
      if (value === "-u") user = words[index]?.value;
    } else if (/^-u./.test(value) && valued.includes("u")) user = value.slice(2);
    else if (!value.startsWith("-")) break;
  }
  if (operands === 1 && valued === "" && index < words.length) user = words[index]?.value;
  return { rest: words.slice(index + operands), user };
}

// A Dockerfile as stages of steps, each with the user, the environment and the directory that hold for it.
import type { LintFile } from "../file.ts";
import type { Scripted } from "../model.ts";
import type { ShellCommand } from "../shell/command.ts";
import { readCommands } from "../shell/read.ts";
import { type KnownImage, knownImage } from "./images.ts";
import { type Instruction, readInstructions } from "./instruction.ts";
import { type Mount, mountOf } from "./mount.ts";
import { type Account, accountOf, type User, userOf } from "./user.ts";
import { expand } from "./words.ts";

/** A value, or undefined for one that only the build knows. */
export type Environment = ReadonlyMap<string, string | undefined>;

export interface Step {
  readonly instruction: Instruction;
  readonly stage: Stage;
  /** Undefined if nothing in the file says who it is and the base image is not known. */
  readonly user: User | undefined;
  readonly env: Environment;
  /** Absolute, or undefined if not known. */
  readonly workdir: string | undefined;
  /** Of RUN, CMD and ENTRYPOINT. */
  readonly commands: readonly ShellCommand[];
  readonly mounts: readonly Mount[];
  /** Of USER: who runs what follows. */
  readonly becomes?: User;
}

export interface Stage {
  /** From 0. */
  readonly index: number;
  readonly name?: string;
  readonly from: Instruction;
  /** The stage that it goes on from. */
  readonly parent?: Stage;
  /** What is known of the image that it, or its first ancestor, begins with. */
  readonly image?: KnownImage;
  readonly steps: readonly Step[];
}

export interface Dockerfile extends Scripted {
  readonly stages: readonly Stage[];
}

interface State {
  user: User | undefined;
  env: Environment;
  workdir: string | undefined;
  accounts: ReadonlyMap<string, Account>;
  args: Map<string, string | undefined>;
  /** False after `SHELL ["powershell", …]`. */
  posixShell: boolean;
}

export function readDockerfile(file: LintFile): Dockerfile {
  const instructions = readInstructions(file.text);
  const stages: (Stage & { steps: Step[] })[] = [];
  const ends: State[] = [];
  const globals = new Map<string, string | undefined>();
  let state: State | undefined;
  for (const instruction of instructions) {
    if (instruction.keyword === "FROM") {
      const stage = stageOf(instruction, stages, globals);
      const before = stage.parent === undefined ? undefined : ends[stage.parent.index];
      state = before === undefined ? freshState(stage.image) : { ...before, args: new Map() };
      stages.push(stage);
      ends.push(state);
      continue;
    }
    const stage = stages.at(-1);
    if (stage === undefined || state === undefined) {
      if (instruction.keyword === "ARG") declare(instruction, globals, globals, new Map());
      continue;
    }
    step(instruction, stage, state, globals, file.text);
  }
  const commands = stages.flatMap(({ steps }) => steps.flatMap((one) => one.commands));
  return { file, blocks: instructions, stages, commands };
}

function stageOf(from: Instruction, stages: readonly Stage[], globals: Environment): Stage & { steps: Step[] } {
  const [image, as, name] = from.words;
  const reference = image === undefined ? undefined : expand(image.value, (one) => globals.get(one));
  const parent = [...stages]
    .reverse()
    .find((stage) => reference !== undefined && stage.name === reference.toLowerCase());
  const known = parent?.image ?? (parent !== undefined || reference === undefined ? undefined : knownImage(reference));
  return {
    index: stages.length,
    from,
    steps: [],
    ...(as?.value.toLowerCase() === "as" && name !== undefined ? { name: name.value.toLowerCase() } : {}),
    ...(parent === undefined ? {} : { parent }),
    ...(known === undefined ? {} : { image: known }),
  };
}

function freshState(image: KnownImage | undefined): State {
  return {
    user: image === undefined ? undefined : userOf(image.user, new Map(), true),
    env: new Map(Object.entries(image?.env ?? {})),
    workdir: image?.workdir,
    accounts: new Map(),
    args: new Map(),
    posixShell: true,
  };
}

function step(
  instruction: Instruction,
  stage: Stage & { steps: Step[] },
  state: State,
  globals: Environment,
  source: string,
): void {
  const { keyword } = instruction;
  const lookUpHere = (name: string): string | undefined =>
    state.env.has(name) ? state.env.get(name) : state.args.get(name);
  const expanded = (text: string): string | undefined => expand(text, lookUpHere);
  const isScript = keyword === "RUN" || keyword === "CMD" || keyword === "ENTRYPOINT";
  const commands = isScript && state.posixShell ? commandsOf(instruction, source) : [];
  const { user, env, workdir } = state;
  const mounts = instruction.flags
    .filter(({ name }) => name === "mount")
    .map((flag) => mountOf(flag, expanded, workdir));
  const becomes = keyword === "USER" ? nextUser(instruction, state, stage, expanded) : undefined;
  stage.steps.push({
    instruction,
    stage,
    user,
    env,
    workdir,
    commands,
    mounts,
    ...(becomes === undefined ? {} : { becomes }),
  });
  if (keyword === "USER") {
    state.user = becomes;
  } else if (keyword === "ENV") {
    state.env = new Map([
      ...state.env,
      ...pairsOf(instruction).map(({ name, value }) => [name, expanded(value)] as const),
    ]);
  } else if (keyword === "ARG") declare(instruction, state.args, globals, state.env);
  else if (keyword === "WORKDIR") {
    const value = expanded(instruction.body.replace(/^(["'])(.*)\1$/, "$2"));
    state.workdir = value?.startsWith("/") || state.workdir === undefined ? value : join(state.workdir, value);
  } else if (keyword === "SHELL") {
    state.posixShell = /(^|\/)(ba|da|a|k|z)?sh$/.test(instruction.json?.[0] ?? "");
  }
  for (const command of keyword === "RUN" ? commands : []) {
    const added = accountOf(command, expanded);
    if (added !== undefined) state.accounts = new Map([...state.accounts, [added.name, added.account]]);
  }
}

function nextUser(
  { words }: Instruction,
  { accounts }: State,
  { image }: Stage,
  expanded: (text: string) => string | undefined,
): User | undefined {
  const value = words[0] === undefined ? undefined : expanded(words[0].value);
  return value === undefined ? undefined : userOf(value, accounts, image !== undefined);
}

function join(directory: string, name: string | undefined): string | undefined {
  return name === undefined
    ? undefined
    : `${directory.replace(/\/$/, "")}/${name.replace(/^\.\/?/, "")}`.replace(/(?<=.)\/$/, "");
}

function declare(
  { words }: Instruction,
  into: Map<string, string | undefined>,
  globals: Environment,
  env: Environment,
): void {
  for (const { value } of words) {
    const equals = value.indexOf("=");
    const name = equals < 0 ? value : value.slice(0, equals);
    const lookUp = (one: string): string | undefined => env.get(one) ?? into.get(one);
    into.set(name, equals < 0 ? globals.get(name) : expand(value.slice(equals + 1), lookUp));
  }
}

/** What an ENV sets: `NAME=value …`, or the old `NAME value`. */
export function pairsOf({ words, body, bodyStart, keyword }: Instruction): {
  name: string;
  value: string;
  start: number;
  end: number;
}[] {
  const [first] = words;
  if (first === undefined) return [];
  if (keyword === "ENV" && !first.value.includes("=")) {
    const value = body.slice(first.end - bodyStart).trim();
    return [{ name: first.value, value, start: first.start, end: bodyStart + body.length }];
  }
  return words.map(({ value, start, end }) => {
    const equals = value.indexOf("=");
    return {
      name: equals < 0 ? value : value.slice(0, equals),
      value: equals < 0 ? "" : value.slice(equals + 1),
      start,
      end,
    };
  });
}

function commandsOf({ json, body, bodyStart, heredocs, words }: Instruction, source: string): ShellCommand[] {
  if (json !== undefined) return jsonCommands(json, body, bodyStart);
  const [heredoc] = heredocs;
  if (heredoc === undefined) return readCommands(body, bodyStart);
  if (words.length === 1) {
    // A script for the shell, unless its first line names another interpreter.
    const first = /^\s*#!\s*(\S+)(?: +(\S+))?/.exec(heredoc.text);
    const interpreter = first === null ? "sh" : `${first[1]} ${first[2] ?? ""}`;
    return /\b(ba|da|a|k|z)?sh\b/.test(interpreter) ? readCommands(heredoc.text, heredoc.start) : [];
  }
  const gap = heredoc.start - bodyStart - body.length;
  return readCommands(
    `${body}${" ".repeat(Math.max(0, gap - 1))}\n${source.slice(heredoc.start, heredocs.at(-1)?.end)}`,
    bodyStart,
  );
}

/** `["go", "build"]`: one command without a shell. */
function jsonCommands(json: readonly string[], body: string, bodyStart: number): ShellCommand[] {
  const shell = /(^|\/)(ba|da|a|k)?sh$/.test(json[0] ?? "") && /^-[a-z]*c$/.test(json[1] ?? "");
  const at = { start: bodyStart, end: bodyStart + body.length };
  // The words' own places are those of the whole text: escapes in JSON make no difference then.
  const place = (commands: readonly ShellCommand[]): ShellCommand[] =>
    commands.map((command) => ({
      ...command,
      ...at,
      words: command.words.map(({ value }) => ({ value, ...at })),
      assignments: command.assignments.map(({ name, value }) => ({ name, value, ...at })),
      writes: command.writes.map(({ value }) => ({ value, ...at })),
    }));
  if (shell) return place(readCommands(json[2] ?? ""));
  return place([{ words: json.map((value) => ({ value, ...at })), assignments: [], writes: [], ...at }]);
}

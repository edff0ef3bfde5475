// What `doctor`, `can` and `why` have in common: who asks, in which directory, about which cache.
import { resolve } from "node:path";
import type { Context } from "../context.ts";
import { exitStatus, UserError } from "../error.ts";
import type { Facts } from "../facts/facts.ts";
import { readFacts } from "../host/facts.ts";
import { MachineWorld } from "../host/world.ts";
import { parseWho, type Who } from "../permission/subject.ts";
import type { CommonOptions } from "./terminal.ts";

export interface Question {
  readonly facts: Facts;
  readonly world: MachineWorld;
  /** Absolute. */
  readonly directory: string;
}

/** Reads the machine for a command. @throws {UserError} for a WHO that is malformed or unknown, or a directory that is not there */
export function readQuestion(options: CommonOptions & { for?: string }, context: Context): Question {
  const cwd = options.C === undefined ? context.cwd : resolve(context.cwd, options.C);
  const directory = options.for === undefined ? cwd : resolve(cwd, options.for);
  const who = options.as === undefined ? undefined : readWho(options.as);
  const facts = readFacts({
    environment: context.env as Record<string, string | undefined>,
    directory: cwd,
    ...(options.cacheDir === undefined ? {} : { cacheDirectory: resolve(cwd, options.cacheDir) }),
    ...(who === undefined ? {} : { who }),
  });
  const world = new MachineWorld("value" in facts.mounts ? facts.mounts.value : []);
  for (const [flag, path] of [
    ["-C", options.C && cwd],
    ["--for", options.for && directory],
  ] as const) {
    if (!path) continue;
    const entry = world.look(path);
    if (entry === "absent")
      throw new UserError(`${flag} ${path} does not exist`, "name a directory with a go.mod", exitStatus.usage);
  }
  return { facts, world, directory };
}

function readWho(text: string): Who {
  try {
    return parseWho(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UserError(
      `--as ${text}: ${error.message}`,
      "examples: --as app, --as 1000, --as 1000:1000,3000+umask=002",
    );
  }
}

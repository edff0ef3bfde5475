// What `doctor`, `can` and `why` have in common: who asks, in which directory, about which cache.
import { resolve } from "node:path";
import type { Context } from "../context.ts";
import { exitStatus, UserError } from "../error.ts";
import type { Facts } from "../facts/facts.ts";
import { openWorld, readFacts } from "../host/facts.ts";
import type { MachineWorld } from "../host/world.ts";
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
  const world = openWorld();
  const facts = readFacts(
    {
      environment: context.env,
      directory: cwd,
      projectDirectory: directory,
      ...(options.cacheDir === undefined ? {} : { cacheDirectory: resolve(cwd, options.cacheDir) }),
      ...(options.as === undefined ? {} : { who: options.as }),
    },
    world,
  );
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

// Where go keeps things at a step of a Dockerfile, from ENV, ARG, exports and the user's home.

import { Remembered } from "../remembered.ts";
import type { ShellCommand } from "../shell/command.ts";
import type { Environment, Step } from "./model.ts";
import { expand } from "./words.ts";

/** Absolute paths; undefined is what the file does not tell. */
export interface GoPlaces {
  readonly home: string | undefined;
  readonly modules: string | undefined;
  readonly builds: string | undefined;
}

/** Every rule asks about every command, and each command belongs to one step. */
const known = new Remembered<ShellCommand | Step, GoPlaces>();
const environments = new Remembered<ShellCommand | Step, Environment>();

/**
 * For a command of the step, or for the step before its first command.
 * cmd/go/internal/cfg and internal/buildcfg: GOMODCACHE, else GOPATH/pkg/mod, else HOME/go/pkg/mod; GOCACHE, else XDG_CACHE_HOME/go-build,
 * else HOME/.cache/go-build.
 */
export function goPlaces(step: Step, command?: ShellCommand): GoPlaces {
  const key = command ?? step;
  const places = known.get(key) ?? findPlaces(step, command);
  known.set(key, places);
  return places;
}

function findPlaces(step: Step, command?: ShellCommand): GoPlaces {
  const env = environmentOf(step, command);
  const read = (name: string): string | undefined | "unset" => {
    if (!env.has(name)) return "unset";
    const value = env.get(name);
    return value === "" ? "unset" : value;
  };
  const own = command?.as === undefined ? step.user?.home : undefined;
  const set = read("HOME");
  const home = set === "unset" || command?.as !== undefined ? own : set;
  const below = (base: string | undefined, rest: string): string | undefined =>
    base === undefined ? undefined : `${base.replace(/\/$/, "")}/${rest}`;
  const first = (name: string, otherwise: () => string | undefined): string | undefined => {
    const value = read(name);
    return value === "unset" ? otherwise() : value;
  };
  // GOPATH may be a list; the first one counts.
  const path = first("GOPATH", () => below(home, "go"))?.split(":")[0];
  // Accounts made in the image may have settings of their own: go env -w.
  const settled = step.stage.steps.some(
    (one) => one.instruction.start < step.instruction.start && one.commands.some(writesSettings),
  );
  return {
    home,
    modules: first("GOMODCACHE", () => (settled ? undefined : below(path, "pkg/mod"))),
    builds: first("GOCACHE", () =>
      settled
        ? undefined
        : below(
            first("XDG_CACHE_HOME", () => below(home, ".cache")),
            "go-build",
          ),
    ),
  };
}

/** The variables that a command sees: the step's, those that the script exported before, its own. */
export function environmentOf(step: Step, command?: ShellCommand): Environment {
  const key = command ?? step;
  const env = environments.get(key) ?? findEnvironment(step, command);
  environments.set(key, env);
  return env;
}

function findEnvironment(step: Step, command?: ShellCommand): Environment {
  const plain = step.commands.every(({ assignments }) => assignments.length === 0);
  if (plain) return step.env;
  const env = new Map(step.env);
  const expanded = (text: string): string | undefined =>
    /[`(]/.test(text) ? undefined : expand(text, (name) => env.get(name));
  for (const one of step.commands) {
    if (command !== undefined && one.start >= command.start) break;
    const shell = one.words.length === 0 || one.words[0]?.value === "export";
    for (const { name, value } of shell ? one.assignments : []) env.set(name, expanded(value));
  }
  for (const { name, value } of command?.assignments ?? []) env.set(name, expanded(value));
  return env;
}

function writesSettings({ words }: ShellCommand): boolean {
  return words[0]?.value === "go" && words[1]?.value === "env" && words.some(({ value }) => value === "-w");
}

// Variables of go that a file sets, wherever it does.
import { type Dockerfile, pairsOf } from "../dockerfile/model.ts";
import { expand } from "../dockerfile/words.ts";
import type { Span } from "../file.ts";
import type { Scripted } from "../model.ts";

export interface Setting extends Span {
  readonly name: string;
  /** With the variables of a Dockerfile replaced where they are known. */
  readonly value: string;
  /** `ENV`, `export`, `go env -w`, `env` of a container or a job, or nothing for a single command. */
  readonly by: "ENV" | "ARG" | "env" | "export" | "go env -w" | "";
}

export function settingsOf(model: Scripted | Dockerfile): Setting[] {
  const settings: Setting[] = (model.variables ?? []).map((one) => ({ by: "env", ...one }));
  for (const { instruction, env } of "stages" in model ? model.stages.flatMap(({ steps }) => steps) : []) {
    const { keyword } = instruction;
    if (keyword !== "ENV" && keyword !== "ARG") continue;
    for (const { name, value, start, end } of pairsOf(instruction)) {
      settings.push({ name, value: expand(value, (one) => env.get(one)) ?? value, start, end, by: keyword });
    }
  }
  for (const { words, assignments } of model.commands) {
    const by = words.length === 0 || words[0]?.value === "export" ? "export" : "";
    settings.push(...assignments.map((assignment) => ({ by, ...assignment }) as const));
    const [program, verb, ...rest] = words.map(({ value }) => value);
    if (!/(^|\/)go$/.test(program ?? "") || verb !== "env" || !rest.includes("-w")) continue;
    for (const { value, start, end } of words) {
      const equals = value.indexOf("=");
      if (equals > 0)
        settings.push({ name: value.slice(0, equals), value: value.slice(equals + 1), start, end, by: "go env -w" });
    }
  }
  return settings;
}

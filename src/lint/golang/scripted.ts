// The commands of a file with what its surroundings tell about go's directories.
import { environmentOf, type GoPlaces, goPlaces } from "../dockerfile/go-places.ts";
import type { Dockerfile, Step } from "../dockerfile/model.ts";
import { expand } from "../dockerfile/words.ts";
import type { Scripted } from "../model.ts";
import { Remembered } from "../remembered.ts";
import type { ShellCommand, ShellWord } from "../shell/command.ts";
import { type CacheVariable, cacheNamed } from "./cache-word.ts";

export interface PlacedCommand {
  readonly command: ShellCommand;
  /** The step of a Dockerfile. */
  readonly step?: Step;
  readonly places?: GoPlaces;
}

const known = new Remembered<object, PlacedCommand[]>();

export function placedCommands(model: Scripted | Dockerfile): readonly PlacedCommand[] {
  const placed = known.get(model) ?? place(model);
  known.set(model, placed);
  return placed;
}

function place(model: Scripted | Dockerfile): PlacedCommand[] {
  if (!("stages" in model)) return model.commands.map((command) => ({ command }));
  return model.stages.flatMap(({ steps }) =>
    steps.flatMap((step) => step.commands.map((command) => ({ command, step, places: goPlaces(step, command) }))),
  );
}

/** Which of go's directories a word of the command names. */
export function cacheIn({ command, step, places }: PlacedCommand, { value }: ShellWord): CacheVariable | undefined {
  const plain = cacheNamed(value);
  if (plain !== undefined || step === undefined || places === undefined) return plain;
  const env = environmentOf(step, command);
  const whole = /[`(]/.test(value) ? undefined : expand(value, (name) => env.get(name));
  return whole === undefined ? undefined : cacheNamed(whole, { places, workdir: step.workdir });
}

// `RUN --mount=…` as BuildKit reads it (frontend/dockerfile/instructions/commands_runmount.go).
import type { Flag } from "./instruction.ts";
import { absolute } from "./path.ts";

export interface Mount {
  readonly flag: Flag;
  /** bind if absent. */
  readonly type: string;
  /** Absolute; undefined if it is missing or not known before the build. */
  readonly target?: string;
  readonly options: ReadonlyMap<string, string>;
}

/**
 * @param expandText variables of the file -> values, or undefined
 * @param workdir what a relative target is below
 */
export function mountOf(
  flag: Flag,
  expandText: (text: string) => string | undefined,
  workdir: string | undefined,
): Mount {
  const options = new Map<string, string>();
  for (const field of flag.value.replace(/["']/g, "").split(",")) {
    const equals = field.indexOf("=");
    const name = (equals < 0 ? field : field.slice(0, equals)).toLowerCase();
    options.set(name, equals < 0 ? "true" : field.slice(equals + 1));
  }
  const written = options.get("target") ?? options.get("dst") ?? options.get("destination");
  const text = written === undefined ? undefined : expandText(written);
  const target = text === undefined ? undefined : absolute(text, workdir, undefined);
  return { flag, type: options.get("type") ?? "bind", options, ...(target === undefined ? {} : { target }) };
}

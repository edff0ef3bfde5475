// `RUN --mount=…` as BuildKit reads it (frontend/dockerfile/instructions/commands_runmount.go).
import type { Flag } from "./instruction.ts";

export interface Mount {
  readonly flag: Flag;
  /** bind if absent. */
  readonly type: string;
  /** Absolute if the file says so; undefined if it is missing or not known before the build. */
  readonly target?: string;
  readonly options: ReadonlyMap<string, string>;
}

/** @param expandText variables of the file -> values, or undefined */
export function mountOf(flag: Flag, expandText: (text: string) => string | undefined): Mount {
  const options = new Map<string, string>();
  for (const field of flag.value.replace(/["']/g, "").split(",")) {
    const equals = field.indexOf("=");
    const name = (equals < 0 ? field : field.slice(0, equals)).toLowerCase();
    options.set(name, equals < 0 ? "true" : field.slice(equals + 1));
  }
  const written = options.get("target") ?? options.get("dst") ?? options.get("destination");
  const target = written === undefined ? undefined : expandText(written)?.replace(/(?<=.)\/+$/, "");
  return { flag, type: options.get("type") ?? "bind", options, ...(target === undefined ? {} : { target }) };
}

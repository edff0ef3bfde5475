// Where a tool of the system is.
import { existsSync } from "node:fs";
import { systemPath } from "./system-path.ts";

/** The absolute path of a tool of the system; undefined if it is not installed. */
export function systemProgram(name: string): string | undefined {
  return systemPath
    .split(":")
    .map((directory) => `${directory}/${name}`)
    .find((file) => existsSync(file));
}

// The built program, run as somebody.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runAs, type TestUser } from "./lab.ts";

/** Another program to test instead of what the build leaves in dist: an executable of scripts/build-executables.sh. */
const other = process.env["GOMODCACHE_PROGRAM"];

/** The words that run gomodcache; none of them needs quotes in a shell. */
export const command: readonly [string, ...string[]] =
  other === undefined ? [process.execPath, fileURLToPath(new URL("../../dist/cli.js", import.meta.url))] : [other];
/** The same, in two: what is executed, and the words before gomodcache's own. */
export const [executable, ...before] = command;

/** The words that run gomodcache-init. */
export const initCommand: readonly string[] =
  other === undefined
    ? [process.execPath, fileURLToPath(new URL("../../dist/init-cli.js", import.meta.url))]
    : [other, "init"];

/** A shell script that runs these words with its own arguments. */
export function gomodcacheScript(words: readonly string[] = command): string {
  return `#!/bin/sh\nexec ${words.map((word) => `'${word}'`).join(" ")} "$@"\n`;
}

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `gomodcache …`. */
export function gomodcache(
  user: TestUser,
  argv: readonly string[],
  options: { cwd: string; env: Readonly<Record<string, string>>; alone?: boolean },
): Ran {
  if (!existsSync(command.at(-1) as string)) throw new Error("the program is not built: npm run build");
  const { status, stdout, stderr } = runAs(user, [...command, ...argv], options);
  return { status, stdout, stderr };
}

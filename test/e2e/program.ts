// The built program, run as somebody.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runAs, type TestUser } from "./lab.ts";

export const program = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

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
  if (!existsSync(program)) throw new Error("the program is not built: npm run build");
  const { status, stdout, stderr } = runAs(user, [process.execPath, program, ...argv], options);
  return { status, stdout, stderr };
}

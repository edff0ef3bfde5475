// Tools of others that judge what the project writes: test/tools, built by scripts/build-tools.sh.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe } from "vitest";

const script = fileURLToPath(new URL("../../scripts/build-tools.sh", import.meta.url));
const directory = execFileSync(script, ["--path"], { encoding: "utf8" }).trim();

export interface Judged {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs opa, conftest, gator, actionlint, kustomize or validate. @throws {Error} if it cannot be started */
export function runTool(
  name: "opa" | "conftest" | "gator" | "actionlint" | "kustomize" | "validate",
  args: readonly string[],
  options: { readonly cwd?: string; readonly input?: string } = {},
): Judged {
  return judge(join(directory, name), args, options);
}

/** Runs a program that the system has. @throws {Error} if it cannot be started */
export function judge(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly input?: string } = {},
): Judged {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    ...options,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error !== undefined) throw error;
  return { status, stdout, stderr };
}

/** describe(), or a skip that says why. */
export function describeWithTools(title: string, tests: () => void): void {
  const missing = !existsSync(directory);
  describe.skipIf(missing)(missing ? `${title} (skipped: run scripts/build-tools.sh)` : title, tests);
}

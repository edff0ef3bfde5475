// Runs this project's own code as another user: bundled into one file that everybody may read, by a node of that user.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";

export const isRoot = process.getuid?.() === 0;
export const notRoot = "needs root, to become other users";

/** A directory that every user may enter, in which `code` may be kept; the caller removes it. */
export function openDirectory(prefix: string): string {
  const directory = mkdtempSync(join(tmpdir(), `gomodcache-${prefix}-`));
  chmodSync(directory, 0o755);
  return directory;
}

/**
 * Runs TypeScript code and returns what it printed as JSON.
 * @param code imports from "/src/…", relative to this repository
 * @param wrapper the program and arguments that start node, as setpriv or unshare do
 */
export function printedBy(code: string, wrapper: readonly string[], env: Record<string, string> = {}): unknown {
  const directory = openDirectory("child");
  try {
    const source = join(directory, "child.ts");
    const bundle = join(directory, "child.mjs");
    writeFileSync(source, code.replaceAll('"/src/', `"${join(import.meta.dirname, "../../src")}/`));
    buildSync({ entryPoints: [source], outfile: bundle, bundle: true, platform: "node", format: "esm" });
    chmodSync(bundle, 0o644);
    const [program = "", ...args] = [...wrapper, process.execPath, bundle];
    const path = process.env["PATH"] ?? "";
    const result = spawnSync(program, args, {
      cwd: "/",
      env: { PATH: path, ...env },
      encoding: "utf8",
      timeout: 60_000,
    });
    if (result.status !== 0) throw new Error(`${program} ended with ${result.status}: ${result.stderr}`);
    return JSON.parse(result.stdout);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The arguments by which setpriv(1) starts a program as a user of no other groups. */
export function asUser(uid: number, ...groups: number[]): string[] {
  const supplementary = groups.length === 0 ? "--clear-groups" : `--groups=${groups.join(",")}`;
  return ["setpriv", `--reuid=${uid}`, `--regid=${uid}`, supplementary, "--"];
}

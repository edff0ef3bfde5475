// Temporary directories that other users can enter, and programs bundled so that another process can run them.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { onTestFinished } from "vitest";

/** A new directory, mode 0755, that is deleted after the test. */
export function scratch(): string {
  const directory = mkdtempSync(join(tmpdir(), "gomodcache-tree-"));
  chmodSync(directory, 0o755);
  // Unlike rmSync, rm(1) deletes paths of any length.
  onTestFinished(() => {
    execFileSync("rm", ["-rf", "--", directory]);
  });
  return directory;
}

/** Bundles a source file into `directory`. @returns the program's path */
export function bundle(source: string, directory: string): string {
  const outfile = join(directory, "program.mjs");
  buildSync({ entryPoints: [source], outfile, bundle: true, platform: "node", format: "esm", logLevel: "error" });
  return outfile;
}

/** Makes directories within each other, `depth` of them, and a file in the last. No path of PATH_MAX or more is used. */
export function makeDeep(directory: string, depth: number): void {
  const script = `const fs = require("node:fs");
    for (let at = 0; at < ${depth}; at += 1) { fs.mkdirSync("nine-name"); process.chdir("nine-name"); }
    fs.writeFileSync("leaf", "");`;
  execFileSync(process.execPath, ["-e", script], { cwd: directory });
}

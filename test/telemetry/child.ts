// A program of these tests in a file of its own, made as scripts/build.ts makes ours.
import { chmodSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

/**
 * @param source the file's URL
 * @returns the program's path, in `directory`
 */
export function buildChild(source: URL, directory: string): string {
  const entry = fileURLToPath(source);
  const outfile = `${directory}/${basename(entry, ".ts")}.mjs`;
  buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    mainFields: ["module", "main"],
    conditions: ["module"],
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  chmodSync(outfile, 0o644);
  return outfile;
}

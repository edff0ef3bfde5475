// A program of these tests in a file of its own, made as scripts/build.ts makes ours.
import { chmodSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

/**
 * @param name of a file beside this one, without its ending
 * @returns the program's path, in `directory`
 */
export function buildChild(name: string, directory: string): string {
  const outfile = `${directory}/${name}.mjs`;
  buildSync({
    entryPoints: [fileURLToPath(new URL(`./${name}.ts`, import.meta.url))],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  chmodSync(outfile, 0o644);
  return outfile;
}

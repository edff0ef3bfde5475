// Code of this project as a program of its own, in a file that every user may read.
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";

const source = join(import.meta.dirname, "../../src");

/**
 * @param code imports from "/src/…", relative to this repository
 * @param outfile ends in .mjs
 */
export function bundleCode(code: string, outfile: string): string {
  const contents = code.replaceAll('"/src/', `"${source}/`);
  buildSync({
    stdin: { contents, resolveDir: source, loader: "ts" },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
  });
  chmodSync(outfile, 0o644);
  return outfile;
}

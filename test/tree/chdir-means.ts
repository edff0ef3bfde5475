// The means of systems without /proc, on Linux: the very code that macOS runs, but for the flag that opens a link itself.
import { chmodSync, constants, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build, type Plugin } from "esbuild";
import { O_PATH } from "../../src/tree/means-proc.ts";

/** O_SYMLINK, or what is like it. */
export const linkFlags = process.platform === "darwin" ? constants.O_SYMLINK : O_PATH | constants.O_NOFOLLOW;

const source = join(import.meta.dirname, "../../src");

const withoutProc: Plugin = {
  name: "without-proc",
  setup({ onLoad }) {
    onLoad({ filter: /\/src\/tree\/chosen-means\.ts$/ }, () => ({
      contents: `import { chdirMeans } from "./means-chdir.ts"; export const means = chdirMeans(${linkFlags});`,
      loader: "ts",
      resolveDir: join(source, "tree"),
    }));
    // A program may be told besides where tools of macOS are, and then takes the system for one.
    onLoad({ filter: /\/src\/host\/macos\/tools\.ts$/ }, ({ path }) => {
      const platform =
        'mac ? { name: "darwin", tools: macosTools(mac) } : { name: process.platform, tools: macosTools() }';
      const text = readFileSync(path, "utf8");
      const contents = text.replace("{ name: process.platform, tools: macosTools() }", platform);
      if (contents === text) throw new Error(`${path} is another one than this plugin knows`);
      return { contents: `const mac = process.env["FAKE_MAC"];\n${contents}`, loader: "ts", resolveDir: dirname(path) };
    });
  },
};

/**
 * Bundles code with those means.
 * @param code imports from "/src/…", relative to this repository
 * @param outfile ends in .mjs
 */
export async function bundleWithoutProc(code: string, outfile: string): Promise<string> {
  await build({
    stdin: { contents: code.replaceAll('"/src/', `"${source}/`), resolveDir: source, loader: "ts" },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
    mainFields: ["module", "main"],
    conditions: ["module"],
    loader: { ".md": "text" },
    define: { __VERSION__: '"0.0.0"' },
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
    plugins: [withoutProc],
  });
  chmodSync(outfile, 0o644);
  return outfile;
}

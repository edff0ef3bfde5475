// Bundles the program into dist/: lazily loaded chunks, so that a command loads only what it uses, and the licences of what was bundled.
import { execFileSync } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { build } from "esbuild";
import { writeManualPages } from "./man.ts";

const require = createRequire(import.meta.url);
const { version } = require("../package.json") as { version: string };

rmSync("dist", { recursive: true, force: true });
const result = await build({
  entryPoints: [
    "src/cli.ts",
    "src/init-cli.ts",
    "src/executable.ts",
    "src/index.ts",
    "src/checkout/look-worker.ts",
    "src/init/edit-worker.ts",
    "src/tree/change-worker.ts",
    "src/tree/walk-worker.ts",
    "src/tree/watch-worker.ts",
    "src/verify/check-worker.ts",
  ],
  outbase: "src",
  outdir: "dist",
  bundle: true,
  splitting: true,
  platform: "node",
  format: "esm",
  target: "node20",
  // Packages as ECMAScript modules where they have them, so that only what is used of them is bundled.
  mainFields: ["module", "main"],
  conditions: ["module"],
  // The same YAML library as an ECMAScript module; the one for Node asks its environment for LOG_TOKENS at every token.
  alias: { yaml: "./node_modules/yaml/browser/dist/index.js" },
  metafile: true,
  loader: { ".md": "text" },
  define: { __VERSION__: JSON.stringify(version) },
  // Bundled CommonJS packages call require() for Node's own modules.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  logLevel: "warning",
});
execFileSync("node_modules/.bin/tsc", ["-p", "tsconfig.types.json"], { stdio: "inherit" });
for (const program of ["dist/cli.js", "dist/init-cli.js"]) chmodSync(program, 0o755);
writeManualPages("dist/man");
writeFileSync("dist/THIRD-PARTY.txt", thirdParty(Object.keys(result.metafile.inputs)));

/** The name, version and licence text of each package that esbuild put into the bundle. */
function thirdParty(inputs: string[]): string {
  const packages = new Set<string>();
  for (const input of inputs) {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
    if (name !== undefined) packages.add(name);
  }
  const texts = [...packages].sort().map((name) => {
    const manifest = JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8"));
    return `${name} ${manifest.version} (${manifest.license})\n\n${licence(name)}`;
  });
  return `${texts.join(`\n${"-".repeat(80)}\n`)}\n`;
}

/** Packages spell this file's name in several ways. */
function licence(name: string): string {
  const file = readdirSync(`node_modules/${name}`).find((entry) => /^licen[cs]e(\.\w+)?$/i.test(entry));
  if (file === undefined) throw new Error(`${name} is bundled, but its licence file was not found`);
  return readFileSync(`node_modules/${name}/${file}`, "utf8").trim();
}

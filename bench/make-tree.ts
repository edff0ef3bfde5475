// Makes a directory that looks like a large module cache: `tsx bench/make-tree.ts DIR [VERSIONS]`.
// 20,000 module versions (the default) are about 500,000 entries, with the names, depth and modes of a real cache, umask 022.
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";

const [, , target, versionsText = "20000"] = process.argv;
const versionCount = Number(versionsText);
if (target === undefined || !Number.isInteger(versionCount) || versionCount < 1) {
  console.error("usage: tsx bench/make-tree.ts DIR [VERSIONS]");
  process.exit(2);
}
const root = target;
if (existsSync(root)) {
  console.error(`${root} exists already: give the name of a directory to make`);
  process.exit(2);
}
process.umask(0o022);

/** mulberry32: the same tree on every machine. */
let state = 20_240_601;
function random(below: number): number {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
}
function pick(words: readonly string[]): string {
  return words[random(words.length)] as string;
}

const hosts = ["github.com", "github.com", "github.com", "gitlab.com", "go.uber.org", "k8s.io", "cloud.google.com/go"];
const words = (
  "api auth azure backoff batch broker cache client cloud codec config consul context controller core crypto data driver " +
  "errors event exporter format gateway graph grpc handler http internal json kit lambda log merge metric mux net option otel " +
  "parser plugin pool proto proxy queue redis retry runtime schema sdk server session signer sql storage stream sync telemetry " +
  "template token trace transport types validator vault version watch worker yaml"
).split(" ");
const directories = ["internal", "cmd", "pkg", "testdata", "internal/wire", "pkg/api", "docs", "examples/basic"];

/** Module paths, escaped: one in eight owners has an upper-case letter. */
function modulePath(number: number): string {
  const owner = `${random(8) === 0 ? "!" : ""}${pick(words)}${pick(words)}${number % 400}`;
  const major = random(5) === 0 ? `/v${2 + random(4)}` : "";
  return `${pick(hosts)}/${owner}/${pick(words)}-${pick(words)}${number}${major}`;
}

function versionName(): string {
  if (random(4) > 0) return `v${random(3)}.${random(40)}.${random(20)}`;
  const date = `20${18 + random(8)}${String(1 + random(12)).padStart(2, "0")}${String(1 + random(28)).padStart(2, "0")}`;
  return `v0.0.0-${date}${String(random(240000)).padStart(6, "0")}-${hash(String(state)).toString("hex").slice(0, 12)}`;
}

function hash(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** `cache/download/<module>/@v/<version>.*`. @returns how many entries it made, the directories aside */
function makeRecord(directory: string, version: string): number {
  const base = `${directory}/${version}`;
  writeFileSync(`${base}.info`, `{"Version":"${version}","Time":"2024-06-01T12:00:00Z"}`);
  writeFileSync(`${base}.lock`, "");
  writeFileSync(`${base}.mod`, "module example\n\ngo 1.21\n");
  writeFileSync(`${base}.zip`, "PK");
  writeFileSync(`${base}.ziphash`, `h1:${hash(base).toString("base64")}`);
  return 5;
}

/** `<module>@<version>`: about 16 files in about 4 directories, read-only as Go leaves them. */
function makeTree(tree: string): number {
  const below = [...new Set(Array.from({ length: 2 + random(3) }, () => pick(directories)))];
  for (const directory of below) mkdirSync(`${tree}/${directory}`, { recursive: true });
  const all = new Set([tree]);
  for (const directory of below) {
    const parts = directory.split("/");
    for (let depth = 1; depth <= parts.length; depth += 1) all.add(`${tree}/${parts.slice(0, depth).join("/")}`);
  }
  const places = [...all];
  const files = new Set([`${tree}/LICENSE`, `${tree}/README.md`, `${tree}/go.mod`, `${tree}/go.sum`]);
  while (files.size < 16) files.add(`${pick(places)}/${pick(words)}${random(3) === 0 ? "_test" : ""}.go`);
  for (const file of files) writeFileSync(file, "package p\n", { mode: 0o444 });
  // Children first: a directory without its write bits takes no more entries (from anyone but root).
  for (const directory of places.reverse()) chmodSync(directory, 0o555);
  return files.size + places.length;
}

let entries = 0;
let made = 0;
for (let number = 0; made < versionCount; number += 1) {
  const module = modulePath(number);
  const directory = `${root}/cache/download/${module}/@v`;
  if (existsSync(directory)) continue;
  mkdirSync(directory, { recursive: true });
  const versions = new Set(Array.from({ length: 1 + random(5) }, versionName));
  mkdirSync(`${root}/${module.slice(0, module.lastIndexOf("/"))}`, { recursive: true });
  for (const version of versions) {
    if (made >= versionCount) break;
    entries += makeRecord(directory, version);
    entries += makeTree(`${root}/${module}@${version}`);
    made += 1;
  }
  writeFileSync(`${directory}/list`, [...versions].filter((version) => !version.startsWith("v0.0.0-")).join("\n"));
  entries += 2;
}
writeFileSync(`${root}/cache/lock`, "");
console.log(
  `${root}: ${made.toLocaleString("en-US")} module versions, more than ${entries.toLocaleString("en-US")} entries`,
);

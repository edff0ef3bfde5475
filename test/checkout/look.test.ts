import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { look } from "../../src/checkout/look.ts";
import { bundle, scratch } from "../tree/scratch.ts";

const folder = new URL("../lint/fixtures/", import.meta.url);
const source = new URL("../../src/checkout/look-worker.ts", import.meta.url).pathname;
const bad = [
  { name: "bad.Dockerfile", text: "FROM golang:1.25\nRUN go mod download\nRUN chmod -R 777 /go/pkg/mod\nUSER 1001\n" },
  { name: "broken.yaml", text: "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: golang}\n" },
  {
    name: "ignored.Dockerfile",
    text: "FROM golang:1.25\n# gomodcache ignore=script-cache-world-writable it is for a demonstration\nRUN chmod -R 777 /go/pkg/mod\n",
  },
];
const good = readdirSync(folder)
  .filter((name) => /\.(Dockerfile|yaml)$/.test(name))
  .map((name) => ({ name, text: readFileSync(new URL(name, folder), "utf8") }));
const files = Array.from({ length: 12 }, (_, number) =>
  [...bad, ...good].map(({ name, text }) => ({ path: `${number}/${name}`, text })),
).flat();

const real = (root: string): URL => pathToFileURL(bundle(source, root));
const worker = (root: string, name: string, text: string): URL => {
  writeFileSync(`${root}/${name}`, `import { parentPort } from "node:worker_threads";\n${text}`);
  return pathToFileURL(`${root}/${name}`);
};

it("says the same with one thread and with several", async () => {
  const root = scratch();
  const program = real(root);
  const alone = await look(files, { root }, { program, threads: 0 });
  expect(alone.findings.length).toBeGreaterThanOrEqual(24);
  expect(alone.skipped.length).toBeGreaterThanOrEqual(12);
  for (const threads of [1, 3]) expect(await look(files, { root }, { program, threads })).toEqual(alone);
  const only = new Set(["script-cache-world-writable"]);
  const few = await look(files, { root, only }, { program, threads: 0 });
  expect([few.findings.length, few.suppressed]).toEqual([12, 12]);
  expect(await look(files, { root, only }, { program, threads: 2 })).toEqual(few);
});

it("gives the other threads their shares", async () => {
  const root = scratch();
  const part =
    '{ findings: [], skipped: [{ rule: "thread", reason: "" }], looked: new Set(), suppressed: 0, files: 0 }';
  const marked = worker(root, "marked.mjs", `parentPort.on("message", () => parentPort.postMessage(${part}));`);
  const { skipped } = await look(files, { root }, { program: marked, threads: 1 });
  expect(skipped.filter(({ rule }) => rule === "thread").length).toBeGreaterThan(1);
});

it("looks at the shares of threads that die, or do not start, itself", async () => {
  const root = scratch();
  const alone = await look(files, { root }, { threads: 0 });
  const programs = [
    worker(root, "exits.mjs", 'parentPort.on("message", () => process.exit());'),
    worker(root, "throws.mjs", 'parentPort.on("message", () => { throw new Error("no"); });'),
    worker(root, "refuses.mjs", "process.exit(1);"),
    new URL("missing.mjs", folder),
  ];
  for (const broken of programs) expect(await look(files, { root }, { program: broken, threads: 2 })).toEqual(alone);
});

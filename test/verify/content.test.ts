// A whole cache: which modules are found, several threads against one, threads that die, progress, and what could not be seen.
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { buildSync } from "esbuild";
import { expect, test } from "vitest";
import type { ContentQuestion } from "../../src/verify/check.ts";
import { verifyContent } from "../../src/verify/content.ts";
import { Pool } from "../../src/verify/pool.ts";
import { verify } from "../../src/verify/run.ts";
import { cacheFacts } from "../doctor/cache-facts.ts";
import { scratch } from "../tree/scratch.ts";
import { addModule } from "./module-cache.ts";

const workerSource = new URL("../../src/verify/check-worker.ts", import.meta.url).pathname;

/** The program of a checking thread, as the build makes it. */
function worker(): URL {
  const outfile = `${scratch()}/worker.mjs`;
  const js = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';
  buildSync({ entryPoints: [workerSource], outfile, bundle: true, platform: "node", format: "esm", banner: { js } });
  return pathToFileURL(outfile);
}

/** Forty modules, of which four are damaged. */
function damagedCache(): string {
  const cache = scratch();
  for (let number = 0; number < 40; number += 1) {
    const { base, tree } = addModule(cache, `example.com/Group${number % 3}/m${number}`);
    if (number === 5) writeFileSync(`${tree}/a.go`, "package edited\n");
    if (number === 7) truncateSync(`${base}.mod`);
    if (number === 9) truncateSync(`${base}.ziphash`);
    if (number === 11) rmSync(tree, { recursive: true });
  }
  return cache;
}

test("several threads find the same as one", async () => {
  const facts = cacheFacts(damagedCache());
  const alone = await verifyContent(facts);
  const together = await verifyContent(facts, { checkWorker: worker() });
  expect(together).toEqual(JSON.parse(JSON.stringify(alone)));
  expect(alone).toMatchObject({ modules: 40, unseen: [] });
  expect(alone.contents.map(({ module, problems }) => [module, problems.map(({ kind }) => kind)])).toEqual([
    ["example.com/Group0/m9", ["ziphash-empty"]],
    ["example.com/Group1/m7", ["mod-file-empty"]],
    ["example.com/Group2/m11", ["tree-missing"]],
    ["example.com/Group2/m5", ["tree-not-as-zip"]],
  ]);
  const [{ directory, tree }] = alone.contents as [(typeof alone.contents)[0]];
  expect(directory.endsWith("/cache/download/example.com/!group0/m9/@v")).toBe(true);
  expect(tree.endsWith("/example.com/!group0/m9@v1.0.0")).toBe(true);
});

test("the report counts, names the worst first, and has the doctor's words for what the doctor finds too", async () => {
  const report = await verify(cacheFacts(damagedCache()));
  expect(report).toMatchObject({ command: "verify", verdict: "findings", skipped: [], passed: 13 });
  expect(report.findings.map(({ rule, severity, count }) => [rule, severity, count])).toEqual([
    ["mod-file-empty", "error", 1],
    ["tree-not-as-zip", "error", 1],
    ["ziphash-empty", "error", 1],
    ["tree-missing", "warning", 1],
  ]);
  expect(report.context).toEqual(["GOMODCACHE from --cache-dir", "40 module versions"]);
});

test("finds trees without a record, and leaves out what is no module", async () => {
  const cache = scratch();
  const { base } = addModule(cache);
  rmSync(`${cache}/cache/download`, { recursive: true });
  addModule(cache, "example.com/beta");
  addModule(cache, "example.com/gamma");
  mkdirSync(`${cache}/example.com/x@y/z@v1.0.0`, { recursive: true });
  mkdirSync(`${cache}/example.com/Upper@v1.0.0`);
  mkdirSync(`${cache}/cache/download/sumdb/sum.golang.org/lookup`, { recursive: true });
  mkdirSync(`${cache}/cache/vcs/0123`, { recursive: true });
  writeFileSync(`${cache}/cache/download/example.com/beta/@v/v9.9.9.lock`, "");
  const { modules, contents } = await verifyContent(cacheFacts(cache));
  expect(modules).toBe(3);
  expect(contents.map(({ module, problems }) => [module, problems.map(({ kind }) => kind)])).toEqual([
    ["example.com/alpha", ["extracted-without-record"]],
  ]);
  expect(base).toContain("alpha");
});

test("asked about a few modules, it looks at no others", async () => {
  const cache = damagedCache();
  const modules: ContentQuestion[] = [
    { module: "example.com/!group0/m9", version: "v1.0.0" },
    { module: "example.com/!group0/m0", version: "v1.0.0" },
    { module: "example.com/absent", version: "v1.0.0" },
  ];
  const survey = await verifyContent(cacheFacts(cache), { modules });
  expect(survey.modules).toBe(2);
  expect(survey.contents.map(({ module }) => module)).toEqual(["example.com/Group0/m9"]);
});

test("progress is told with a total, and a signal ends it", async () => {
  const cache = damagedCache();
  const told: (number | undefined)[][] = [];
  const onProgress = (done: number, total: number | undefined): void => void told.push([done, total]);
  await verifyContent(cacheFacts(cache), { onProgress, checkWorker: worker() });
  expect(told.at(-1)).toEqual([40, 40]);
  const stop = new AbortController();
  for (const options of [{}, { checkWorker: worker() }]) {
    const work = verifyContent(cacheFacts(cache), { ...options, signal: stop.signal, onProgress: () => stop.abort() });
    await expect(work).rejects.toThrow(/abort/i);
  }
});

test("what could not be read makes the verdict incomplete, never healthy", async () => {
  const cache = scratch();
  const { base } = addModule(cache);
  rmSync(`${base}.zip`);
  symlinkSync("/etc/hostname", `${base}.zip`);
  const report = await verify(cacheFacts(cache));
  expect(report).toMatchObject({ verdict: "incomplete", findings: [] });
  expect(report.skipped[0]?.rule).toBe("content");
  expect(report.skipped[0]?.reason).toContain(`${base}.zip: it is a symbolic link`);
});

test("a cache that is not there, or goes away, is not called healthy", async () => {
  const facts = cacheFacts(scratch());
  const gone = { ...facts, cache: { ...facts.cache, realPath: "/nowhere" } };
  expect((await verify(gone)).verdict).toBe("incomplete");
  const missing = { ...facts, cache: { ...facts.cache, state: "missing" as const } };
  expect((await verify(missing)).skipped[0]?.reason).toContain("does not exist");
});

test("a thread that dies is replaced, and its module is given up by name after the second time", async () => {
  const program = `${scratch()}/worker.mjs`;
  writeFileSync(
    program,
    `import { parentPort } from "node:worker_threads";
     parentPort.on("message", ({ number, question }) => {
       if (question.module === "bad") process.exit(7);
       parentPort.postMessage({ number, content: { module: question.module } });
     });`,
  );
  const names = ["a", "bad", "b", "c", "d", "e"];
  const [done, failed]: [string[], string[]] = [[], []];
  const listener = {
    onContent: ({ module }: { module: string }) => void done.push(module),
    onFailure: ({ module }: ContentQuestion) => void failed.push(module),
  };
  const questions = names.map((module) => ({ module, version: "v1.0.0" }));
  await new Pool("/", questions, pathToFileURL(program), 2, listener).run();
  expect(done.sort()).toEqual(["a", "b", "c", "d", "e"]);
  expect(failed).toEqual(["bad"]);
});

test("threads that cannot work at all end in answers too", async () => {
  const failed: string[] = [];
  const listener = {
    onContent: () => undefined,
    onFailure: (_: ContentQuestion, reason: string) => void failed.push(reason),
  };
  const questions = Array.from({ length: 100 }, (_, index) => ({ module: `m${index}`, version: "v1.0.0" }));
  await new Pool("/", questions, pathToFileURL("/no/such/program.mjs"), 2, listener).run();
  expect(failed).toHaveLength(100);
});

import { mkdirSync, Stats, symlinkSync, writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { Crew } from "../../src/tree/crew.ts";
import type { EntryStats } from "../../src/tree/entry.ts";
import { type Visitor, Walk } from "../../src/tree/walk.ts";
import { bundle, makeDeep, scratch } from "./scratch.ts";

const program = new URL("../../src/tree/walk-worker.ts", import.meta.url).pathname;

class Recorder implements Visitor<string> {
  readonly lines: string[] = [];
  readonly order: string[] = [];
  /** How many entries another thread looked at. */
  fromOthers = 0;

  enter(_name: string, path: string, stats: EntryStats): string {
    this.note(path, stats);
    return path;
  }

  visit(name: string, stats: EntryStats, directory: string): void {
    this.note(`${directory}/${name}`, stats);
  }

  finish(directory: string): void {
    this.order.push(directory);
  }

  private note(path: string, stats: EntryStats): void {
    if (!(stats instanceof Stats)) this.fromOthers += 1;
    const { mode, uid, gid, nlink, size, mtimeMs, ctimeMs } = stats;
    this.lines.push([path, mode, uid, gid, nlink, size, mtimeMs, ctimeMs].join(" "));
  }
}

function makeTree(root: string): void {
  for (let number = 0; number < 1_500; number += 1) {
    const directory = `${root}/part${number % 7}/module${number}`;
    mkdirSync(`${directory}/below`, { recursive: true });
    writeFileSync(`${directory}/file`, "x".repeat(number % 50), { mode: number % 2 === 0 ? 0o444 : 0o600 });
  }
  mkdirSync(`${root}/cache/download`, { recursive: true });
  mkdirSync(Buffer.concat([Buffer.from(`${root}/part0/`), Buffer.of(0xff), Buffer.from("/inner")]), {
    recursive: true,
  });
  symlinkSync("/etc", `${root}/part0/link`);
  writeFileSync(`${root}/part0/new\nline`, "");
}

test("several threads show the same entries as one", async () => {
  const directory = scratch();
  const worker = pathToFileURL(bundle(program, directory));
  const root = `${directory}/tree`;
  makeTree(root);
  makeDeep(`${root}/part3`, 600);
  const options = { last: `${root}/cache` };
  const alone = new Recorder();
  new Walk(alone, [{ path: root, directory: root }], options).advance();

  const together = new Recorder();
  const walk = new Walk(together, [{ path: root, directory: root }], options);
  walk.advance(0);
  // The others get time to start before this thread has done it all.
  const crew = new Crew(walk, together, options, worker, 2, () => setTimeout(20));
  await crew.run();

  expect(together.fromOthers).toBeGreaterThan(0);
  expect(together.fromOthers).toBeLessThan(together.lines.length);
  expect(together.lines.sort()).toEqual(alone.lines.sort());
  expect(together.order.slice(-2)).toEqual([`${root}/cache`, `${root}/cache/download`]);
  expect(walk.missed).toEqual({ vanished: 0, unreadCount: 0, unread: [], mountCount: 0, mounts: [] });
});

test("an error of the visitor ends the crew", async () => {
  const directory = scratch();
  const worker = pathToFileURL(bundle(program, directory));
  makeTree(`${directory}/tree`);
  const walk = new Walk(new Recorder(), [{ path: `${directory}/tree`, directory: "" }]);
  const stop = new Error("enough");
  const crew = new Crew(walk, new Recorder(), {}, worker, 2, async () => {
    throw stop;
  });
  await expect(crew.run()).rejects.toBe(stop);
});

test("without their program the other threads fail, and this one walks alone", async () => {
  const root = scratch();
  mkdirSync(`${root}/a/b`, { recursive: true });
  const recorder = new Recorder();
  const walk = new Walk(recorder, [{ path: root, directory: root }]);
  const missing = pathToFileURL(`${root}/no-such-program.mjs`);
  await new Crew(walk, recorder, {}, missing, 2, async () => undefined).run();
  expect(recorder.order.sort()).toEqual([root, `${root}/a`, `${root}/a/b`]);
});

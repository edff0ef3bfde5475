// Our own workflows are as we ask others to write them.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { lint } from "../../src/lint/run.ts";

const repository = new URL("../../", import.meta.url);
const folder = ".github/workflows/";

test("lint finds nothing in them", () => {
  const files = readdirSync(new URL(folder, repository)).map((name) => ({
    path: folder + name,
    text: readFileSync(new URL(folder + name, repository), "utf8"),
  }));
  expect(files.length).toBeGreaterThan(0);
  const { findings, skipped } = lint(files, { around: { has: (path) => existsSync(new URL(path, repository)) } });
  expect(skipped).toEqual([]);
  expect(findings).toEqual([]);
});

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openWorld, readFacts } from "../../src/host/facts.ts";
import { Oracle } from "../../src/oracle/ask.ts";

let lab: string;
beforeAll(() => {
  lab = mkdtempSync(join(tmpdir(), "gomodcache-ask-"));
  mkdirSync(join(lab, "cache"));
});
afterAll(() => rmSync(lab, { recursive: true }));

function oracle(change: Partial<ReturnType<typeof readFacts>>): Oracle {
  const world = openWorld();
  const facts = readFacts({ cacheDirectory: join(lab, "cache"), environment: process.env, directory: "/" }, world);
  return new Oracle({ ...facts, ...change }, world);
}

it("says what it supposes where go could not be asked", () => {
  const { verdict, warnings } = oracle({ go: { env: {}, source: "defaults" } }).ask({
    operation: "write",
    directory: lab,
  });
  expect(verdict).toBe("yes");
  expect(warnings.at(-1)).toContain("no go program was found: the answer is for go 1.");
});

it("does not say yes where a security module may decide", () => {
  const answer = oracle({ securityModule: "SELinux is enforcing" }).ask({ operation: "write", directory: lab });
  expect([answer.verdict, answer.reasons[0]?.message]).toEqual(["unknown", "SELinux is enforcing"]);
});

it("needs a project for what depends on one", () => {
  expect(() => oracle({}).ask({ operation: "build", directory: lab })).toThrow("there is no go.mod at or above");
});

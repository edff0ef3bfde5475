// Edits and their diff, compared with the diff and patch programs of the machine.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Edit } from "../../src/finding/finding.ts";
import { unifiedDiff } from "../../src/lint/diff.ts";
import { applyEdits, chooseEdits } from "../../src/lint/edit.ts";
import { Lines } from "../../src/lint/lines.ts";

const lines = fc.array(fc.constantFrom("a", "b", "", "FROM x", "RUN go build"), { maxLength: 30 });
const cases = fc.record({
  lines,
  end: fc.constantFrom("", "\n"),
  cuts: fc.array(fc.tuple(fc.nat(300), fc.nat(20), fc.constantFrom("", "X", "Y\n", "\nZ\nW")), { maxLength: 6 }),
});

function editsOf(text: string, cuts: readonly (readonly [number, number, string])[]): Edit[] {
  const index = new Lines(text);
  const edits: Edit[] = [];
  let free = 0;
  for (const [at, length, inserted] of [...cuts].sort((a, b) => a[0] - b[0])) {
    const start = Math.min(at, text.length);
    const end = Math.min(start + length, text.length);
    if (start < free || (start === end && inserted === "")) continue;
    edits.push({ start, end, text: inserted, ...index.region({ start, end }) });
    free = end + 1;
  }
  return edits;
}

it("patch makes of the diff what the edits make", () => {
  const directory = mkdtempSync(join(tmpdir(), "gomodcache-diff-"));
  try {
    fc.assert(
      fc.property(cases, ({ lines: own, end, cuts }) => {
        const text = own.length === 0 ? "" : own.join("\n") + end;
        const edits = editsOf(text, cuts);
        const expected = applyEdits(text, edits);
        const diff = unifiedDiff("f", text, edits);
        if (text === "" || expected === text) return;
        writeFileSync(join(directory, "f"), text);
        const patch = spawnSync("git", ["apply", "--unsafe-paths", "--whitespace=nowarn", "-"], {
          cwd: directory,
          input: diff,
          encoding: "utf8",
        });
        expect([patch.stderr, diff]).toEqual(["", diff]);
        const now = expected === "" ? "" : readFileSync(join(directory, "f"), "utf8");
        expect(now).toBe(expected);
      }),
      { numRuns: 150 },
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
});

it("chooses safe fixes, does a common one once, and leaves what overlaps for the next round", () => {
  const place = { line: 1, column: 1, endLine: 1, endColumn: 1 };
  const of = (start: number, end: number, text: string, disposition: "safe" | "unsafe" = "safe") => ({
    rule: "r",
    severity: "error" as const,
    confidence: "certain" as const,
    message: "",
    paths: [],
    count: 1,
    docs: "",
    fixes: [{ title: "", command: "", disposition, edits: [{ start, end, text, ...place }] }],
  });
  const findings = [of(5, 8, "a"), of(5, 8, "a"), of(7, 9, "b"), of(0, 1, "c"), of(20, 21, "d", "unsafe")];
  expect(chooseEdits(findings, false).map(({ text }) => text)).toEqual(["c", "a"]);
  expect(chooseEdits(findings, true).map(({ text }) => text)).toEqual(["c", "a", "d"]);
});

import { describe, expect, it } from "vitest";
import { allHeld, type LabRecord } from "../../src/lab/record.ts";
import { markdownPage, partText } from "../../src/lab/record-text.ts";

const plain = (text: string): string => text;
const style = { width: 80, bold: plain, good: plain, bad: plain };
const record = (held: boolean): LabRecord => ({
  name: "x",
  summary: "what x does",
  method: "It is done.",
  versions: ["go1.26"],
  steps: [
    {
      title: "First",
      parts: [
        { command: "ls", output: "a\n" },
        { text: "a is there", held },
      ],
    },
  ],
  conclusions: ["So it is."],
});

describe("a record", () => {
  it("holds only if each claim does", () => {
    expect([allHeld(record(true)), allHeld(record(false))]).toEqual([true, false]);
  });

  it("says aloud what did not happen", () => {
    expect(partText({ text: "a is there", held: false }, style)).toBe("   NOT SO  a is there\n");
    expect(markdownPage(record(false), "2026-01-02")).toContain("**Not as expected**: a is there");
  });

  it("is a page with everything in it", () => {
    expect(markdownPage(record(true), "2026-01-02")).toBe(
      "# lab x\n\nWhat x does.\n\nIt is done.\n\nThis is what `gomodcache lab x` printed on 2026-01-02, with go1.26. `$LAB` is its temporary directory.\n\n## 1. First\n\n```text\n$ ls\na\n```\n\nAs expected: a is there\n\n## What follows\n\n- So it is.\n",
    );
  });

  it("lets nothing that a program prints reach a terminal or end a code block", () => {
    const hostile = { command: "x", output: "\u001b[2J\n```\n::error::x\n" };
    expect(partText(hostile, style)).not.toContain("\u001b");
    const page = markdownPage({ ...record(true), steps: [{ title: "t", parts: [hostile] }] }, "d");
    expect(page).toContain("````text\n$ x\n\\x1b[2J\n```\n");
  });
});

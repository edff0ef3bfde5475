// What the tests of all rules about contents have in common: each has one module version with its problem, and what it says of it.
import { describe, expect, test } from "vitest";
import type { ModuleContent } from "../../src/facts/content.ts";
import type { ContentRule } from "../../src/rules/rule.ts";
import { runContents } from "./sample-contents.ts";

export interface Expected {
  readonly severity: ContentRule["severity"];
  readonly message: string;
  readonly why: string;
  /** The one file or tree that it names. */
  readonly path: string;
  readonly fix: { readonly command: string; readonly disposition: "safe" | "unsafe"; readonly title: string };
}

export function testContentRule(id: string, rule: ContentRule, one: ModuleContent, expected: Expected): void {
  describe(id, () => {
    test("says what is wrong, with evidence, and the command", () => {
      expect(rule.id).toBe(id);
      const draft = runContents(rule, [one]);
      const { message, why, paths, fixes } = draft ?? {};
      expect({ severity: rule.severity, message, why, paths, fixes }).toEqual({
        severity: expected.severity,
        message: expected.message,
        why: expected.why,
        paths: [{ group: "alice", mode: "-rw-r--r--", owner: "alice", path: expected.path }],
        fixes: [expected.fix],
      });
    });

    test("counts them all, and commands what it names", () => {
      const many = Array.from({ length: 1200 }, (_, index) => ({ ...one, version: `v1.0.${index}` }));
      const draft = runContents(rule, many);
      expect(draft?.count).toBe(1200);
      expect(draft?.message).toContain("1,200 ");
      expect(draft?.message).toContain("example.com/alpha@v1.0.0 and 1,199 more");
      expect(draft?.fixes[0]?.title).toMatch(/\(the first 3 of 1,200\)$/);
      expect(draft?.fixes[0]?.command).toContain(
        "go mod download example.com/alpha@v1.0.0 example.com/alpha@v1.0.1 example.com/alpha@v1.0.2",
      );
    });
  });
}

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type * as z from "zod/mini";
import { canJson, errorJson, json, whyJson } from "../../src/report/json.ts";
import { jsonl } from "../../src/report/jsonl.ts";
import { canDocument, errorDocument, jsonSchema, reportDocument, whyDocument } from "../../src/report/schema.ts";
import { hostileReport } from "./arbitrary.ts";
import { can, cannot, healthy, hostile, incomplete, options, why } from "./fixture.ts";

/** Fails on a missing or wrong field, and on one that the schema does not know (parsing drops it). */
function expectValid(text: string, schema: z.ZodMiniType): void {
  const document = JSON.parse(text);
  expect(schema.parse(document)).toEqual(document);
}

describe("the schema", () => {
  it("is the committed one: run `npx tsx scripts/schema.ts` after a change", () => {
    const committed = readFileSync(new URL("../../schema/report.v1.json", import.meta.url), "utf8");
    expect(JSON.parse(committed)).toEqual(jsonSchema());
  });

  it("has the fields that others rely on", () => {
    const { $defs } = jsonSchema() as { $defs: Record<string, { required: string[] }> };
    const required = (name: string): string[] => $defs[name]?.required ?? [];
    const head = ["schemaVersion", "tool", "command"];
    expect(required("Report")).toEqual([...head, "target", "verdict", "findings", "skipped", "stats"]);
    expect(required("Finding")).toEqual([
      "rule",
      "severity",
      "confidence",
      "message",
      "paths",
      "count",
      "fixes",
      "docs",
    ]);
    expect(required("Path")).toEqual(["path", "owner", "group", "mode"]);
    expect(required("Fix")).toEqual(["title", "disposition", "command"]);
    expect(required("Can")).toEqual([...head, "operation", "subject", "verdict", "reasons", "warnings"]);
    expect(required("Subject")).toEqual(["uid", "gid", "groups", "umask"]);
    expect(required("Why")).toEqual([...head, "path", "need", "subject", "verdict", "chain", "kernel", "fixes"]);
    expect(required("Error")).toEqual([...head, "error"]);
  });

  it("lets later versions add fields", () => {
    expect(JSON.stringify(jsonSchema())).not.toContain("additionalProperties");
  });
});

describe("documents", () => {
  it.each([
    ["findings", hostile],
    ["healthy", healthy],
    ["incomplete", incomplete],
  ])("of doctor are valid: %s", (_, report) => {
    expectValid(json(report, options), reportDocument);
  });

  it("of doctor are valid and lose nothing, whatever the report", () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        const text = json(report, options);
        expectValid(text, reportDocument);
        const { findings } = JSON.parse(text);
        expect(findings.map((one: { message: string }) => one.message)).toEqual(
          report.findings.map((one) => one.message),
        );
        expect(findings.flatMap((one: { paths: unknown }) => one.paths)).toEqual(
          report.findings.flatMap((one) => one.paths),
        );
      }),
      { numRuns: 100 },
    );
  });

  it("say when paths are left out, but not of a finding that is about none", () => {
    const [many, all, none] = JSON.parse(json(hostile, options)).findings;
    expect(many.truncated).toBe(true);
    expect(all).not.toHaveProperty("truncated");
    expect(none).not.toHaveProperty("truncated");
  });

  it("of can are valid", async () => {
    expectValid(canJson(cannot, options), canDocument);
    expectValid(canJson(can, options), canDocument);
    await expect(canJson(cannot, options)).toMatchFileSnapshot("__snapshots__/can-json");
    expect(JSON.parse(canJson(cannot, options)).reasons[1].denied_by).toBeNull();
  });

  it("of why are valid", async () => {
    expectValid(whyJson(why, options), whyDocument);
    expectValid(whyJson({ ...why, kernel: { asked: false, reason: "not root" } }, options), whyDocument);
    await expect(whyJson(why, options)).toMatchFileSnapshot("__snapshots__/why-json");
  });

  it("of errors are valid", () => {
    const text = errorJson("doctor", { message: "no user\x1b[31m x", hint: "Give a UID." }, options);
    expectValid(text, errorDocument);
    expect(text).not.toContain("\x1b");
    expect(JSON.parse(text)).toEqual({
      schemaVersion: 1,
      tool: { name: "gomodcache", version: "1.2.3" },
      command: "doctor",
      error: { message: "no user\x1b[31m x", hint: "Give a UID." },
    });
  });
});

describe("jsonl", () => {
  it("is one finding a line, as in the document, and then a summary", () => {
    const lines = jsonl(hostile, options)
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const { findings } = JSON.parse(json(hostile, options));
    expect(lines.slice(0, -1)).toEqual(findings.map((one: object) => ({ type: "finding", ...one })));
    expect(lines.at(-1)).toMatchObject({ type: "summary", verdict: "findings", errors: 1, warnings: 1, advice: 1 });
  });
});

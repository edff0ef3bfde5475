// Random hostile text, and random reports full of it.
import fc from "fast-check";
import type { Finding, Report } from "../../src/finding/finding.ts";
import { hostileNames } from "./fixture.ts";

const fragments = [
  ...hostileNames,
  "\n::error::x",
  "\r\n",
  "\x1b[2J",
  "\x9b31m",
  "\x7f",
  "\u2028",
  "\u202e",
  "\u2066",
  "\u200b",
  "\ufeff",
  "\ud800",
  "\udc00",
  "\uffff",
  "##vso[",
  "###[error]",
  ":::error::",
  " ::warning::",
  "]]>",
  "&amp;",
  "<b>",
  "|",
  "```",
  "](",
  "'",
  '"',
  "\\",
  "%0A",
];

export const hostileText: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom(...fragments), fc.string({ unit: "binary" }), fc.string()), { maxLength: 6 })
  .map((parts) => parts.join(""));

const region = { line: fc.nat(), column: fc.nat(), endLine: fc.nat(), endColumn: fc.nat() };
const edit = fc.record({ start: fc.nat(), end: fc.nat(), text: hostileText, ...region });

const finding: fc.Arbitrary<Finding> = fc.record(
  {
    rule: hostileText,
    severity: fc.constantFrom("error", "warning", "advice"),
    confidence: fc.constantFrom("certain", "likely"),
    message: hostileText,
    paths: fc.array(fc.record({ path: hostileText, owner: hostileText, group: hostileText, mode: hostileText }), {
      maxLength: 5,
    }),
    count: fc.nat(),
    subject: hostileText,
    why: hostileText,
    fixes: fc.array(
      fc.record(
        {
          title: hostileText,
          disposition: fc.constantFrom("safe", "unsafe"),
          command: fc.oneof(hostileText, fc.constant("")),
          edits: fc.array(edit, { maxLength: 2 }),
        },
        { requiredKeys: ["title", "disposition", "command"] },
      ),
      { maxLength: 2 },
    ),
    location: fc.record({ file: hostileText, ...region }),
    docs: hostileText,
  },
  { requiredKeys: ["rule", "severity", "confidence", "message", "paths", "count", "fixes", "docs"] },
);

export const hostileReport: fc.Arbitrary<Report> = fc.record(
  {
    command: fc.constantFrom("doctor", "lint"),
    target: hostileText,
    context: fc.array(hostileText, { maxLength: 2 }),
    verdict: fc.constantFrom("healthy", "findings", "incomplete"),
    findings: fc.array(finding, { maxLength: 12 }),
    skipped: fc.array(fc.record({ rule: hostileText, reason: hostileText }), { maxLength: 4 }),
    passed: fc.nat(),
    suppressed: fc.nat(),
    operations: fc.array(
      fc.record({
        operation: hostileText,
        verdict: fc.constantFrom("yes", "no", "unknown"),
        message: hostileText,
      }),
      { maxLength: 3 },
    ),
    stats: fc.record({ entries: fc.nat(), seconds: fc.double({ min: 0, max: 1e6, noNaN: true }) }),
  },
  { requiredKeys: ["command", "target", "context", "verdict", "findings", "skipped", "passed", "stats"] },
);

// What go can read as an .info: json.Unmarshal into a struct with a string and a time.
import fc from "fast-check";
import { expect, test } from "vitest";
import { isRevInfo } from "../../src/gocache/revinfo.ts";

test.each([
  '{"Version":"v1.0.0","Time":"2024-01-02T03:04:05Z"}',
  '{"Version":"v1.0.0","Time":"2024-01-02T03:04:05.678+02:00","Origin":{"VCS":"git"}}',
  '{"Version":"v1.0.0"}',
  "null",
  "{}\n",
])("go reads %s", (text) => {
  expect(isRevInfo(text)).toBe(true);
});

test.each([
  "",
  "{",
  '"v1.0.0"',
  "[]",
  "\0\0\0\0",
  "<html>",
  '{"Version":1}',
  '{"Version":"v1.0.0","Time":"yesterday"}',
  '{"Version":"v1.0.0","Time":0}',
])("go does not read %j", (text) => {
  expect(isRevInfo(text)).toBe(false);
});

test("any text ends in an answer", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => typeof isRevInfo(text) === "boolean"));
});

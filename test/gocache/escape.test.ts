import fc from "fast-check";
import { expect, it } from "vitest";
import { escapePath, unescapePath } from "../../src/gocache/escape.ts";

it.each([
  ["github.com/Azure/azure-sdk-for-go", "github.com/!azure/azure-sdk-for-go"],
  ["v1.0.0-RC1", "v1.0.0-!r!c1"],
])("escapes %s", (plain, escaped) => {
  expect(escapePath(plain)).toBe(escaped);
  expect(unescapePath(escaped)).toBe(plain);
});

it.each(["!", "a!B", "A", "!!a", "x!"])("refuses %s, which Go never writes", (escaped) => {
  expect(unescapePath(escaped)).toBeUndefined();
});

it("loses nothing", () => {
  const paths = fc.stringMatching(/^[A-Za-z0-9./_~-]*$/);
  fc.assert(fc.property(paths, (path) => unescapePath(escapePath(path)) === path));
});

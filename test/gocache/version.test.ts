import { expect, it } from "vitest";
import { compareGo, compareVersions } from "../../src/gocache/version.ts";

it("orders module versions as semantic versioning does", () => {
  const ordered = [
    "v0.0.0-20190101000000-aaaaaaaaaaaa",
    "v0.0.0-20240102030405-abcdefabcdef",
    "v0.9.0",
    "v1.0.0-alpha",
    "v1.0.0-alpha.1",
    "v1.0.0-alpha.beta",
    "v1.0.0-beta.2",
    "v1.0.0-beta.11",
    "v1.0.0-rc.1",
    "v1.0.0",
    "v1.0.1-0.20240102030405-abcdefabcdef",
    "v1.0.1",
    "v1.2.0",
    "v1.10.0",
    "v2.0.0+incompatible",
  ];
  const shuffled = [...ordered].sort((a, b) => (a < b ? 1 : -1));
  expect(shuffled.sort(compareVersions)).toEqual(ordered);
});

it("orders versions of Go", () => {
  const ordered = [
    "1.9",
    "1.16",
    "1.17",
    "1.21",
    "1.21beta1",
    "1.21rc1",
    "1.21rc2",
    "1.21.0",
    "1.21.3",
    "1.22",
    "go1.26.8",
  ];
  expect([...ordered].reverse().sort(compareGo)).toEqual(ordered);
});

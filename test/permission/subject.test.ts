import { expect, it } from "vitest";
import { parseCapabilityMask, parseWho } from "../../src/permission/subject.ts";

it.each([
  ["app", { name: "app" }],
  ["1000", { uid: 1000 }],
  ["1000:1001", { uid: 1000, gid: 1001, groups: [] }],
  ["1000:1001,3000,3001", { uid: 1000, gid: 1001, groups: [3000, 3001] }],
  ["app+umask=002", { name: "app", umask: 0o002 }],
  ["0+cap=none", { uid: 0, capabilities: new Set() }],
  ["0+cap=chown,CAP_FOWNER+umask=077", { uid: 0, capabilities: new Set(["chown", "fowner"]), umask: 0o077 }],
] as const)("reads %s", (text, who) => {
  expect(parseWho(text)).toEqual(who);
});

it.each([
  "",
  "1000:",
  ":1000",
  "1000:a",
  "a b",
  "1000+umask=9",
  "1000+umask=1777",
  "app+root",
  "4294967295",
  "0+cap=sys_admin",
  "-1",
])("refuses %j", (text) => {
  expect(() => parseWho(text)).toThrow(SyntaxError);
});

it("reads a capability mask of /proc/PID/status", () => {
  expect([...parseCapabilityMask("000001ffffffffff")].sort()).toEqual([
    "chown",
    "dac_override",
    "dac_read_search",
    "fowner",
    "fsetid",
  ]);
  // What Docker gives by default: CHOWN, DAC_OVERRIDE, FOWNER and FSETID, but not DAC_READ_SEARCH.
  expect([...parseCapabilityMask("00000000a80425fb")].sort()).toEqual(["chown", "dac_override", "fowner", "fsetid"]);
  expect([...parseCapabilityMask("0")]).toEqual([]);
});

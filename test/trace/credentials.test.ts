import { describe, expect, test } from "vitest";
import { Collector } from "../../src/trace/collector.ts";
import { Processes } from "../../src/trace/processes.ts";
import type { FailedCall } from "../../src/trace/reading/call.ts";
import { changeIds } from "../../src/trace/reading/credentials.ts";
import { StraceReader } from "../../src/trace/reading/strace-reader.ts";

describe("what a call makes of the IDs that count for files", () => {
  test.each([
    ["setuid", ["2001"], { uid: 2001 }],
    ["setreuid", ["-1", "2001"], { uid: 2001 }],
    ["setresuid", ["2001", "2002", "2003"], { uid: 2002 }],
    ["setresuid", ["2001", "-1", "2003"], { gid: 7 }],
    ["setresuid32", ["1", "4294967295", "3"], { gid: 7 }],
    ["setfsuid", ["2001"], { uid: 2001 }],
    ["setgid", ["8"], { gid: 8 }],
    ["setresgid", ["1", "8", "3"], { gid: 8 }],
    ["setgroups", ["2", "[10, 20]"], { groups: [10, 20] }],
    ["setgroups", ["0", "NULL"], { groups: [] }],
    ["setgroups", ["40", "[10, 20, ...]"], { gid: 7 }],
    ["setsid", [], { gid: 7 }],
    ["setuid", ["UID"], { gid: 7 }],
  ])("%s(%s)", (name, args, changed) => {
    expect(changeIds({ gid: 7 }, name, args)).toEqual({ gid: 7, ...changed });
  });
});

function read(lines: readonly string[]): FailedCall[] {
  const calls: FailedCall[] = [];
  const reader = new StraceReader({ errnos: new Set(["EACCES"]), onFailure: (call) => calls.push(call) });
  reader.push(`${lines.join("\n")}\n`);
  reader.end();
  return calls;
}
const refused = (tid: number): string => `${tid} openat(AT_FDCWD, "/c/lock", O_RDONLY) = -1 EACCES (Permission denied)`;

describe("a saved trace", () => {
  test("tells who a process became, and its children, and nobody else", () => {
    const calls = read([
      "10 getuid() = 0",
      refused(10),
      "10 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD) = 11",
      "11 setgroups(0, NULL) = 0",
      "11 setresgid(2001, 2001, 2001) = 0",
      "11 12:00:01.000001 (+     0.000031) setresuid(2001, 2001, 2001) = 0",
      "11 setuid(0) = -1 EPERM (Operation not permitted)",
      "11 vfork( <unfinished ...>",
      "11 <... vfork resumed>) = 12",
      refused(12),
      refused(10),
      "12 +++ exited with 0 +++",
      refused(12),
    ]);
    const became = { uid: 2001, gid: 2001, groups: [] };
    expect(calls.map(({ changed }) => changed)).toEqual([undefined, became, undefined, undefined]);
  });

  test("each is judged as who it was, with the capabilities that go with that", () => {
    const base = { uid: 0, gid: 0, groups: [0], capabilities: new Set(["dac_override"] as const), umask: 0o022 };
    const collector = new Collector(new Processes(base, true), undefined);
    for (const call of read([refused(10), "10 setuid(2001) = 0", refused(10), "10 setuid(0) = 0", refused(10)]))
      collector.add(call);
    const seen = collector.all().map(({ seen: { subject, known } }) => [subject.uid, subject.capabilities.size, known]);
    expect(seen).toEqual([
      [0, 1, "inherited"],
      [2001, 0, "process"],
      [0, 1, "process"],
    ]);
  });
});

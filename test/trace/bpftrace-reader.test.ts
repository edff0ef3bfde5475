import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bpftraceProgram, chunkLength } from "../../src/trace/reading/bpftrace-program.ts";
import { BpftraceReader } from "../../src/trace/reading/bpftrace-reader.ts";
import type { FailedCall } from "../../src/trace/reading/call.ts";
import { syscallNumbers } from "../../src/trace/reading/syscall-numbers.ts";

const numbers = syscallNumbers("x64") as Record<string, number>;

function read(text: string, pieces = text.length || 1) {
  const calls: FailedCall[] = [];
  const pings: string[] = [];
  let lost = 0;
  const reader = new BpftraceReader({
    numbers,
    architecture: "x64",
    pinging: 99,
    onFailure: (call) => calls.push(call),
    onPing: (path) => pings.push(path),
    onLost: (events) => {
      lost += events;
    },
  });
  for (let at = 0; at < text.length; at += pieces) reader.push(text.slice(at, at + pieces));
  return { calls, pings, lost };
}

const line = (data: string): string => `${JSON.stringify({ type: "printf", data })}\n`;
const event = (head: string, path: string, tid = 7): string => {
  const pieces = path.match(new RegExp(`[\\s\\S]{1,${chunkLength}}`, "g")) ?? [""];
  return `${line(head)}${pieces.map((piece, index) => line(`p ${tid} ${index} ${piece}`)).join("")}${line(`p ${tid} ${pieces.length} rubbish`)}${line(`e ${tid}`)}`;
};

describe("what bpftrace prints", () => {
  it("is a call with the IDs of its process", () => {
    expect(read(event("f 7 6 257 -13 2001 3000 ffffff9c 7ffe 80241 1b6 go", "/m/x.lock")).calls).toEqual([
      {
        call: "openat",
        errno: "EACCES",
        paths: [{ path: "/m/x.lock", wanted: "open" }],
        tid: 7,
        pid: 6,
        comm: "go",
        ids: { uid: 2001, gid: 3000 },
      },
    ]);
  });

  it("says where a relative path starts", () => {
    expect(read(event("f 7 6 257 -13 1 1 5 7ffe 0 0 a b", "x")).calls[0]).toMatchObject({
      comm: "a b",
      paths: [{ path: "x", from: 5, wanted: "read" }],
    });
    expect(read(event("f 7 6 257 -13 1 1 ffffffffffffff9c 7ffe 0 0 go", "x")).calls[0]?.paths).toEqual([
      { path: "x", from: "cwd", wanted: "read" },
    ]);
  });

  it("keeps newlines and quotation marks in names, and joins long ones", () => {
    const name = `/m/${'é"\n'.repeat(150)}`;
    expect(read(event("f 7 6 262 -13 1 1 ffffff9c 7ffe 0 0 go", name)).calls[0]?.paths).toEqual([
      { path: name, wanted: "look" },
    ]);
    const endless = read(event("f 7 6 262 -13 1 1 ffffff9c 7ffe 0 0 go", `/${"x".repeat(3000)}`)).calls[0];
    expect(endless?.paths[0]?.cut).toBe(true);
  });

  it("does not take pings for calls that matter, and counts what was lost", () => {
    const { pings, lost, calls } = read(
      `${event("f 99 99 257 -2 0 0 ffffff9c 7ffe 0 0 node", "/ping", 99)}{"type": "lost_events", "data": {"events": 12}}\n`,
    );
    expect({ pings, lost, calls }).toEqual({ pings: ["/ping"], lost: 12, calls: [] });
  });

  it("may be anything, in whatever pieces it comes", () => {
    const part = fc.constantFrom(
      ...["f 7 6 257 -13 1 1 0 0 0 0 x", "p 7 0 /x", "p 7 1 y", "q 7 0 z", "e 7", "", "f", "p 7 9999999999 a"].map(
        line,
      ),
      ...['{"type":', "null\n", "[]\n", '{"type":"printf","data":3}\n', "\n", "\0", '{"type":"lost_events"}\n'],
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), fc.integer({ min: 1, max: 30 }), (parts, pieces) => {
        const text = parts.join("");
        expect(read(text, pieces)).toEqual(read(text));
      }),
    );
  });
});

it("the program watches the processes and groups that were asked for", () => {
  const request = { pids: [5], cgroups: [77], pinging: 9, errnos: new Set(["EROFS"]), numbers };
  const program = bpftraceProgram(request);
  expect(program).toContain("@t[(uint64)5]");
  expect(program).toContain("@g[(uint64)77]");
  expect(program).toContain("$ret == -30");
  expect(program).not.toContain("$ret == -13");
});

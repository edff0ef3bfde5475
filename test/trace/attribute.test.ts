import { describe, expect, it } from "vitest";
import type { Denial, TraceFinding } from "../../src/finding/trace.ts";
import { attribute } from "../../src/trace/reading/attribute.ts";

type Unattributed = Omit<TraceFinding, "role" | "said" | "note">;

const download = "/m/cache/download/example.com";

function finding(path: string, kind: Denial["kind"], wanted: string): Unattributed {
  const subject = { uid: 2001, gid: 2001, groups: [], capabilities: new Set<never>(), umask: 0o022 };
  return {
    credentials: "process",
    why: { path, need: "read", subject, verdict: "no", chain: [], kernel: { asked: false, reason: "" }, fixes: [] },
    denials: [
      { call: "openat", errno: "EACCES", path, wanted, process: {}, count: 1, ...(kind === undefined ? {} : { kind }) },
    ],
    count: 1,
  };
}

const mod = finding(`${download}/alpha/@v/v1.0.0.mod`, "mod", "read");
const lock = finding(`${download}/alpha/@v/v1.0.0.lock`, "lock", "open");
const otherLock = finding(`${download}/beta/@v/v1.0.0.lock`, "lock", "open");
const sideLock = finding("/m/cache/lock", "side-lock", "open");
const temporary = finding(`${download}/alpha/@v/v1.0.0.mod1234567.tmp`, "temporary", "create");
const roles = (findings: TraceFinding[]): string[] =>
  findings.map(({ role, denials }) => `${role} ${denials[0]?.path}`);

describe("which refusal led to the failure", () => {
  it("is a hidden one, where go's message names no path", () => {
    const found = attribute([sideLock, mod], { failed: true, printed: "module lookup disabled by GOPROXY=off\n" });
    expect(roles(found)).toEqual([`cause ${download}/alpha/@v/v1.0.0.mod`, "ignored /m/cache/lock"]);
    expect(found[0]).toMatchObject({ said: false, note: expect.stringMatching(/not cached/) });
  });

  it("is a hidden one before what go complains about of the same module", () => {
    const printed = `go: example.com/alpha@v1.0.0: open ${download}/alpha/@v/v1.0.0.lock: permission denied\n`;
    const found = attribute([mod, lock], { failed: true, printed });
    expect(roles(found)).toEqual([`cause ${download}/alpha/@v/v1.0.0.mod`, `effect ${download}/alpha/@v/v1.0.0.lock`]);
    expect(found.map(({ said }) => said)).toEqual([false, true]);
  });

  it("is the one that go names, where what it hides is of another module", () => {
    const printed = `go: example.com/beta@v1.0.0: open ${download}/beta/@v/v1.0.0.lock: permission denied\n`;
    expect(roles(attribute([mod, otherLock], { failed: true, printed }))[0]).toBe(
      `cause ${download}/beta/@v/v1.0.0.lock`,
    );
  });

  it("cannot be told where the command failed of something else", () => {
    const printed = "# example.org/app\n./main.go:3:5: undefined: x\n";
    expect(attribute([mod], { failed: true, printed })[0]?.role).toBe("unclear");
  });

  it("is none, where the command succeeded", () => {
    const found = attribute([mod, temporary], { failed: false, printed: "" });
    expect(found.map(({ role }) => role)).toEqual(["ignored", "ignored"]);
  });

  it("cannot be told of a trace whose end is not known, but what go ignores can", () => {
    const found = attribute([sideLock, temporary, lock], {});
    expect(found.map(({ role }) => role)).toEqual(["unclear", "ignored", "ignored"]);
  });

  it("is not what only begins like a path that was named", () => {
    const printed = `open ${download}/alpha/@v/v1.0.0.modx: permission denied`;
    expect(attribute([mod], { failed: true, printed })[0]?.said).toBe(false);
    const temporaryName = `open ${download}/alpha/@v/v1.0.0.mod7654321.tmp: permission denied`;
    expect(attribute([temporary], { failed: true, printed: temporaryName })[0]?.said).toBe(true);
  });
});

// What the strace of this machine writes, with many of its options.
import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { FailedCall } from "../../src/trace/reading/call.ts";
import { StraceReader } from "../../src/trace/reading/strace-reader.ts";
import { makeLab, removeLab } from "../e2e/lab.ts";
import { describeOnMachine } from "../e2e/requirements.ts";

describeOnMachine("a trace of the strace here", () => {
  let lab: string;
  const name = 'a "b"\n\\ü) = 3 <x>';
  beforeAll(() => {
    lab = makeLab("strace");
    writeFileSync(join(lab, name), "");
    chmodSync(join(lab, name), 0);
  });
  afterAll(() => removeLab(lab));

  const all: string[][] = [
    ["-f"],
    ["-f", "-t"],
    ["-f", "-tt", "-T"],
    ["-f", "-ttt", "-y"],
    ["-f", "-r", "-yy"],
    ["-f", "-tt", "-r"],
    ["-f", "-i", "-n"],
    ["-f", "-v", "-s", "1000"],
    ["-f", "-x"],
    ["-f", "-xx", "-y"],
    ["-f", "-Y", "-y"],
    ["-f", "--seccomp-bpf", "-e", "trace=%file", "-e", "status=failed", "-q"],
    ["-C"],
    [],
  ];
  it.each(all.map((options) => ({ options })))("made with $options", ({ options }) => {
    const file = join(lab, "trace");
    const script = 'cat "$1" & cat "$1"; wait';
    const user = ["setpriv", "--reuid=2001", "--regid=2001", "--clear-groups", "sh", "-c", script, "sh", name];
    const { stderr } = spawnSync("strace", [...options, "-o", file, ...user], { cwd: lab, encoding: "utf8" });
    expect(stderr).toMatch(/Permission denied/);
    const calls: FailedCall[] = [];
    const reader = new StraceReader({
      errnos: new Set(["EACCES"]),
      onFailure: (call) => calls.push(call),
      directory: lab,
    });
    for (const line of readFileSync(file, "latin1").match(/.{1,1000}|\n/gs) ?? []) reader.push(line);
    reader.end();
    const found = calls.filter(
      ({ call, paths }) => call === "openat" && Buffer.from(paths[0]?.path ?? "", "latin1").toString() === name,
    );
    // Without -f only the shell itself is traced.
    expect(found).toHaveLength(options.includes("-f") ? 2 : 0);
    if (options.includes("-y")) expect(found[0]?.paths[0]?.directory).toBe(lab);
    expect(reader.stats.cut).toBe(false);
    if (!options.includes("-C")) expect(reader.stats.foreign).toBe(0);
  });
});

// In an image's upper layer every change of metadata copies the whole file (overlayfs): nothing wrong must cost nothing.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeLab, removeLab, writeTree } from "./lab.ts";
import { command } from "./program.ts";
import { describeOnMachine } from "./requirements.ts";

describeOnMachine("a cache on overlayfs", () => {
  let lab: string;
  beforeAll(() => {
    lab = makeLab("overlay");
    for (const name of ["lower", "files"]) mkdirSync(join(lab, name));
    writeTree(join(lab, "lower/m"), {
      "cache/lock": "",
      "cache/download/example.com/a/@v/v1.0.0.zip": "z".repeat(100_000),
      "cache/download/example.com/a/@v/v1.0.0.ziphash": "h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
      "example.com/a@v1.0.0/a.go": "package a\n",
    });
    chmodSync(join(lab, "lower/m/example.com/a@v1.0.0/a.go"), 0o444);
    chmodSync(join(lab, "lower/m/example.com/a@v1.0.0"), 0o555);
    execFileSync("chown", ["-R", "2001:2001", join(lab, "lower/m")]);
  });
  afterAll(() => removeLab(lab));

  /** Mounts, runs, and lists what was copied up. */
  const copiedUp = (...commands: string[]): string[] => {
    const script = [
      "set -e",
      `mount -t tmpfs none ${lab}/files`,
      `mkdir ${lab}/files/upper ${lab}/files/work ${lab}/files/merged`,
      `mount -t overlay overlay -o lowerdir=${lab}/lower,upperdir=${lab}/files/upper,workdir=${lab}/files/work ${lab}/files/merged`,
      `cd ${lab}/files/merged`,
      ...commands,
      `find ${lab}/files/upper -type f -printf '%P %s\\n'`,
    ].join("\n");
    const out = execFileSync("unshare", ["-m", "--propagation", "private", "sh", "-c", script], { encoding: "utf8" });
    return out.split("\n").filter(Boolean);
  };
  const run = (words: string): string =>
    `${command.join(" ")} ${words} --cache-dir ${lab}/files/merged/m --owner 2001 --state-dir ${lab}/state >${lab}/out 2>&1 || { cat ${lab}/out >&2; exit 1; }`;

  it("with nothing wrong copies 0 bytes up", () => {
    expect(copiedUp(run("init --deep"), run("fix --yes"), run("init --strict-mode"))).toEqual([]);
  });

  it("copies what is wrong and nothing else", () => {
    writeFileSync(join(lab, "lower/m/cache/lock"), "");
    chmodSync(join(lab, "lower/m/cache/lock"), 0o600);
    expect(copiedUp(run("fix --yes --umask 022"))).toEqual(["m/cache/lock 0"]);
  });

  it("where the cure that people use copies everything", () => {
    expect(copiedUp("chown -R 2001:2001 m").length).toBe(4);
  });
});

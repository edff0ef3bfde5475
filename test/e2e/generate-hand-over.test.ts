// The root step that Jobs and compose files have, and the one of the systemd unit, really run on a cache that root filled.
import { spawnSync } from "node:child_process";
import { chmodSync, lstatSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse } from "yaml";
import { contractNames } from "../../src/contract/contract.ts";
import { blockOf, settingsOf, targetNamed, type Wanted } from "../../src/generate/render.ts";
import { makeLab, removeLab, root, runAs, writeTree } from "./lab.ts";
import { gomodcache } from "./program.ts";
import { describeOnMachine } from "./requirements.ts";

describeOnMachine("the step that hands a cache over", () => {
  let lab: string;
  let tools: string;
  let count = 0;
  beforeAll(() => {
    lab = makeLab("hand-over");
    const found = spawnSync("sh", ["-c", "command -v busybox"], { encoding: "utf8" }).stdout.trim();
    if (found === "") throw new Error("busybox is not installed");
    tools = join(lab, "busybox");
    mkdirSync(tools);
    for (const name of ["sh", "find", "chown", "chmod"]) symlinkSync(found, join(tools, name));
  });
  afterAll(() => removeLab(lab));

  /** As root leaves it with umask 077; with a link that leads out of it. */
  function rootsCache(): string {
    count += 1;
    const cache = join(lab, `volume ${count}`);
    writeTree(cache, {
      "example.com/a@v1.0.0/a.go": "package a\n",
      "cache/download/example.com/a/@v/list": "v1.0.0\n",
      "cache/lock": "",
    });
    chmodSync(join(cache, "example.com/a@v1.0.0/a.go"), 0o400);
    for (const name of ["example.com/a@v1.0.0", "cache", "."])
      chmodSync(join(cache, name), name === "." ? 0o700 : 0o500);
    writeFileSync(join(lab, `outside${count}`), "");
    symlinkSync(join(lab, `outside${count}`), join(cache, "link"));
    return cache;
  }

  const uid = 3001;
  const gid = 3005;
  const block = (name: string, wanted: Wanted): string =>
    blockOf(targetNamed(name), settingsOf(targetNamed(name), wanted, "0.1.0"), "x");

  function initCommand(wanted: Wanted): string[] {
    const job = parse(block("kubernetes-job", { variant: "init", uid, gid, ...wanted }));
    const [step] = job.spec.template.spec.initContainers;
    expect(step).toMatchObject({ name: "hand-over", securityContext: { runAsUser: 0 } });
    return step.command;
  }

  function owners(cache: string): unknown[] {
    return [".", "cache", "cache/lock", "example.com/a@v1.0.0/a.go", "link"].map((name) => {
      const { uid: owner, gid: group } = lstatSync(join(cache, name));
      return [name, owner, group];
    });
  }
  const all = [".", "cache", "cache/lock", "example.com/a@v1.0.0/a.go", "link"].map((name) => [name, uid, gid]);

  it.each(["private", "group"] as const)("with a busybox shell, contract %s", (contract) => {
    const cacheDir = rootsCache();
    const words = initCommand({ cacheDir, contract });
    const ran = spawnSync(join(tools, "sh"), words.slice(1), { cwd: "/", env: { PATH: tools }, encoding: "utf8" });
    expect(ran).toMatchObject({ status: 0, stderr: "" });
    expect(owners(cacheDir)).toEqual(all);
    expect(lstatSync(cacheDir).mode & 0o7777).toBe(contract === "group" ? 0o2775 : 0o755);
    // Go's write protection is left.
    expect(lstatSync(join(cacheDir, "example.com/a@v1.0.0/a.go")).mode & 0o7777).toBe(0o400);
    expect(lstatSync(join(lab, `outside${count}`))).toMatchObject({ uid: 0, gid: 0 });
    const user = { uid, gid, groups: [], umask: 0o022 };
    const used = runAs(user, ["sh", "-c", 'cat "$1"/example.com/*/a.go && touch "$1/new"', "sh", cacheDir], {
      cwd: "/",
      env: { PATH: "/usr/bin:/bin" },
    });
    expect(used).toMatchObject({ status: 0, stdout: "package a\n" });
  });

  it("compose: what its doubled dollar signs become is the same command", () => {
    const cacheDir = rootsCache();
    const { services } = parse(block("compose", { uid, gid, cacheDir }));
    const words = (services["gomodcache-init"].entrypoint as string[]).map((word) => word.replaceAll("$$", "$"));
    expect(words).toEqual(initCommand({ cacheDir }));
  });

  it.each(contractNames)("with gomodcache-init, and in the systemd unit, contract %s", (contract) => {
    const forms = [
      (cacheDir: string) => initCommand({ cacheDir, contract, initImage: "localhost/x" }).slice(1),
      (cacheDir: string) => {
        const line = /^ExecStartPre=\+\/usr\/bin\/env gomodcache init (.*)$/m.exec(
          block("systemd-unit", { uid, gid, cacheDir, contract }),
        );
        return [...(line?.[1] ?? "").matchAll(/"[^"]*"|\S+/g)].map(([word]) => word.replaceAll('"', ""));
      },
    ];
    for (const form of forms) {
      const cacheDir = rootsCache();
      // A link, which go never makes, is left alone, and the step fails: somebody must look.
      rmSync(join(cacheDir, "link"));
      const env = { PATH: process.env["PATH"] ?? "", HOME: lab, XDG_STATE_HOME: join(lab, "state") };
      const ran = gomodcache(root, ["init", ...form(cacheDir)], { cwd: "/", env });
      expect(ran).toMatchObject({ status: 0 });
      for (const name of [".", "cache/lock"]) expect(lstatSync(join(cacheDir, name))).toMatchObject({ uid, gid });
    }
  });
});

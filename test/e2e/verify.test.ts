// A cache made by the real go, damaged in every way, beside the real `go mod verify`: where go says modified, verify says so; what go
// misses is found; and its false alarm about an empty ziphash is not raised.

import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";
import { afterAll, beforeAll, expect, it } from "vitest";
import { enterState, type GoldenLab, makeGoldenLab, reader } from "./golden-lab.ts";
import { goProgram, removeLab, root, runAs } from "./lab.ts";
import { command, gomodcache, type Ran } from "./program.ts";
import { describeOnMachine } from "./requirements.ts";

const v = (cache: string, end: string): string => join(cache, "cache/download/example.com/alpha/@v", `v1.0.0.${end}`);
const tree = (cache: string, ...names: string[]): string => join(cache, "example.com/alpha@v1.0.0", ...names);

/** A zip that go would extract, with another content. */
const poisoned = zipSync(
  {
    "example.com/alpha@v1.0.0/go.mod": Buffer.from("module example.com/alpha\n\ngo 1.18\n"),
    "example.com/alpha@v1.0.0/a.go": Buffer.from('package alpha\n\nfunc A() string { return "666" }\n'),
    "example.com/alpha@v1.0.0/sub/s.go": Buffer.from('package sub\n\nfunc S() string { return "s" }\n'),
  },
  { mtime: "2024-01-02" },
);
const outside = zipSync({ "../../../etc/cron.d/x": Buffer.from("x") }, { mtime: "2024-01-02" });

interface Damage {
  readonly make: (cache: string) => void;
  /** What verify says, by rule; the worst first. */
  readonly rules: readonly string[];
  /** What `go mod verify` says. */
  readonly go: "verified" | "modified" | "fails";
}

const damages: Readonly<Record<string, Damage>> = {
  "an edited file": {
    make: (cache) => appendFileSync(tree(cache, "a.go"), "// edited\n"),
    rules: ["tree-not-as-zip"],
    go: "modified",
  },
  "a missing file": { make: (cache) => rmSync(tree(cache, "sub/s.go")), rules: ["tree-not-as-zip"], go: "modified" },
  "an extra file": {
    make: (cache) => writeFileSync(tree(cache, "b.go"), "package alpha\n"),
    rules: ["tree-not-as-zip"],
    go: "modified",
  },
  "a replaced zip": {
    make: (cache) => writeFileSync(v(cache, "zip"), poisoned),
    rules: ["zip-not-as-go-sum", "zip-not-as-recorded"],
    go: "modified",
  },
  "a replaced zip and tree": {
    make: (cache) => {
      writeFileSync(v(cache, "zip"), poisoned);
      chmodSync(tree(cache, "a.go"), 0o644);
      writeFileSync(tree(cache, "a.go"), 'package alpha\n\nfunc A() string { return "666" }\n');
    },
    rules: ["tree-not-as-zip", "zip-not-as-go-sum", "zip-not-as-recorded"],
    go: "modified",
  },
  "an edited tree without a zip": {
    make: (cache) => {
      rmSync(v(cache, "zip"));
      appendFileSync(tree(cache, "a.go"), "// edited\n");
    },
    rules: ["tree-not-as-zip"],
    go: "modified",
  },
  "a zip that is cut off": { make: (cache) => truncateSync(v(cache, "zip"), 200), rules: ["zip-torn"], go: "fails" },
  "an empty zip": { make: (cache) => truncateSync(v(cache, "zip")), rules: ["zip-empty"], go: "fails" },
  "a zip with a name that leads outside": {
    make: (cache) => writeFileSync(v(cache, "zip"), outside),
    rules: ["zip-not-as-go-sum", "zip-not-as-recorded", "zip-refused"],
    go: "modified",
  },
  "no ziphash": { make: (cache) => rmSync(v(cache, "ziphash")), rules: ["ziphash-missing"], go: "fails" },
  // go raises a false alarm.
  "an empty ziphash": { make: (cache) => truncateSync(v(cache, "ziphash")), rules: ["ziphash-empty"], go: "modified" },
  "a ziphash full of NULs": {
    make: (cache) => writeFileSync(v(cache, "ziphash"), Buffer.alloc(47)),
    rules: ["ziphash-torn"],
    go: "modified",
  },
  // go notices nothing.
  "neither zip nor ziphash": {
    make: (cache) => {
      rmSync(v(cache, "zip"));
      rmSync(v(cache, "ziphash"));
    },
    rules: ["extracted-without-record"],
    go: "verified",
  },
  "a tree that is gone": {
    make: (cache) => rmSync(tree(cache), { recursive: true }),
    rules: ["tree-missing"],
    go: "verified",
  },
  "an extraction that was killed": {
    make: (cache) => {
      writeFileSync(v(cache, "partial"), "");
    },
    rules: ["partial-extraction"],
    go: "verified",
  },
  "an .info that is cut off": {
    make: (cache) => truncateSync(v(cache, "info"), 9),
    rules: ["info-file-torn"],
    go: "verified",
  },
  "no zip, as images leave it": { make: (cache) => rmSync(v(cache, "zip")), rules: [], go: "verified" },
};

describeOnMachine("verify beside go mod verify", () => {
  let lab: GoldenLab;
  beforeAll(() => {
    lab = makeGoldenLab();
  });
  afterAll(() => removeLab(lab.directory));

  const verify = (...argv: string[]): Ran =>
    gomodcache(reader, ["verify", ...argv], { cwd: lab.project, env: lab.environment, alone: true });
  const rulesOf = (ran: Ran): string[] => JSON.parse(ran.stdout).findings.map(({ rule }: { rule: string }) => rule);
  const goVerify = () => {
    const env = { ...lab.environment, GOFLAGS: "-mod=mod", GOPROXY: "off" };
    const { status, stdout, stderr } = runAs(reader, [goProgram, "mod", "verify"], { cwd: lab.project, env });
    if (status === 0) return "verified";
    return `${stdout}${stderr}`.includes("has been modified") ? "modified" : "fails";
  };

  it("both call an undamaged cache good", () => {
    enterState(lab, "ro");
    expect(goVerify()).toBe("verified");
    for (const argv of [[], ["--for", "."]]) {
      const { stdout, status } = verify(...argv);
      expect(stdout).toMatch(/\nHealthy: \d+ entries, 17 checks, /);
      expect(status).toBe(0);
    }
  });

  it.each(Object.entries(damages))("%s", (_, damage) => {
    enterState(lab, "ro");
    damage.make(lab.cache);
    expect(goVerify()).toBe(damage.go);
    const ran = verify("--for", ".", "--json");
    expect(rulesOf(ran)).toEqual(damage.rules);
    const hasError = JSON.parse(ran.stdout).findings.some(({ severity }: { severity: string }) => severity === "error");
    expect(ran.status).toBe(hasError ? 1 : 0);
    // The whole cache, without a go.sum, tells the same but for go.sum.
    const whole = rulesOf(verify("--json"));
    expect(whole).toEqual(damage.rules.filter((rule) => rule !== "zip-not-as-go-sum"));
  });

  it.each([
    ["an empty .mod", (cache: string) => truncateSync(v(cache, "mod")), "mod-file-empty"],
    ["an edited .mod", (cache: string) => appendFileSync(v(cache, "mod"), "\n// x\n"), "mod-file-changed"],
  ])("%s is found where go stops, and in a cache that go says nothing about", (_, make, rule) => {
    enterState(lab, "ro");
    make(lab.cache);
    expect(goVerify()).toBe("fails");
    expect(rulesOf(verify("--for", ".", "--json"))).toEqual([rule]);
    expect(rulesOf(verify("--json"))).toEqual([rule]);
  });

  it("a version that no project selects is looked at in the whole cache only", () => {
    enterState(lab, "ro");
    const env = { ...lab.environment, GOFLAGS: "-mod=mod" };
    expect(runAs(root, [goProgram, "mod", "download", "example.com/unused@v1.0.0"], { cwd: "/", env }).status).toBe(0);
    truncateSync(join(lab.cache, "cache/download/example.com/unused/@v/v1.0.0.mod"));
    expect(goVerify()).toBe("verified");
    expect(rulesOf(verify("--for", ".", "--json"))).toEqual([]);
    expect(rulesOf(verify("--json"))).toEqual(["mod-file-empty"]);
  });

  it("the commands that it offers make go's cache whole again", () => {
    for (const name of ["an edited file", "a replaced zip and tree", "a tree that is gone", "an empty ziphash"]) {
      enterState(lab, "ro");
      damages[name]?.make(lab.cache);
      const asRoot = { cwd: lab.project, env: { ...lab.environment, HOME: join(lab.directory, "root") } };
      mkdirSync(asRoot.env.HOME, { recursive: true });
      const report = JSON.parse(gomodcache(root, ["verify", "--json"], asRoot).stdout);
      for (const { fixes } of report.findings) {
        // What gomodcache fix does has its own test.
        const own = fixes.find(({ command }: { command: string }) => !command.startsWith("gomodcache "));
        expect(runAs(root, ["sh", "-c", own.command], asRoot).status).toBe(0);
      }
      expect(goVerify(), name).toBe("verified");
      expect(verify("--for", ".").status, name).toBe(0);
    }
  });

  it("what the user may not read is incomplete, never good", () => {
    enterState(lab, "ro");
    chmodSync(v(lab.cache, "zip"), 0o600);
    const { stdout, status } = verify("--for", ".");
    expect(stdout).toContain("permission denied");
    expect(stdout.trim().split("\n").at(-1)).toMatch(/^Incomplete: /);
    expect(status).toBe(3);
  });

  it("an attacker's links lead nowhere", () => {
    enterState(lab, "ro");
    const secret = join(lab.directory, "secret");
    writeFileSync(secret, "secret\n", { mode: 0o600 });
    rmSync(tree(lab.cache, "a.go"));
    execFileSync("ln", ["-s", secret, tree(lab.cache, "a.go")]);
    renameSync(v(lab.cache, "mod"), `${v(lab.cache, "mod")}.away`);
    execFileSync("mkfifo", [v(lab.cache, "mod")]);
    const opened = join(lab.directory, "opened");
    const argv = ["verify", "--cache-dir", lab.cache, "--json"];
    const ran = runAs(root, ["strace", "-f", "-qq", "-e", "trace=openat,open", "-o", opened, ...command, ...argv], {
      cwd: "/",
      env: lab.environment,
    });
    expect(ran.status).toBe(1);
    expect(existsSync(opened)).toBe(true);
    const calls = readFileSync(opened, "utf8");
    expect(calls).toContain("v1.0.0.ziphash");
    expect(calls).not.toContain("secret");
    expect(JSON.parse(ran.stdout).findings[0].rule).toBe("tree-not-as-zip");
    expect(JSON.parse(ran.stdout).skipped[0].reason).toContain("v1.0.0.mod: it is a FIFO, socket or device");
  });

  it.each([0.05, 0.1, 0.15, 0.2, 0.3, 0.4])("a cache that is cleaned after %d s has no problem of content", (wait) => {
    enterState(lab, "ro");
    const script = `(sleep ${wait}; ${goProgram} clean -modcache) & ${command.join(" ")} verify --json; wait`;
    const { stdout, stderr } = runAs(root, ["sh", "-c", script], { cwd: "/", env: lab.environment });
    expect(stderr).toBe("");
    const report = JSON.parse(stdout);
    expect(report.error).toBeUndefined();
    expect(report.findings.filter(({ severity }: { severity: string }) => severity === "error")).toEqual([]);
  });

  it.each(["text", "compact", "json", "jsonl", "sarif", "junit", "github", "markdown"])(
    "is written as %s",
    (format) => {
      enterState(lab, "ro");
      damages["an edited file"]?.make(lab.cache);
      const { stdout, stderr, status } = verify("--format", format);
      expect(stdout).toContain("tree-not-as-zip");
      expect(stderr).toBe("");
      expect(status).toBe(format === "sarif" ? 0 : 1);
    },
  );
});

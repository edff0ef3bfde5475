// A cache made by the real go, damaged in many ways: the doctor names the cause in its first lines, and `can` agrees with go.

import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Facts } from "../../src/facts/facts.ts";
import { repairByFix } from "../../src/rules/shared/repair.ts";
import { enterState, type GoldenLab, makeGoldenLab, reader } from "./golden-lab.ts";
import { give, goProgram, removeLab, root, runAs, type TestUser } from "./lab.ts";
import { command, gomodcache } from "./program.ts";
import { describeOnMachine } from "./requirements.ts";

const linux = {
  platform: "linux",
  cache: { realPath: "/m" },
  self: { uid: 0, capabilities: new Set() },
} as unknown as Facts;

interface Damage {
  readonly rule: string;
  readonly make: (cache: string) => void;
}

const v = (cache: string, suffix: string): string =>
  join(cache, "cache/download/example.com/alpha/@v", `v1.0.0.${suffix}`);
const tree = (cache: string): string => join(cache, "example.com/alpha@v1.0.0");

const damages: Readonly<Record<string, Damage>> = {
  "umask 077 when it was filled": {
    rule: "entry-not-readable-by-subject",
    make: (cache) => execFileSync("chmod", ["-R", "go=", cache]),
  },
  "one unreadable ziphash": {
    rule: "entry-not-readable-by-subject",
    make: (cache) => chmodSync(v(cache, "ziphash"), 0o600),
  },
  "a ziphash that a crash emptied": { rule: "ziphash-empty", make: (cache) => truncateSync(v(cache, "ziphash")) },
  "a ziphash full of NULs": {
    rule: "ziphash-torn",
    make: (cache) => writeFileSync(v(cache, "ziphash"), Buffer.alloc(47)),
  },
  "an empty go.mod record": { rule: "mod-file-empty", make: (cache) => truncateSync(v(cache, "mod")) },
  "an extraction that was killed": {
    rule: "partial-extraction",
    make: (cache) => writeFileSync(v(cache, "partial"), ""),
  },
  "a foreign go clean": {
    rule: "extracted-without-record",
    make: (cache) => rmSync(join(cache, "cache/download"), { recursive: true }),
  },
  "an interrupted go clean": {
    rule: "world-writable-after-clean",
    make: (cache) => execFileSync("chmod", ["0777", tree(cache), join(tree(cache), "sub")]),
  },
  "fsGroup on the volume": {
    rule: "extracted-source-writable",
    make: (cache) => {
      execFileSync("chgrp", ["-R", "3000", cache]);
      execFileSync("chmod", ["-R", "g+rwX", cache]);
    },
  },
  "a share in which umask 022 made the locks": {
    rule: "lock-file-not-shared",
    make: (cache) => {
      for (const path of [cache, join(cache, "cache"), join(cache, "example.com")])
        execFileSync("chgrp", ["-R", "3000", path]);
      execFileSync("find", [
        join(cache, "cache"),
        cache,
        "-maxdepth",
        "5",
        "-type",
        "d",
        "!",
        "-path",
        "*@v1*",
        "!",
        "-path",
        "*@v0*",
        "-exec",
        "chmod",
        "2775",
        "{}",
        "+",
      ]);
      execFileSync("find", [
        join(cache, "cache"),
        "-type",
        "f",
        "!",
        "-name",
        "*.lock",
        "-exec",
        "chmod",
        "g+w",
        "{}",
        "+",
      ]);
    },
  },
  "a cache that nobody made": { rule: "cache-not-creatable", make: (cache) => rmSync(cache, { recursive: true }) },
  "a file in its place": {
    rule: "cache-not-a-directory",
    make: (cache) => {
      rmSync(cache, { recursive: true });
      writeFileSync(cache, "");
    },
  },
  "a link that leads nowhere": {
    rule: "cache-dangling-link",
    make: (cache) => {
      rmSync(cache, { recursive: true });
      symlinkSync(join(cache, "../moved-away"), cache);
    },
  },
};

const others: readonly TestUser[] = [
  reader,
  { uid: 2001, gid: 2001, groups: [], umask: 0o077 },
  { uid: 2002, gid: 3000, groups: [], umask: 0o002 },
  { uid: 2003, gid: 2003, groups: [3001], umask: 0o022 },
];
const subjects: readonly TestUser[] = [root, { ...root, withoutCapabilities: true }, ...others];

describeOnMachine("a damaged cache", () => {
  let lab: GoldenLab;
  beforeAll(() => {
    lab = makeGoldenLab();
  });
  afterAll(() => removeLab(lab.directory));

  const damaged = (damage: Damage): void => {
    enterState(lab, "ro");
    damage.make(lab.cache);
  };

  it.each(Object.entries(damages))("%s: the first lines name the cause", (_, damage) => {
    damaged(damage);
    const { stdout, status } = gomodcache(reader, ["doctor"], { cwd: "/", env: lab.environment, alone: true });
    const findings = stdout.split("\n").filter((line) => /^(x|✗|!|·|i|-) /u.test(line) && !line.includes("skipped"));
    expect(findings.slice(0, 2).join("\n")).toContain(damage.rule);
    expect([1, 3, 0]).toContain(status);
  });

  it.each(Object.entries(damages))("%s: can agrees with go for six subjects", (_, damage) => {
    const wrong: string[] = [];
    for (const user of subjects) {
      for (const [operation, argv] of [
        ["build", ["build", "-o", "/dev/null", "./..."]],
        ["download", ["mod", "download"]],
      ] as const) {
        damaged(damage);
        const home = homeOf(lab, user);
        give(lab.project, user.uid, user.gid);
        const env = { ...lab.environment, HOME: home, GOCACHE: join(home, "gocache") };
        const said = gomodcache(user, ["can", operation, "--for", lab.project], { cwd: "/", env });
        const went = runAs(user, [goProgram, ...argv], { cwd: lab.project, env });
        if (said.status !== (went.status === 0 ? 0 : 1)) {
          wrong.push(
            `${operation} as ${JSON.stringify(user)}: go ${went.status} ${went.stderr.slice(0, 300)}\nwe ${said.status} ${said.stdout}${said.stderr}`,
          );
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  const byFix = Object.entries(damages).filter(([, { rule }]) => repairByFix(rule, linux).length > 0);
  it.each(byFix)("%s: fix, as the finding says, mends it", (_, damage) => {
    damaged(damage);
    const ask = (): { rule: string; fixes: { command: string }[] }[] =>
      JSON.parse(gomodcache(root, ["doctor", "--json"], { cwd: "/", env: lab.environment, alone: true }).stdout)
        .findings;
    const command = ask().find(({ rule }) => rule === damage.rule)?.fixes[0]?.command ?? "";
    expect(command).toMatch(/^gomodcache fix /);
    const args = [...command.split(" ").slice(1), "--yes", "--no-undo"];
    const fixed = gomodcache(root, args, { cwd: "/", env: lab.environment, alone: true });
    expect(fixed.stdout).toContain("nothing departs any more");
    expect(ask().map(({ rule }) => rule)).not.toContain(damage.rule);
  });

  it("calls an undamaged cache healthy for its owner", () => {
    enterState(lab, "ro");
    const { GOSUMDB: _, ...usual } = lab.environment;
    const home = homeOf(lab, root);
    const env = { ...usual, HOME: home, GOCACHE: join(home, "gocache"), GOPATH: join(home, "go") };
    const { stdout, status } = gomodcache(root, ["doctor"], { cwd: "/", env, alone: true });
    expect(stdout.trim().split("\n").at(-1)).toMatch(/^Healthy: /);
    expect(status).toBe(0);
  });

  it("looks at exactly the modules of a project with --for, and tells what go would do", () => {
    enterState(lab, "ro");
    // Damage in a module that the project does not need.
    const elsewhere = join(lab.cache, "cache/download/example.com/elsewhere/@v");
    mkdirSync(elsewhere, { recursive: true });
    for (const name of ["ziphash", "zip", "mod", "info"]) writeFileSync(join(elsewhere, `v1.0.0.${name}`), "");
    const whole = gomodcache(reader, ["doctor"], { cwd: "/", env: lab.environment });
    expect(whole.stdout).toContain("ziphash-empty");
    const project = gomodcache(reader, ["doctor", "--for", lab.project, "--json"], { cwd: "/", env: lab.environment });
    const report = JSON.parse(project.stdout);
    expect(report.findings.map(({ rule }: { rule: string }) => rule)).not.toContain("ziphash-empty");
    expect(
      report.operations.map(
        ({ operation, verdict }: { operation: string; verdict: string }) => `${operation} ${verdict}`,
      ),
    ).toEqual(["build yes", "test yes", "download yes"]);
  });

  it("follows a cache that disappears while it is looked at", () => {
    enterState(lab, "ro");
    const aside = `${lab.cache}.aside`;
    const clean = runAs(
      root,
      [
        "sh",
        "-c",
        `(sleep 0.05; mv ${lab.cache} ${aside}) & ${command.join(" ")} doctor --cache-dir ${lab.cache}; wait`,
      ],
      { cwd: "/", env: lab.environment },
    );
    expect(clean.stderr).toBe("");
    expect([0, 1, 3]).toContain(clean.status);
    if (existsSync(aside) && !existsSync(lab.cache)) renameSync(aside, lab.cache);
    rmSync(aside, { recursive: true, force: true });
    expect(readdirSync(lab.directory)).toContain("m");
  });
});

/** A home of the user's own, with Go's own packages in its build cache after the first build. */
function homeOf(lab: GoldenLab, user: TestUser): string {
  const home = join(lab.directory, `home-${user.uid}`);
  if (!existsSync(home)) {
    mkdirSync(home);
    chownSync(home, user.uid, user.gid);
  }
  return home;
}

// The program in real repositories: what it looks at, what it leaves alone, and what it writes.
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { give, makeLab, removeLab, root, type TestUser, writeTree } from "./lab.ts";
import { gomodcache, type Ran } from "./program.ts";
import { describeOnMachine } from "./requirements.ts";

const bad =
  "FROM golang:1.22\nUSER 1001\nRUN --mount=type=cache,target=/go/pkg/mod \\\n    # why\n    go mod download\n";
const good = bad.replace("/go/pkg/mod", "/go/pkg/mod,uid=1001,gid=1001");
const app: TestUser = { uid: 2001, gid: 2001, groups: [], umask: 0o022 };

describeOnMachine("lint", () => {
  let lab: string;
  let repo: string;
  let count = 0;
  const git = (...args: string[]): void => {
    const { status, stderr } = spawnSync(
      "git",
      ["-c", "safe.directory=*", "-c", "user.name=x", "-c", "user.email=x@example.org", ...args],
      { cwd: repo, encoding: "utf8" },
    );
    if (status !== 0) throw new Error(stderr);
  };
  const env = { PATH: process.env["PATH"] ?? "", LANG: "C.UTF-8", HOME: "/nonexistent" };
  const lint = (args: readonly string[] = [], user: TestUser = root): Ran =>
    gomodcache(user, ["lint", ...args], { cwd: repo, env });

  beforeAll(() => {
    lab = makeLab("lint");
  });
  afterAll(() => removeLab(lab));
  beforeEach(() => {
    count += 1;
    repo = join(lab, String(count));
    mkdirSync(repo);
    writeTree(repo, { Dockerfile: bad, "main.go": "package main\n" });
    git("init", "-q");
    git("add", "-A");
  });

  it("looks at what git tracks, and exits with 1", () => {
    writeTree(repo, { "untracked.Dockerfile": bad, "docs/a.sh": "#!/bin/sh\nsudo go test ./...\n" });
    git("add", "docs");
    const { status, stdout } = lint(["-f", "compact"]);
    expect(
      stdout
        .split("\n")
        .slice(0, -2)
        .map((line) => line.split(" ").slice(0, 3).join(" ")),
    ).toEqual(["Dockerfile:3:5: error dockerfile-cache-mount-owner:", "docs/a.sh:2:1: warning script-sudo-go:"]);
    expect(stdout).toMatch(/1 error, 1 warning, \d+ passed: 2 files in/);
    expect(status).toBe(1);
    expect(lint(["docs/a.sh", "--fail-on", "error"]).status).toBe(0);
    expect(lint(["untracked.Dockerfile", "-f", "compact"]).stdout).toMatch(/^untracked\.Dockerfile:3:5: error/);
    expect(lint(["-C", "docs", "-f", "compact"]).stdout).toMatch(/^docs\/a\.sh:2:1: warning/);
  });

  it("corrects in place, and keeps mode, owner and every other byte", () => {
    const windows = `\ufeff${bad.replaceAll("\n", "\r\n")}`;
    writeFileSync(join(repo, "win.Dockerfile"), windows);
    git("add", "-A");
    chmodSync(join(repo, "win.Dockerfile"), 0o640);
    chownSync(join(repo, "win.Dockerfile"), 2001, 2002);
    const dry = lint(["--fix", "--dry-run"]);
    expect(dry.status).toBe(0);
    expect(dry.stdout).toContain("+RUN --mount=type=cache,target=/go/pkg/mod,uid=1001,gid=1001 \\\n");
    expect(readFileSync(join(repo, "Dockerfile"), "utf8")).toBe(bad);
    const { status, stdout, stderr } = lint(["--fix"]);
    expect([status, stderr]).toEqual([0, "fixed Dockerfile: 1 edit\nfixed win.Dockerfile: 1 edit\n"]);
    expect(stdout).toMatch(/Healthy: 2 files/);
    expect(readFileSync(join(repo, "Dockerfile"), "utf8")).toBe(good);
    expect(readFileSync(join(repo, "win.Dockerfile"), "utf8")).toBe(
      windows.replace("/go/pkg/mod", "/go/pkg/mod,uid=1001,gid=1001"),
    );
    const { mode, uid, gid } = statSync(join(repo, "win.Dockerfile"));
    expect([mode & 0o7777, uid, gid]).toEqual([0o640, 2001, 2002]);
    // The diff is one that git takes.
    git("checkout", "-q", "-f", ".");
    spawnSync("git", ["apply"], { cwd: repo, input: dry.stdout });
    expect(readFileSync(join(repo, "Dockerfile"), "utf8")).toBe(good);
  });

  it("writes nothing out of the repository, through links or into files with several names", () => {
    const outside = join(lab, `outside-${count}`);
    mkdirSync(outside);
    writeTree(outside, { Dockerfile: bad });
    symlinkSync(join(outside, "Dockerfile"), join(repo, "a.Dockerfile"));
    symlinkSync(outside, join(repo, "dir"));
    symlinkSync("Dockerfile", join(repo, "b.Dockerfile"));
    writeFileSync(join(repo, "c.Dockerfile"), bad);
    linkSync(join(repo, "c.Dockerfile"), join(lab, `hard-${count}`));
    git("add", "-A");
    const { status, stdout } = lint(["--fix", "--format", "compact"]);
    expect(stdout).toContain("skipped file: a.Dockerfile: it is a symbolic link out of the repository");
    expect(stdout).toContain("skipped file: b.Dockerfile was not changed: it is a symbolic link");
    expect(stdout).toContain("skipped file: c.Dockerfile was not changed: it is one file with several names");
    expect(status).toBe(1);
    expect(readFileSync(join(outside, "Dockerfile"), "utf8")).toBe(bad);
    expect(readFileSync(join(lab, `hard-${count}`), "utf8")).toBe(bad);
    expect(lstatSync(join(repo, "b.Dockerfile")).isSymbolicLink()).toBe(true);
    const named = lint(["--fix", "dir/Dockerfile", join(outside, "Dockerfile")]);
    expect(readFileSync(join(outside, "Dockerfile"), "utf8")).toBe(bad);
    expect(named.stdout.replace(/\s+/g, " ")).toContain("Dockerfile was not changed: it is not in the repository");
    expect(named.status).not.toBe(0);
  });

  it("says what it could not look at, and is then not healthy", () => {
    writeFileSync(join(repo, "Dockerfile"), good);
    writeFileSync(join(repo, "big.sh"), `#!/bin/sh\n${"# x\n".repeat(3_000_000)}`);
    writeFileSync(join(repo, "binary.sh"), "#!/bin/sh\n\0\0");
    writeFileSync(join(repo, "latin1.sh"), Buffer.from("#!/bin/sh\n# \xe9\n", "latin1"));
    writeTree(repo, { "gone.sh": "true\n" });
    git("add", "-A");
    spawnSync("rm", [join(repo, "gone.sh")]);
    spawnSync("mkfifo", [join(repo, "fifo.sh")]);
    const { status, stdout } = lint();
    expect(status).toBe(3);
    for (const line of [
      "big.sh: it is larger than 10 MiB",
      "binary.sh: it is binary",
      "latin1.sh: it is not UTF-8",
      "gone.sh: it is not there",
    ])
      expect(stdout.replace(/\s+/g, " ")).toContain(line);
    expect(lint(["fifo.sh"]).stdout).toContain("it is no regular file");
    expect(lint(["missing.sh"]).status).toBe(2);
    expect(lint(["--only", "no-such-rule"]).status).toBe(2);
    expect(lint(["--dry-run"]).status).toBe(2);
  });

  it("starts no program that the repository names, and asks git as the owner of the work tree", () => {
    const mark = join(lab, `ran-${count}`);
    const hook = join(repo, ".git", "evil");
    writeFileSync(hook, `#!/bin/sh\nid -u > ${mark}\n`);
    chmodSync(hook, 0o755);
    git("config", "core.fsmonitor", hook);
    git("config", "core.hooksPath", join(repo, ".git"));
    give(repo, 2001, 2001);
    chmodSync(lab, 0o777);
    const { status, stdout } = lint(["-f", "compact"]);
    expect(stdout).toContain("Dockerfile:3:5: error");
    expect(status).toBe(1);
    expect(existsSync(mark)).toBe(false);
    expect(lint(["-f", "compact"], app).stdout).toContain("Dockerfile:3:5: error");
  });

  it("finds caches in the work tree, tracked or not ignored", () => {
    const zip = "cache/download/example.com/x/@v/v1.0.0.zip";
    writeTree(repo, {
      [`.go/pkg/mod/${zip}`]: "",
      ".go/pkg/mod/cache/lock": "",
      [`vendor-cache/${zip}`]: "",
      "vendor-cache/cache/lock": "",
    });
    git("add", "vendor-cache");
    const rules = (): string[] =>
      JSON.parse(lint(["--json"]).stdout).findings.map(({ rule }: { rule: string }) => rule);
    expect(rules()).toEqual(["cache-not-ignored", "cache-tracked-by-git", "dockerfile-cache-mount-owner"]);
    writeTree(repo, { ".gitignore": "/.go/\n" });
    git("rm", "-r", "-q", "--cached", "vendor-cache");
    expect(rules()).toEqual(["cache-not-ignored", "dockerfile-cache-mount-owner"]);
  });

  it("works without git too", () => {
    spawnSync("rm", ["-r", join(repo, ".git")]);
    writeTree(repo, { "node_modules/x/Dockerfile": bad });
    const { status, stdout } = lint(["-f", "compact"]);
    expect([status, stdout.split("\n").length]).toEqual([1, 3]);
  });
});

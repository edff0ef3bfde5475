// The program's generate, and the hook that it makes, in a real repository with real commits.
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { parse } from "yaml";
import { give, makeLab, removeLab, root, runAs, type TestUser, writeTree } from "./lab.ts";
import { command, gomodcache, type Ran } from "./program.ts";
import { describeOnMachine } from "./requirements.ts";

const app: TestUser = { uid: 2001, gid: 2001, groups: [], umask: 0o022 };

describeOnMachine("generate", () => {
  let lab: string;
  let repo: string;
  let env: Record<string, string>;
  let count = 0;
  const generate = (args: readonly string[], user: TestUser = app): Ran =>
    gomodcache(user, ["generate", ...args], { cwd: repo, env });
  const git = (...args: string[]): Ran =>
    runAs(app, ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", ...args], { cwd: repo, env });
  const path = (name: string): string => join(repo, name);
  const read = (name: string): string => readFileSync(path(name), "utf8");

  beforeAll(() => {
    lab = makeLab("generate");
    // As it is when the package is installed: a command of that name in PATH.
    mkdirSync(join(lab, "bin"));
    writeFileSync(
      join(lab, "bin/gomodcache"),
      `#!/bin/sh\nexec ${command.map((word) => `'${word}'`).join(" ")} "$@"\n`,
      {
        mode: 0o755,
      },
    );
    env = {
      PATH: [join(lab, "bin"), dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter),
      LANG: "C.UTF-8",
      HOME: "/nonexistent",
      GIT_CONFIG_NOSYSTEM: "1",
    };
  });
  afterAll(() => removeLab(lab));
  beforeEach(() => {
    count += 1;
    repo = join(lab, String(count));
    mkdirSync(repo);
    writeTree(repo, { "go.mod": "module example.org/app\n\ngo 1.24\n", "main.go": "package main\n" });
    give(repo, app.uid, app.gid);
    expect(git("init", "-q").status).toBe(0);
  });

  it("prints, writes and compares, with the version of go.mod", () => {
    const printed = generate(["dockerfile", "--uid", "3001"]);
    expect(printed).toMatchObject({ status: 0, stderr: "" });
    expect(printed.stdout).toContain("FROM golang:1.24 AS build");
    expect(generate(["dockerfile", "--uid", "3001", "--check"]).status).toBe(1);
    expect(generate(["dockerfile", "--uid", "3001", "--write"])).toMatchObject({
      status: 0,
      stderr: "made Dockerfile\n",
    });
    expect(read("Dockerfile")).toBe(printed.stdout);
    expect(generate(["dockerfile", "--uid", "3001", "--check"])).toMatchObject({ status: 0, stdout: "" });
    chmodSync(path("Dockerfile"), 0o640);
    writeFileSync(path("Dockerfile"), `${printed.stdout}ENTRYPOINT ["/usr/local/bin/app"]\n`);
    const other = generate(["dockerfile", "--uid", "3002", "--check"]);
    expect(other.status).toBe(1);
    expect(other.stdout).toContain("-USER 3001:3001\n");
    expect(other.stdout).toContain("+USER 3002:3002\n");
    expect(generate(["dockerfile", "--uid", "3002", "--write"]).status).toBe(0);
    expect(read("Dockerfile").endsWith('# <<< gomodcache <<<\nENTRYPOINT ["/usr/local/bin/app"]\n')).toBe(true);
    expect(statSync(path("Dockerfile"))).toMatchObject({ uid: app.uid, mode: 0o100640 });
  });

  it("the diff of --check is one that patch understands", () => {
    writeFileSync(path(".gitattributes"), "*.png binary");
    const { stdout, status } = generate(["gitattributes", "--check"]);
    expect(status).toBe(1);
    writeFileSync(path("change.diff"), stdout);
    expect(git("apply", "change.diff")).toMatchObject({ status: 0, stderr: "" });
    expect(generate(["gitattributes", "--check"])).toMatchObject({ status: 0, stdout: "" });
    expect(read(".gitattributes").startsWith("*.png binary\n\n# >>>")).toBe(true);
  });

  it("lists what it can make, as help does", () => {
    const list = generate([]);
    expect(list.status).toBe(0);
    const names = list.stdout
      .trimEnd()
      .split("\n")
      .map((line) => [line.split(" ")[0], /\((.*)\)$/.exec(line)?.[1] ?? ""]);
    const { stdout } = generate(["--help"]);
    const help = /variants:\n((?: {2}.*\n)+)/.exec(stdout)?.[1] as string;
    expect(
      help
        .trimEnd()
        .split("\n")
        .map((line) => [line.trim().split(" ")[0], line.slice(24).trim()]),
    ).toEqual(names);
    expect(names.length).toBeGreaterThan(10);
  });

  it("leaves what is not its own: files without a block, links, directories that are another's", () => {
    writeFileSync(path("Dockerfile"), "FROM scratch\n");
    expect(generate(["dockerfile", "--write"])).toMatchObject({ status: 2 });
    expect(read("Dockerfile")).toBe("FROM scratch\n");
    writeFileSync(join(lab, "outside"), "*.x y\n");
    symlinkSync(join(lab, "outside"), path(".gitattributes"));
    expect(generate(["gitattributes", "--write"], root)).toMatchObject({ status: 2 });
    expect(readFileSync(join(lab, "outside"), "utf8")).toBe("*.x y\n");
    expect(generate(["tmpfiles", "--write", join(lab, "bin/gomodcache.conf")])).toMatchObject({ status: 4 });
    expect(generate(["nothing"])).toMatchObject({ status: 2 });
    mkdirSync(path("sub"));
    expect(generate(["pre-commit", "--variant", "git-hook", "--write", "-C", "sub"], root)).toMatchObject({
      status: 2,
    });
    expect(existsSync(path("sub/.git"))).toBe(false);
    expect(generate(["dockerfile", "--uid", "1001x"])).toMatchObject({ status: 2 });
  });

  const cache = ".go/pkg/mod";
  function makeCache(): void {
    writeTree(repo, {
      [`${cache}/cache/download/example.com/dep/@v/list`]: "v1.0.0\n",
      [`${cache}/cache/lock`]: "",
      ".gitignore": "/.go/\n",
    });
    give(path(".go"), app.uid, app.gid);
  }
  const commit = (): Ran => git("commit", "-q", "--allow-empty", "-m", "x");

  it("git hook: a commit with a good cache below it passes, and one with a bad cache is refused with the fix", () => {
    expect(generate(["pre-commit", "--variant", "git-hook", "--write"]).status).toBe(0);
    makeCache();
    git("add", "-A");
    expect(commit()).toMatchObject({ status: 0, stderr: "" });
    // A container that ran as root.
    const download = path(`${cache}/cache/download`);
    chownSync(download, 0, 0);
    const refused = commit();
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain("entry-not-writable-by-subject");
    const fix = /^ +fix +(sudo find .*)$/m.exec(refused.stderr)?.[1] as string;
    // What it says to do is enough; sudo is who runs the tests.
    expect(spawnSync("sh", ["-c", fix.replace(/^sudo /, "")]).status).toBe(0);
    expect(commit()).toMatchObject({ status: 0, stderr: "" });
    chmodSync(download, 0o777);
    expect(commit()).toMatchObject({ status: 1 });
    chmodSync(download, 0o755);
    // One that nobody but root can look into.
    chownSync(path(".go"), 0, 0);
    chmodSync(path(".go"), 0o700);
    const closed = commit();
    expect(closed.status).toBe(1);
    expect(closed.stderr).toContain(`${path(".go")} could be a module cache`);
    chownSync(path(".go"), app.uid, app.gid);
    expect(commit()).toMatchObject({ status: 0 });
    expect(git("log", "--oneline").stdout.split("\n")).toHaveLength(4);
  });

  it("git hook: a bad Dockerfile is refused, and what is generated is not", () => {
    expect(generate(["pre-commit", "--variant", "git-hook", "--write"]).status).toBe(0);
    writeFileSync(
      path("Dockerfile"),
      "FROM golang:1.24\nUSER 1001\nRUN --mount=type=cache,target=/go/pkg/mod go mod download\n",
    );
    give(path("Dockerfile"), app.uid, app.gid);
    git("add", "-A");
    const refused = commit();
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain("dockerfile-cache-mount-owner");
    writeFileSync(path("Dockerfile"), generate(["dockerfile"]).stdout);
    expect(commit()).toMatchObject({ status: 0, stderr: "" });
  });

  it("pre-commit takes the configuration, runs both hooks, and refuses what they find", (context) => {
    context.skip(spawnSync("pre-commit", ["--version"]).status !== 0, "pre-commit is not installed");
    expect(generate(["pre-commit", "--write"]).status).toBe(0);
    // The package is not fetched here: the command in PATH stands in for the one that pre-commit would install.
    const text = read(".pre-commit-config.yaml").replaceAll("language: node", "language: system");
    writeFileSync(path(".pre-commit-config.yaml"), text.replace(/^ *additional_dependencies.*\n/gm, ""));
    makeCache();
    writeFileSync(path("Dockerfile"), generate(["dockerfile"]).stdout);
    git("add", "-A");
    const run = (): Ran =>
      runAs(app, ["pre-commit", "run", "--color=never"], {
        cwd: repo,
        env: { ...env, HOME: repo, PRE_COMMIT_HOME: path(".git/pre-commit") },
      });
    const good = run();
    expect(good).toMatchObject({ status: 0 });
    expect(good.stdout.match(/^gomodcache-\S+?\.+Passed$/gm)).toHaveLength(2);
    chownSync(path(`${cache}/cache/download`), 0, 0);
    writeFileSync(
      path("Dockerfile"),
      "FROM golang:1.24\nUSER 1001\nRUN --mount=type=cache,target=/go/pkg/mod go mod download\n",
    );
    git("add", "-A");
    const bad = run();
    expect(bad.status).toBe(1);
    expect(bad.stdout.match(/^gomodcache-\S+?\.+Failed$/gm)).toHaveLength(2);
    expect(bad.stdout).toContain("dockerfile-cache-mount-owner");
    expect(bad.stdout).toContain("entry-not-writable-by-subject");
  });

  it("doctor --below finds caches that git ignores, and only what is wrong with them", () => {
    makeCache();
    const below = (...args: string[]): Ran =>
      gomodcache(app, ["doctor", "--below", ".", "--json", ...args], { cwd: repo, env });
    expect(JSON.parse(below().stdout)).toMatchObject({ verdict: "healthy", findings: [], skipped: [] });
    chownSync(path(`${cache}/cache/lock`), 0, 0);
    const report = JSON.parse(below().stdout);
    expect(report.target).toBe(repo);
    expect(report.findings.length).toBeGreaterThan(0);
    for (const { paths } of report.findings)
      expect(paths.some((one: { path: string }) => one.path.startsWith(path(cache)))).toBe(true);
    expect(below("--cache-dir", cache)).toMatchObject({ status: 2 });
    expect(gomodcache(app, ["doctor", "--below", "none"], { cwd: repo, env })).toMatchObject({ status: 2 });
  });

  it(".pre-commit-hooks.yaml has the commands that generate pre-commit has, and they run", () => {
    const hooks = parse(readFileSync(new URL("../../.pre-commit-hooks.yaml", import.meta.url), "utf8"));
    const made = parse(generate(["pre-commit"]).stdout).repos[0].hooks;
    const shape = (all: Record<string, unknown>[]): unknown[] =>
      all.map(({ name, description, additional_dependencies, ...rest }) => rest);
    expect(shape(made)).toEqual(shape(hooks));
    for (const { entry } of hooks) {
      const [, ...words] = (entry as string).split(" ");
      expect(gomodcache(app, words, { cwd: repo, env })).toMatchObject({ status: 0 });
    }
    expect(existsSync(path(".pre-commit-config.yaml"))).toBe(false);
  });
});

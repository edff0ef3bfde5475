import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { belowGoPath, defaultGoEnv, goEnvFile, parseGoEnvFile } from "../../src/host/go-defaults.ts";
import { openDirectory } from "./as-user.ts";

const none = { user: new Map<string, string>(), installation: new Map<string, string>() };

test("without any setting everything is below HOME", () => {
  expect(defaultGoEnv({ HOME: "/home/app" }, none, "/usr/local/go", "linux")).toMatchObject({
    GOPATH: "/home/app/go",
    GOMODCACHE: "/home/app/go/pkg/mod",
    GOCACHE: "/home/app/.cache/go-build",
    GOENV: "/home/app/.config/go/env",
    GOROOT: "/usr/local/go",
    GOFLAGS: "",
  });
});

test("no host is invented", () => {
  const env = defaultGoEnv({ HOME: "/home/app" }, none, "", "linux");
  expect(env).not.toHaveProperty("GOPROXY");
  expect(env).not.toHaveProperty("GOSUMDB");
});

test("on macOS the directories are the Library's", () => {
  expect(defaultGoEnv({ HOME: "/Users/app" }, none, "", "darwin")).toMatchObject({
    GOCACHE: "/Users/app/Library/Caches/go-build",
    GOENV: "/Users/app/Library/Application Support/go/env",
  });
});

test("the environment wins over the user's file, and that over the installation's", () => {
  const files = {
    user: parseGoEnvFile("# remark\nGOPROXY=off\nGOFLAGS=-mod=mod\nbroken\ngoflags=x\nGOMODCACHE=/srv/mod\n"),
    installation: parseGoEnvFile("GOPROXY=direct\nGOSUMDB=off\n"),
  };
  expect(defaultGoEnv({ HOME: "/h", GOFLAGS: "-v", GOPROXY: "" }, files, "", "linux")).toMatchObject({
    GOFLAGS: "-v",
    GOPROXY: "off",
    GOSUMDB: "off",
    GOMODCACHE: "/srv/mod",
  });
});

test("only the first directory of GOPATH has the module cache", () => {
  expect(belowGoPath("/a:/b", "pkg/mod")).toBe("/a/pkg/mod");
  expect(belowGoPath("", "pkg/mod")).toBe("");
});

test.each([
  [{ GOENV: "off", HOME: "/h" }, "off"],
  [{ GOENV: "/etc/goenv" }, "/etc/goenv"],
  [{ XDG_CONFIG_HOME: "/x", HOME: "/h" }, "/x/go/env"],
  [{ XDG_CONFIG_HOME: "relative", HOME: "/h" }, ""],
  [{}, ""],
])("the file of %j is %s", (variables, file) => {
  expect(goEnvFile(variables, "linux")).toBe(file);
});

test("what go itself says is the same, for any mixture of settings", (context) => {
  const path = process.env["PATH"] ?? "";
  const asked = spawnSync("go", ["env", "GOROOT"], { cwd: "/", env: { ...process.env }, encoding: "utf8" });
  context.skip(asked.status !== 0, "needs go on PATH");
  const goRoot = asked.stdout.trim();
  const directory = openDirectory("defaults");
  try {
    mkdirSync(join(directory, "home/.config/go"), { recursive: true });
    const maybe = (...values: string[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
    const compared = ["GOPATH", "GOMODCACHE", "GOCACHE", "GOENV", "GOFLAGS", "GONOPROXY", "GONOSUMDB", "GOTMPDIR"];
    const variables = fc.record({
      HOME: maybe(join(directory, "home"), join(directory, "none"), ""),
      XDG_CONFIG_HOME: maybe(join(directory, "config"), "relative"),
      XDG_CACHE_HOME: maybe(join(directory, "cache"), ""),
      GOENV: maybe("off", join(directory, "env")),
      GOPATH: maybe("/srv/go", "/srv/a:/srv/b", ""),
      GOMODCACHE: maybe("/srv/mod"),
      GOCACHE: maybe("/srv/build", "off"),
      GOPRIVATE: maybe("example.com"),
      GOFLAGS: maybe("-mod=mod"),
    });
    const line = fc.constantFrom(
      "GOPATH=/file/go",
      "GOMODCACHE=/file/mod",
      "GOTMPDIR=/file/tmp",
      "#x",
      "GONOSUMDB=*",
      "x",
    );
    fc.assert(
      fc.property(variables, fc.array(line, { maxLength: 4 }), (set, lines) => {
        const text = lines.join("\n");
        writeFileSync(join(directory, "home/.config/go/env"), text);
        writeFileSync(join(directory, "env"), `${text}\nGOFLAGS=-v\n`);
        const file = goEnvFile(set, "linux");
        const user =
          file === join(directory, "env")
            ? parseGoEnvFile(`${text}\nGOFLAGS=-v\n`)
            : file === join(directory, "home/.config/go/env")
              ? parseGoEnvFile(text)
              : none.user;
        const ours = defaultGoEnv(set, { ...none, user }, goRoot, "linux");
        const env = Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined));
        const told = spawnSync("go", ["env", "-json", ...compared], { cwd: "/", env: { PATH: path, ...env } });
        const theirs = JSON.parse(String(told.stdout));
        for (const name of compared) expect([name, ours[name] ?? ""]).toEqual([name, theirs[name]]);
      }),
      { numRuns: 60 },
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
});

// The predictor over a file system in memory: rows of the oracle table, without root and without go.
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { readGoSource } from "../../src/gocache/gosource.ts";
import type { GoMachine, GoSettings } from "../../src/gocache/machine.ts";
import type { Operation } from "../../src/gocache/operation.ts";
import { predict } from "../../src/gocache/predict.ts";
import { readProject } from "../../src/gocache/project.ts";
import type { Entry } from "../../src/permission/entry.ts";
import { Unseen } from "../../src/permission/world.ts";
import { directory, file, subject } from "../permission/subjects.ts";

const sha = (text: string): string => createHash("sha256").update(text).digest("base64");
const hex = (text: string): string => createHash("sha256").update(text).digest("hex");
const goMod = "module example.com/a\n\ngo 1.21\n";
const ziphash = `h1:${sha("zip")}`;
const at = "/cache/cache/download/example.com/a/@v/v1.0.0";
const tree = "/cache/example.com/a@v1.0.0";

/** A complete cache of one module, owned by root, and a project of user 1000 that needs it. */
const complete: Readonly<Record<string, Entry | { entry: Entry; text: string }>> = {
  "/": directory(0, 0, 0o755),
  "/tmp": directory(0, 0, 0o1777),
  "/go": directory(0, 0, 0o755),
  "/go/src": directory(0, 0, 0o755),
  "/go/src/runtime": directory(0, 0, 0o755),
  "/cache": directory(0, 0, 0o755),
  "/cache/cache": directory(0, 0, 0o755),
  "/cache/cache/download": directory(0, 0, 0o755),
  "/cache/cache/download/example.com": directory(0, 0, 0o755),
  "/cache/cache/download/example.com/a": directory(0, 0, 0o755),
  "/cache/cache/download/example.com/a/@v": directory(0, 0, 0o755),
  [`${at}.info`]: { entry: file(0, 0, 0o644), text: "{}" },
  [`${at}.mod`]: { entry: file(0, 0, 0o644), text: goMod },
  [`${at}.zip`]: { entry: file(0, 0, 0o644), text: "zip" },
  [`${at}.ziphash`]: { entry: file(0, 0, 0o644), text: ziphash },
  [`${at}.lock`]: { entry: file(0, 0, 0o644), text: "" },
  "/cache/example.com": directory(0, 0, 0o755),
  [tree]: directory(0, 0, 0o555),
  [`${tree}/go.mod`]: { entry: file(0, 0, 0o444), text: goMod },
  [`${tree}/a.go`]: { entry: file(0, 0, 0o444), text: "package a\n" },
  "/app": directory(1000, 1000, 0o755),
  "/app/go.mod": { entry: file(1000, 1000, 0o644), text: "module app\n\ngo 1.21\n\nrequire example.com/a v1.0.0\n" },
  "/app/go.sum": {
    entry: file(1000, 1000, 0o644),
    text: `example.com/a v1.0.0 ${ziphash}\nexample.com/a v1.0.0/go.mod h1:${sha(`${hex(goMod)}  go.mod\n`)}\n`,
  },
  "/app/main.go": {
    entry: file(1000, 1000, 0o644),
    text: 'package main\n\nimport _ "example.com/a"\n\nfunc main() {}\n',
  },
  "/home": directory(1000, 1000, 0o755),
};

type Changes = Readonly<Record<string, Entry | { entry: Entry; text: string } | undefined>>;

function machineOf(changes: Changes, indexed: boolean): GoMachine {
  const entries = new Map(Object.entries({ ...complete, ...changes }).filter(([, value]) => value !== undefined));
  const text = (path: string): string | undefined => {
    const found = entries.get(path);
    return found !== undefined && "text" in found ? found.text : undefined;
  };
  return {
    look: (path) => {
      const found = entries.get(path);
      return found === undefined ? "absent" : "entry" in found ? found.entry : found;
    },
    names: (path) => {
      const prefix = path === "/" ? "/" : `${path}/`;
      const below = [...entries.keys()].filter((key) => key !== "/" && key.startsWith(prefix));
      return [...new Set(below.map((key) => key.slice(prefix.length).split("/")[0] as string))];
    },
    target: () => new Unseen("no links here"),
    text,
    head: (path) => (text(path) === undefined ? undefined : { source: readGoSource(text(path) as string) }),
    sha256: sha,
    zipEntries: (path) => (text(path) === "zip" ? new Map([["example.com/a@v1.0.0/a.go", 0]]) : new Map()),
    zipTexts: () => new Map([["example.com/a@v1.0.0/a.go", "package a\n"]]),
    zipSum: (path) => (text(path) === "zip" ? ziphash : undefined),
    treeSum: () => ziphash,
    indexed: () => indexed,
  };
}

const settings: GoSettings = {
  goMinor: 26,
  goVersion: "1.26.0",
  cache: "/cache",
  buildCache: "/home/build",
  goroot: "/go",
  temporary: "/tmp",
  goproxy: "off",
  noProxy: "",
  toolchain: "local",
  goos: "linux",
  goarch: "amd64",
  cgo: true,
  goflags: [],
  workFile: "",
};

function ask(operation: Operation, changes: Changes, more: Partial<GoSettings> = {}, indexed = false) {
  const machine = machineOf(changes, indexed);
  const project = readProject(machine, "/app", { ...settings, ...more });
  if (project === undefined || project instanceof Unseen) throw new Error("the project is there");
  const kernel = { protectedRegular: 0, protectedFifos: 0, protectedSymlinks: 0 };
  return predict(machine, {
    operation,
    subject: subject(1000, 1000),
    settings: { ...settings, ...more },
    kernel,
    project,
  });
}

const private600 = { entry: file(0, 0, 0o600), text: "" };

describe("user 1000 on a cache of root, offline", () => {
  it.each([
    ["complete", {}, ["yes", "yes", "yes", "yes"]],
    ["zip missing", { [`${at}.zip`]: undefined }, ["yes", "no", "yes", "yes"]],
    ["zip unreadable", { [`${at}.zip`]: { ...private600, text: "zip" } }, ["yes", "yes", "no", "yes"]],
    ["ziphash unreadable", { [`${at}.ziphash`]: { ...private600, text: ziphash } }, ["no", "no", "no", "yes"]],
    ["ziphash empty", { [`${at}.ziphash`]: { entry: file(0, 0, 0o644), text: "" } }, ["no", "no", "no", "yes"]],
    ["info unreadable", { [`${at}.info`]: private600 }, ["yes", "no", "yes", "no"]],
    ["mod unreadable", { [`${at}.mod`]: { ...private600, text: goMod } }, ["no", "no", "no", "no"]],
    ["lock unwritable and unreadable", { [`${at}.lock`]: private600 }, ["yes", "yes", "yes", "yes"]],
    ["partial left behind", { [`${at}.partial`]: private600 }, ["no", "no", "yes", "yes"]],
    ["tree closed", { [tree]: directory(0, 0, 0o500) }, ["no", "no", "no", "yes"]],
    [
      "one source closed",
      { [`${tree}/a.go`]: { entry: file(0, 0, 0o400), text: "package a\n" } },
      ["no", "yes", "no", "yes"],
    ],
    ["root of the cache closed", { "/cache": directory(0, 0, 0o700) }, ["no", "no", "no", "no"]],
  ] as const)("%s", (_, changes, verdicts) => {
    const asked = (["build", "download", "verify", "list-modules"] as const).map(
      (operation) => ask(operation, changes).verdict,
    );
    expect(asked).toEqual(verdicts);
  });

  it("names the component that refuses, not the file that go complains about", () => {
    const [reason] = ask("build", { "/cache/cache": directory(0, 0, 0o700) }).reasons;
    expect(reason?.deniedBy).toEqual({ path: "/cache/cache", by: "other", because: "others have ---" });
  });
});

describe("what else stops go", () => {
  it("a build cache that cannot be made, a temporary directory that is closed", () => {
    expect(ask("build", {}, { buildCache: "/root-only/build" }).verdict).toBe("no");
    expect(ask("build", {}, { buildCache: "off" }).reasons[0]?.message).toContain("GOCACHE=off");
    expect(ask("build", { "/tmp": directory(0, 0, 0o755) }).verdict).toBe("no");
    expect(ask("list", { "/tmp": directory(0, 0, 0o755) }).verdict).toBe("yes");
  });

  it("a go line that is newer than the only go there is", () => {
    const newer = {
      "/app/go.mod": {
        entry: file(1000, 1000, 0o644),
        text: "module app\n\ngo 1.99\n\nrequire example.com/a v1.0.0\n",
      },
    };
    expect(ask("build", newer).reasons[0]?.message).toContain("go.mod requires go >= 1.99");
    // Offline, the newer toolchain cannot be fetched either.
    expect(ask("build", newer, { toolchain: "auto" }).verdict).toBe("no");
    expect(ask("build", newer, { toolchain: "auto", goproxy: "https://proxy.example" }).verdict).not.toBe("yes");
  });

  it("go.sum without the module, or with another hash", () => {
    const bare = { "/app/go.sum": { entry: file(1000, 1000, 0o644), text: "" } };
    expect(ask("build", bare).reasons[0]?.message).toContain("missing go.sum entry");
    const other = {
      "/app/go.sum": {
        entry: file(1000, 1000, 0o644),
        text: (complete["/app/go.sum"] as { text: string }).text.replace(ziphash, `h1:${sha("other")}`),
      },
    };
    expect(ask("build", other).reasons[0]?.message).toContain("checksum mismatch");
  });

  it("an import that go.mod does not provide", () => {
    const stray = {
      "/app/main.go": { entry: file(1000, 1000, 0o644), text: 'package main\n\nimport _ "example.com/b"\n' },
    };
    expect(ask("build", stray).reasons[0]?.message).toContain("no required module provides package example.com/b");
  });
});

it("takes the network for granted, and says so", () => {
  const { verdict, warnings } = ask(
    "list-modules",
    { [`${at}.info`]: undefined },
    { goproxy: "https://proxy.example" },
  );
  expect(verdict).toBe("yes");
  expect(warnings.join("\n")).toContain("GOPROXY can be reached");
});

describe("what go's index lists", () => {
  const gone = { [`${tree}/a.go`]: undefined };
  const verdicts = (changes: Changes, indexed: boolean) =>
    (["list", "build", "tidy"] as const).map((operation) => ask(operation, changes, {}, indexed).verdict);

  it("is what the zip holds, whatever has become of the tree", () => {
    expect(verdicts({}, true)).toEqual(["yes", "yes", "yes"]);
    expect(verdicts(gone, true)).toEqual(["yes", "no", "yes"]);
    expect(verdicts(gone, false)).toEqual(["no", "no", "no"]);
  });

  it("is not known without the zip, once the tree lacks something", () => {
    const withoutZip = { [`${at}.zip`]: undefined };
    expect(verdicts(withoutZip, true)).toEqual(["yes", "yes", "yes"]);
    expect(verdicts({ ...gone, ...withoutZip }, true)).toEqual(["unknown", "unknown", "unknown"]);
  });
});

describe("a module whose path is the beginning of another's", () => {
  const outer = "/cache/cache/download/example.com/@v/v1.0.0";
  const outerMod = "module example.com\n\ngo 1.21\n";
  const both = {
    "/app/go.mod": {
      entry: file(1000, 1000, 0o644),
      text: "module app\n\ngo 1.21\n\nrequire (\n\texample.com v1.0.0\n\texample.com/a v1.0.0\n)\n",
    },
    "/app/go.sum": {
      entry: file(1000, 1000, 0o644),
      text: `${(complete["/app/go.sum"] as { text: string }).text}example.com v1.0.0 ${ziphash}\n`,
    },
    "/cache/cache/download/example.com/@v": directory(0, 0, 0o755),
    [`${outer}.mod`]: { entry: file(0, 0, 0o644), text: outerMod },
    [`${outer}.zip`]: { entry: file(0, 0, 0o644), text: "zip" },
    [`${outer}.ziphash`]: { entry: file(0, 0, 0o644), text: ziphash },
    "/cache/example.com@v1.0.0": directory(0, 0, 0o555),
    "/cache/example.com@v1.0.0/go.mod": { entry: file(0, 0, 0o444), text: outerMod },
  };

  it("is fetched too, in case that it has the package as well", () => {
    expect(ask("build", both).verdict).toBe("yes");
    expect(ask("build", { ...both, [`${outer}.ziphash`]: private600 }).verdict).toBe("no");
  });

  it("must not have the package as well", () => {
    const twice = {
      ...both,
      "/cache/example.com@v1.0.0/a": directory(0, 0, 0o555),
      "/cache/example.com@v1.0.0/a/a.go": { entry: file(0, 0, 0o444), text: "package a\n" },
    };
    expect(ask("build", twice).reasons[0]?.message).toContain("in multiple modules: example.com/a, example.com");
  });
});

it("takes a package below another go.mod from its own module, not from the main one around it", () => {
  const around = {
    "/app/go.mod": {
      entry: file(1000, 1000, 0o644),
      text: "module example.com\n\ngo 1.21\n\nrequire example.com/a v1.0.0\n",
    },
    "/app/a": directory(1000, 1000, 0o755),
    "/app/a/go.mod": { entry: file(1000, 1000, 0o644), text: goMod },
    "/app/a/a.go": { entry: file(1000, 1000, 0o644), text: "package a\n" },
  };
  expect(ask("build", around).verdict).toBe("yes");
  expect(ask("build", { ...around, [tree]: directory(0, 0, 0o500) }).verdict).toBe("no");
});

it("lets go mod tidy need what the tests of dependencies import, and nobody else", () => {
  const tested = {
    [`${tree}/a_test.go`]: {
      entry: file(0, 0, 0o444),
      text: 'package a\n\nimport _ "example.com/helper"\n',
    },
  };
  expect(ask("build", tested).verdict).toBe("yes");
  expect(ask("vendor", tested).verdict).toBe("yes");
  expect(ask("tidy", tested).reasons[0]?.message).toContain("no required module provides package example.com/helper");
  // With a proxy go would look for it.
  expect(ask("tidy", tested, { goproxy: "https://proxy.example" }).verdict).toBe("unknown");
});

// `classify` as it is run: files, pipes, exit statuses, formats.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { classifyDocument } from "../../src/report/classify-schema.ts";
import { before, command, executable } from "./program.ts";

let directory: string;
let log: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "classify-"));
  chmodSync(directory, 0o755);
  log = join(directory, "build.log");
  writeFileSync(
    log,
    [
      "#12 3.456 go: downloading example.net/lib v1.0.1",
      "#12 3.456 go: writing stat cache: mkdir /go/pkg/mod/cache/download/example.net: permission denied",
      "#12 3.789 go: example.net/lib@v1.0.1: mkdir /go/pkg/mod/cache/download/example.net: permission denied",
      "",
    ].join("\n"),
  );
});
afterAll(() => rmSync(directory, { recursive: true }));

function classify(
  argv: readonly string[],
  options: { input?: string | Uint8Array; uid?: number; env?: Record<string, string> } = {},
) {
  const { input = "", uid, env = {} } = options;
  const { status, stdout, stderr } = spawnSync(executable, [...before, "classify", ...argv], {
    input,
    encoding: "utf8",
    cwd: directory,
    env: { PATH: process.env["PATH"] ?? "", LANG: "C.UTF-8", COLUMNS: "80", ...env },
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  return { status, stdout, stderr };
}

describe("classify", () => {
  it("names the cause, the line, why and the fix", () => {
    const { status, stdout, stderr } = classify([log]);
    expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
    expect(stdout).toMatchInlineSnapshot(`
      "✗ fs  modcache-not-owned-by-uid  (fix the environment)
          line 3  go: example.net/lib@v1.0.1: mkdir /go/pkg/mod/cache/download/example.net: permission denied
          why   The module cache belongs to another user: /go/pkg/mod/cache/download/example.net cannot be written
          fix   gomodcache doctor
                (Let doctor name the owner, the mode and the component that decides)
          or    sudo chown -R "$(id -u):$(id -g)" "$(go env GOMODCACHE)"
                (Give a cache that is nobody else's back to its user; for a shared one see gomodcache init --contract group)
          or    RUN --mount=type=cache,target=/go/pkg/mod,uid=1000,gid=1000 go build ./...
                (In a Dockerfile, give a cache mount the ids of the image's user)
          or    export GOMODCACHE="$HOME/.cache/gomod"
                (Give this user a module cache of their own)
          more  gomodcache explain fs
      "
    `);
  });

  it("reads standard input, with - and without", () => {
    const input = "go: open /srv/app/go.mod: permission denied\n";
    const named = classify(["-"], { input });
    expect(named.status).toBe(1);
    expect(named.stdout).toContain("gomod-unreadable");
    expect(classify([], { input }).stdout).toBe(named.stdout);
  });

  it("gives JSON that the schema knows, the first cause at the top", () => {
    const { status, stdout } = classify(["--json", log]);
    const document = JSON.parse(stdout);
    expect(classifyDocument.parse(document)).toEqual(document);
    expect(status).toBe(1);
    expect(document).toMatchObject({
      command: "classify",
      category: "fs",
      subcategory: "modcache-not-owned-by-uid",
      coarse: "fs",
      disposition: "fix-environment",
      confidence: "certain",
      evidence: { line: 3 },
      paths: ["/go/pkg/mod/cache/download/example.net"],
      causes: [{ module: { path: "example.net/lib", version: "v1.0.1" }, where: "here" }],
      lines: 3,
    });
  });

  it("gives JSON for what is no failure too", () => {
    const { status, stdout } = classify(["--json"], { input: "--- FAIL: TestX (0.00s)\nFAIL\n" });
    const document = JSON.parse(stdout);
    expect(classifyDocument.parse(document)).toEqual(document);
    expect(status).toBe(0);
    expect(document).toMatchObject({
      category: "none",
      subcategory: "test-failure",
      disposition: "none",
      causes: [],
      remedy: null,
    });
  });

  it("takes what a command said that succeeded for no failure", () => {
    const { status, stdout } = classify(["--exit-code", "0", log]);
    expect(status).toBe(0);
    expect(stdout).toContain("none: warning");
    expect(classify(["--exit-code", "1", log]).status).toBe(1);
  });

  it("annotates GitHub's job, and lets no log command through", () => {
    const input =
      "go: open /srv/app/go.mod: permission denied\n::error::go: open /x/go.sum: permission denied %0A::add-mask::x\n";
    const { stdout } = classify(["--format", "github"], { input });
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^::error title=fs%3A gomod-unreadable::/);
    expect(stdout).not.toContain("::add-mask::");
  });

  it("shows no escape codes of the log, and none that are hidden in paths", () => {
    const input = "\x1b[31mgo: open /srv/\x1b]0;title\x07\u202ego.mod: permission denied\x1b[0m\n";
    for (const argv of [[], ["--json"], ["-f", "github"]])
      expect(classify(argv, { input }).stdout).not.toMatch(/[\x1b\x07\u202e]/);
  });

  it("says how many causes it does not show, and shows as many as are asked for", () => {
    const input = "main.go:4:2: package fmt is not in std (/usr/local/go/src/fmt)\n";
    expect(classify([], { input }).stdout).toContain("and 1 less likely cause (--top 4 shows all)");
    expect(classify(["--top", "1"], { input }).stdout).toContain("and 3 less likely causes");
    expect(classify(["--top", "4"], { input }).stdout).not.toContain("less likely");
    expect(JSON.parse(classify(["--json", "--top", "2"], { input }).stdout).causes).toHaveLength(2);
    expect(classify(["-q"], { input }).stdout.trim().split("\n")).toHaveLength(1);
  });

  it("gets through anything", () => {
    const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7919 + (index >> 3) * 31) & 0xff);
    expect(classify([], { input: bytes })).toMatchObject({ status: 0, stderr: "" });
    expect(classify([], { input: "" })).toMatchObject({ status: 0, stderr: "" });
  });

  it.each([
    ["a file that is not there", () => classify([join(directory, "nothing.log")]), "cannot be read: ENOENT"],
    ["a directory", () => classify([directory]), "is a directory"],
    ["a number that is none", () => classify(["--exit-code", "x", log]), "give a whole number"],
    ["a format that it does not have", () => classify(["-f", "sarif", log]), "Allowed choices"],
  ])("tells of %s, with status 2", (_, run, message) => {
    const { status, stdout, stderr } = run();
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(message);
  });

  it("tells of a file that the user may not read", (context) => {
    context.skip(process.getuid?.() !== 0, "needs root");
    const closed = join(directory, "closed.log");
    writeFileSync(closed, "x", { mode: 0o600 });
    const { status, stderr } = classify([closed], { uid: 65534 });
    expect(status).toBe(2);
    expect(stderr).toContain("EACCES");
  });

  it("asks for a log at a terminal", (context) => {
    const script = spawnSync("script", ["-qec", `${command.join(" ")} classify`, "/dev/null"], {
      encoding: "utf8",
      input: "",
    });
    context.skip(script.error !== undefined, "needs script(1)");
    expect(script.stdout).toContain("no log was given");
    expect(script.status).toBe(2);
  });
});

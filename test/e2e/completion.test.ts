// Completion as the shells do it: fish and bash are asked, and Tab is pressed in an interactive zsh and bash.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeLab, removeLab } from "./lab.ts";
import { command, gomodcacheScript } from "./program.ts";

let lab: string;
let env: Record<string, string>;
beforeAll(() => {
  lab = makeLab("completion");
  mkdirSync(join(lab, "bin"));
  for (const [name, words] of [
    ["gomodcache", command],
    ["gomodcache-init", [...command, "init"]],
  ] as const) {
    writeFileSync(join(lab, "bin", name), gomodcacheScript(words));
    chmodSync(join(lab, "bin", name), 0o755);
  }
  mkdirSync(join(lab, "work/service"), { recursive: true });
  for (const name of ["build.log", "a file.txt"]) writeFileSync(join(lab, "work", name), "");
  env = { PATH: `${join(lab, "bin")}:/usr/bin:/bin`, HOME: lab, TERM: "xterm" };
});
afterAll(() => removeLab(lab));

function run(argv: readonly string[]): string[] {
  const [file = "", ...args] = argv;
  const options = { cwd: join(lab, "work"), env, encoding: "utf8", timeout: 60_000 } as const;
  const { status, stdout, stderr } = spawnSync(file, args, options);
  expect([status, stderr]).toEqual([0, ""]);
  return stdout.split("\n").filter((line) => line !== "");
}

function skipWithout(program: string): boolean {
  return spawnSync(program, ["--version"]).error !== undefined;
}

const script = (name: string): string => join(import.meta.dirname, "completion", name);

describe.skipIf(skipWithout("bash"))("bash (skipped where it is not installed)", () => {
  /** @param words as readline splits them: at blanks, = and : */
  const ask = (...words: string[]): string[] => run(["bash", "--norc", script("ask.bash"), line(words), ...words]);
  const line = (words: readonly string[]): string => words.join(" ").replace(/ ?([=:]) ?/g, "$1");

  it.each([
    [["gomodcache", "expl"], ["explain"]],
    [["gomodcache", "explain", "ziphash-t"], ["ziphash-torn"]],
    [["gomodcache", "fix", "--only", "ziphash-t"], ["ziphash-torn"]],
    [["gomodcache", "can", "bu"], ["build"]],
    [["gomodcache", "generate", "kube"], ["kubernetes-job"]],
    [["gomodcache", "lab", "um"], ["umask"]],
    [["gomodcache", "help", "exit"], ["exit-codes"]],
    [
      ["gomodcache", "doctor", "--format", "=", "js"],
      ["json", "json-v1", "jsonl"],
    ],
    [
      ["gomodcache", "doctor", "--color", "="],
      ["auto", "always", "never"],
    ],
    [
      ["gomodcache", "doctor", "--color", "=", ""],
      ["auto", "always", "never"],
    ],
    [["gomodcache", "--every"], ["--every-acl"]],
    [["gomodcache", "why", "/", "--as", "nobo"], ["nobody"]],
    [["gomodcache", "why", "/", "--as", "=", "nobo"], ["nobody"]],
    [["gomodcache", "init", "--group", "nogro"], ["nogroup"]],
    [["gomodcache-init", "--contract", "r"], ["readonly"]],
    [["gomodcache", "classify", "bu"], ["compopt -o default"]],
    [["gomodcache", "can", "build", "--for", "se"], ["compopt -o dirnames"]],
    [
      ["gomodcache", "run", "--", "setpri"],
      ["setpriv", "setpriv"],
    ],
    [
      ["gomodcache-init", "--", "setpri"],
      ["setpriv", "setpriv"],
    ],
    [["gomodcache", "run", "--", "cat", "bu"], ["compopt -o default"]],
    [["gomodcache", "no-such-command", ""], []],
  ])("%j: %j", (words, expected) => {
    const found = ask(...words);
    // /bin and /usr/bin may be one directory, in which bash finds a command once or twice.
    expect([...new Set(found)]).toEqual([...new Set(expected)]);
  });
});

describe.skipIf(skipWithout("fish"))("fish (skipped where it is not installed)", () => {
  const code = "gomodcache completion fish | source; complete -C $argv[1]";
  const ask = (line: string): string[] => run(["fish", "--no-config", "-c", code, line]);

  it.each([
    ["gomodcache expl", [["explain", "a rule's page, offline; without a rule, the list"]]],
    ["gomodcache fix --only ziphash-t", [["ziphash-torn", "ziphash files that hold no hash"]]],
    ["gomodcache doctor --format=jun", [["--format=junit"]]],
    ["gomodcache classify bui", [["build.log"]]],
    ["gomodcache can build --for ser", [["service/", "directory"]]],
    ["gomodcache can build --for=ser", [["--for=service/", "directory"]]],
    ["gomodcache why / --as nobod", [["nobody", expect.any(String)]]],
    ["gomodcache init --group nogrou", [["nogroup"]]],
    ["gomodcache run -- cat bui", [["build.log"]]],
    ["gomodcache-init --contract re", [["readonly"]]],
    ["gomodcache-init --owner 0 -- cat bui", [["build.log"]]],
    ["gomodcache no-such-command ", []],
  ])("%s", (line, expected) => {
    const trimmed = ask(line).map((found) => found.split("\t").filter((part) => part !== ""));
    expect(trimmed).toEqual(expected);
  });
});

describe.skipIf(skipWithout("zsh"))("zsh (skipped where it is not installed)", () => {
  it("completes what is typed", () => {
    const lines: Record<string, string> = {
      "gomodcache expl": "gomodcache explain ",
      "gomodcache explain ziphash-t": "gomodcache explain ziphash-torn ",
      "gomodcache doctor --format=ma": "gomodcache doctor --format=markdown ",
      "gomodcache classify bui": "gomodcache classify build.log ",
      "gomodcache classify a": "gomodcache classify a\\ file.txt ",
      "gomodcache can build --for s": "gomodcache can build --for service/",
      "gomodcache can build --for=s": "gomodcache can build --for=service/",
      "gomodcache why / --as nobod": "gomodcache why / --as nobody ",
      "gomodcache run -- setpri": "gomodcache run -- setpriv ",
      "gomodcache run -- cat bui": "gomodcache run -- cat build.log ",
      "gomodcache-init --contract re": "gomodcache-init --contract readonly ",
      "gomodcache-init -- cat bui": "gomodcache-init -- cat build.log ",
    };
    const became = run(["zsh", "-f", script("press-tab.zsh"), ...Object.keys(lines)]);
    expect(became.map((text) => text.replace(/ $/, ""))).toEqual(
      Object.values(lines).map((text) => text.replace(/ $/, "")),
    );
  });
});

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { netrcHosts, parseNetrc } from "../../src/host/netrc.ts";
import { openDirectory } from "./as-user.ts";

test("machines with a login and a password", () => {
  const text = `machine a.example.org login me password word
machine half.example.org login me
machine b.example.org
  login me
  password word
macdef init
machine macro.example.org login x password y

machine "quoted.example.org" login 'me' password "a word"
default
machine late.example.org login me password word
`;
  expect([...parseNetrc(text)]).toEqual(["a.example.org", "b.example.org", '"quoted.example.org"']);
});

test("a default with credentials ends nothing: go looks for it where its words are odd", () => {
  const text = "default login x password y\nmachine late.example.org login me password word\n";
  expect([...parseNetrc(text)]).toEqual(["late.example.org"]);
});

test("a macro with Windows' line ends never ends", () => {
  const text = "macdef init\r\nx\r\n\r\nmachine a.example.org login me password word\r\n";
  expect(parseNetrc(text).size).toBe(0);
});

const word = fc.constantFrom(
  ...["machine", "login", "password", "default", "macdef", "account", "a.example.org", "b.example.org", "me"],
  ...['"quoted"', "#", "'", "\ufeffmachine", "p\u00e4ss"],
);
const blank = fc.constantFrom(
  " ",
  " ",
  " ",
  "\t",
  "  ",
  "\n",
  "\n",
  "\n\n",
  "\r\n",
  "\u00a0",
  "\u0085",
  "\ufeff",
  "\v",
);
const whole = fc.constantFrom("machine c.example.org login me password word\n", "machine d.example.org login x\n");
const text = fc
  .array(fc.oneof({ weight: 4, arbitrary: fc.tuple(word, blank).map((two) => two.join("")) }, whole), { maxLength: 30 })
  .map((parts) => parts.join(""));

test("is read as this machine's go reads it: its own function is compiled and asked", () => {
  const asked = spawnSync("go", ["env", "GOROOT", "GOVERSION"], { encoding: "utf8" }).stdout;
  const [root = "", version = ""] = asked.trim().split("\n");
  const source = readFileSync(join(root, "src/cmd/go/internal/auth/netrc.go"), "utf8");
  const own = /^type netrcLine struct \{[\s\S]*?^\}|^func parseNetrc\([\s\S]*?^\}/gm;
  const parts = source.match(own) ?? [];
  expect(parts).toHaveLength(2);
  const directory = openDirectory("netrc");
  try {
    mkdirSync(join(directory, "ask"));
    const main = `package main

import ("encoding/json"; "os"; "strings")

${parts.join("\n\n")}

func main() {
	var texts []string
	if err := json.NewDecoder(os.Stdin).Decode(&texts); err != nil { panic(err) }
	answers := make([][]string, len(texts))
	for i, text := range texts {
		answers[i] = []string{}
		for _, line := range parseNetrc(text) { answers[i] = append(answers[i], line.machine) }
	}
	json.NewEncoder(os.Stdout).Encode(answers)
	_ = strings.Fields
}
`;
    writeFileSync(join(directory, "ask/main.go"), main);
    writeFileSync(join(directory, "ask/go.mod"), `module ask\n\ngo ${/\d+\.\d+/.exec(version)}\n`);
    const drawn = fc.sample(text, { numRuns: 3000, seed: 20261125 });
    const env = { ...process.env, GOFLAGS: "", GOTOOLCHAIN: "local", GOWORK: "off" };
    const { stdout, stderr, status } = spawnSync("go", ["run", "."], {
      cwd: join(directory, "ask"),
      env,
      input: JSON.stringify(drawn),
      encoding: "utf8",
      maxBuffer: 1 << 26,
    });
    expect(status, stderr).toBe(0);
    const answers = JSON.parse(stdout) as string[][];
    const differ = drawn.filter(
      (one, at) => [...parseNetrc(one)].sort().join() !== [...new Set(answers[at])].sort().join(),
    );
    expect(differ).toEqual([]);
    expect(answers.filter((hosts) => hosts.length > 0).length).toBeGreaterThan(500);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

test("no file gives no hosts, and one that cannot be read is not taken for none", () => {
  const directory = openDirectory("netrc");
  try {
    expect(netrcHosts({ HOME: directory })).toEqual(new Set());
    expect(netrcHosts({})).toEqual(new Set());
    mkdirSync(join(directory, ".netrc"));
    expect(netrcHosts({ HOME: directory })).toBeUndefined();
    writeFileSync(join(directory, "other"), "machine a.example.org login me password word\n");
    expect(netrcHosts({ HOME: directory, NETRC: join(directory, "other") })).toEqual(new Set(["a.example.org"]));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

import { describe, expect, it } from "vitest";
import { readCommands } from "../../../src/lint/shell/read.ts";

const seen = (text: string): string[] =>
  readCommands(text).map(({ words, as, assignments, writes }) =>
    [
      ...(as === undefined ? [] : [`[${as.user}]`]),
      ...assignments.map(({ name, value }) => `${name}=${value}`),
      ...words.map(({ value }) => value),
      ...writes.map(({ value }) => `>${value}`),
    ].join(" "),
  );

describe("commands of a script", () => {
  it.each([
    ["a && b || c; d | e", ["a", "b", "c", "d", "e"]],
    ["if a; then b; else c; fi; for x in 1 2; do d; done", ["a", "b", "c", "d"]],
    ['f() { a "$(b)"; }', ["a $(b)", "b"]],
    ["A=1 B=$C go build > out 2>&1", ["A=1 B=$C go build >out"]],
    ["export A=1 B='2 3'", ["A=1 B=2 3 export"]],
    ["sudo -E -u app -- go build", ["[app] go build"]],
    ["sudo A=b go build", ["[root] A=b go build"]],
    ["env -u X A=b nice -n 5 timeout -k 5 10 go test", ["A=b go test"]],
    ["gosu app go build; su-exec 1001:1001 id", ["[app] go build", "[1001:1001] id"]],
    ["su - app -c 'go build && id'", ["[app] go build", "[app] id"]],
    ["su -c 'go build'", ["[root] go build"]],
    ["bash -euo pipefail -c 'a; sudo b'", ["a", "[root] b"]],
    ["sudo sh -c 'go build'", ["[root] go build"]],
    ["bash <<'EOF'\ngo build\nEOF\n", ["go build"]],
    ["find . -print0 | xargs -0 chmod 644", ["find . -print0", "chmod 644"]],
    ["command -v go; exec go build", ["command -v go", "go build"]],
    ["# go build\necho 'go build'", ["echo go build"]],
    ["sudo -i", ["sudo -i"]],
  ])("%s", (text, expected) => expect(seen(text)).toEqual(expected));

  it("have their places in the file", () => {
    const text = "x; sudo go build 'a b'";
    const command = readCommands(text, 0)[1];
    expect(text.slice(command?.start, command?.end)).toBe("sudo go build 'a b'");
    expect(command?.words.map(({ start, end }) => text.slice(start, end))).toEqual(["go", "build", "'a b'"]);
    const inner = readCommands("bash -c 'go get x'", 100)[0];
    expect(inner?.start).toBe(109);
  });

  it("are read from deep nests without overflowing", () => {
    expect(readCommands(`${"$(".repeat(20_000)}go build`).length).toBeLessThan(20_001);
    expect(readCommands(`${"(".repeat(20_000)}go build`).length).toBeLessThan(20_001);
  });
});

// What toolchain-binary-not-executable fires on, what it leaves alone, and what it says.
import { describe, expect, test } from "vitest";
import { toolchainBinaryNotExecutable } from "../../src/rules/toolchain-binary-not-executable.ts";
import { dir, factsFor, file, run, seen, subject } from "./sample-cache.ts";

const facts = factsFor(subject(1001), dir(0o755));

describe("toolchain-binary-not-executable", () => {
  test.each([
    ["bin/go as it was extracted", seen("golang.org/toolchain@v0.0.1-go1.26.0.linux-amd64/bin/go", file(0o444))],
    [
      "a tool for the owner only",
      seen("golang.org/toolchain@v0.0.1-go1.26.0.linux-amd64/pkg/tool/linux_amd64/compile", file(0o544)),
    ],
  ])("fires: %s", (_, at) => {
    expect(run(toolchainBinaryNotExecutable, [at], facts)?.count).toBe(1);
  });

  test.each([
    ["bin/go after first use", seen("golang.org/toolchain@v0.0.1-go1.26.0.linux-amd64/bin/go", file(0o555))],
    ["a source file", seen("golang.org/toolchain@v0.0.1-go1.26.0.linux-amd64/src/fmt/print.go", file(0o444))],
    ["a program of another module", seen("example.com/alpha@v1.0.0/bin/go", file(0o444))],
  ])("is silent: %s", (_, at) => {
    expect(run(toolchainBinaryNotExecutable, [at], facts)).toBeUndefined();
  });

  test("says what is wrong, who is hurt, and the command", () => {
    const draft = run(
      toolchainBinaryNotExecutable,
      [seen("golang.org/toolchain@v0.0.1-go1.26.0.linux-amd64/bin/go", file(0o444))],
      facts,
    );
    expect(draft?.message).toMatchInlineSnapshot(
      `"1 program of a Go toolchain in the cache cannot be executed by all, and only alice (1000) may change that: switching to that toolchain fails for bob (1001)"`,
    );
    expect(draft?.paths).toHaveLength(1);
    expect(draft?.fixes.map(({ command }) => command)).toMatchInlineSnapshot(`
      [
        "find /srv/go/mod/golang.org -xdev -type f \\( -path '*/bin/*' -o -path '*/pkg/tool/*' \\) ! -perm -111 -exec chmod a+x {} +",
      ]
    `);
  });

  test("is an error for a user who may not set the bits, and a warning for the owner", () => {
    const at = seen("golang.org/toolchain@v0.0.1-go1.26.0.linux-amd64/bin/go", file(0o444));
    expect(run(toolchainBinaryNotExecutable, [at], facts)?.severity).toBe("error");
    const owner = run(toolchainBinaryNotExecutable, [at], factsFor(subject(1000), dir(0o755)));
    expect(owner?.severity).toBeUndefined();
    expect(owner?.subject).toBe("every user but alice (1000)");
  });
});

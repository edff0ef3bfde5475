import { expect, it } from "vitest";
import { parse } from "yaml";
import { blockOf, commandLine, fileWith, settingsOf, targetNamed, type Wanted } from "../../src/generate/render.ts";

function merged(name: string, text: string | undefined, wanted: Wanted = {}): string {
  const target = targetNamed(name);
  const settings = settingsOf(target, wanted, "0.1.0");
  return fileWith(target, settings, blockOf(target, settings, commandLine(target, wanted)), "FILE", text);
}

it("a file that is not of generate's is refused as it is", () => {
  for (const name of ["dockerfile", "kubernetes-job", "devcontainer", "compose"])
    expect(() => merged(name, "FROM golang\n")).toThrow("nothing of it was replaced");
});

it.each(["dockerfile", "kubernetes-job", "devcontainer"])(
  "%s: what is outside of the block stays, what is inside is replaced",
  (name) => {
    const first = merged(name, undefined);
    const around = `# mine\n${first}# also mine`;
    const second = merged(name, around, { cacheDir: "/data/cache" });
    expect(second.startsWith("# mine\n")).toBe(true);
    expect(second.endsWith("# also mine")).toBe(true);
    expect(second.slice(7, -11)).toBe(merged(name, undefined, { cacheDir: "/data/cache" }));
    expect(merged(name, second, { cacheDir: "/data/cache" })).toBe(second);
  },
);

it("a block that somebody edited is refused", () => {
  const text = merged("dockerfile", undefined).replace("USER 1001:1001\nWORKDIR", "USER 1001:1001\nRUN true\nWORKDIR");
  expect(() => merged("dockerfile", text)).toThrow("edited by hand");
});

it("pre-commit: an item in the list of somebody else's, in its indentation, and again", () => {
  for (const blanks of ["", "  ", "    "]) {
    const old = `# top\nfail_fast: true\nrepos:   # all\n\n${blanks}# theirs\n${blanks}- repo: x\n${blanks}  hooks: []\nexclude: y\n`;
    const text = merged("pre-commit", old);
    const value = parse(text);
    expect(value.repos.map(({ repo }: { repo: string }) => repo)).toEqual(["local", "x"]);
    expect(value.repos[0].hooks.map(({ id }: { id: string }) => id)).toEqual([
      "gomodcache-lint",
      "gomodcache-cache-check",
    ]);
    expect({ ...value, repos: value.repos.slice(1) }).toEqual(parse(old));
    expect(merged("pre-commit", text)).toBe(text);
  }
  expect(() => merged("pre-commit", "repos: []\n")).toThrow("no list");
});

it("gitlab-ci: a job beside others; a job of that name outside of the block is refused", () => {
  const old = "stages: [test]\ntest:\n  extends: .gomodcache\n  script: go test ./...";
  const text = merged("gitlab-ci", old);
  expect(text.startsWith(`${old}\n`)).toBe(true);
  expect(Object.keys(parse(text))).toEqual(["stages", "test", ".gomodcache"]);
  expect(merged("gitlab-ci", text)).toBe(text);
  expect(() => merged("gitlab-ci", ".gomodcache:\n  image: x\n")).toThrow("remove or rename");
});

it("git hook: after the first line of a hook that ends by itself; other languages are refused", () => {
  const text = merged("pre-commit", "#!/usr/bin/env bash\nexit 0\n", { variant: "git-hook" });
  expect(text.split("\n").slice(0, 2)).toEqual(["#!/usr/bin/env bash", "# >>> gomodcache >>>"]);
  expect(text.endsWith("# <<< gomodcache <<<\nexit 0\n")).toBe(true);
  expect(() => merged("pre-commit", "#!/usr/bin/python3\n", { variant: "git-hook" })).toThrow("no shell script");
});

it("gitattributes: at the end, and bytes of other lines stay", () => {
  const text = merged("gitattributes", "*.png binary\r\n");
  expect(text.startsWith("*.png binary\r\n\n# >>>")).toBe(true);
});

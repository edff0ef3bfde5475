import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { UserError } from "../../src/error.ts";
import { withBlock } from "../../src/generate/marked-block.ts";
import { type Dialect, exportLine, shellBlock } from "../../src/init/shell-block.ts";

const command = "gomodcache init --persist shell";
const block = shellBlock({ directory: "/srv/mod", dialect: "posix", command });

test("the block says who wrote it, and what", () => {
  expect(block).toBe(`# >>> gomodcache >>>
# Written by: gomodcache init --persist shell
# The next run replaces this block. What is outside of it is left alone.
export GOMODCACHE='/srv/mod'
# <<< gomodcache <<<
`);
});

test("the umask is a comment, or set if that was asked for", () => {
  const content = { directory: "/srv/mod", dialect: "posix", command } as const;
  expect(shellBlock({ ...content, umaskNote: "002" })).toMatch(/^# .*umask than 002/m);
  expect(shellBlock({ ...content, umaskNote: "002" })).not.toMatch(/^umask/m);
  expect(shellBlock({ ...content, umask: "002" })).toMatch(/^umask 002$/m);
});

test("a command line with line breaks stays a comment", () => {
  const text = shellBlock({ directory: "/srv/mod", dialect: "posix", command: "init\nrm -rf /\r\u2028" });
  expect(text.split("\n").filter((line) => line !== "" && !line.startsWith("#"))).toEqual([
    "export GOMODCACHE='/srv/mod'",
  ]);
});

test("a name with a control character is refused", () => {
  for (const directory of ["/a\nb", "/a\rb", "/a\0b", "/a\x1bb", "/a\x7f"])
    for (const dialect of ["posix", "fish"] as const) expect(() => exportLine(directory, dialect)).toThrow(UserError);
});

const shells: [string, Dialect][] = [
  ["sh", "posix"],
  ["bash", "posix"],
  ["zsh", "posix"],
  ["fish", "fish"],
];

test("every shell of this machine reads the very name back", () => {
  const here = shells.filter(([shell]) => spawnSync(shell, ["-c", "exit 0"]).status === 0);
  expect(here.map(([shell]) => shell)).toContain("sh");
  const names = [
    "/a b",
    "/it's",
    "/$HOME `id` $(id)",
    '/"x"',
    "/back\\slash\\",
    "/\\'",
    "/a;b&c|d*?[x]{y,z}~#!",
    "/ä€😀",
    "/-n",
  ];
  for (const [shell, dialect] of here) {
    for (const name of names) {
      const script = `${shellBlock({ directory: name, dialect, command, umask: "002" })}printf %s "$GOMODCACHE"; umask`;
      const { stdout } = spawnSync(shell, ["-c", script], {
        encoding: "utf8",
        env: { PATH: process.env["PATH"] ?? "" },
      });
      expect({ shell, stdout: stdout.trim() }).toMatchObject({ shell, stdout: expect.stringMatching(/0*2$/) });
      expect({ shell, name: stdout.trim().replace(/0*2$/, "") }).toEqual({ shell, name });
    }
  }
});

test("fish has its own quotes", () => {
  expect(exportLine("/it's a \\", "fish")).toBe("set -gx GOMODCACHE '/it\\'s a \\\\'");
});

test("the block comes at the end, and what was there stays", () => {
  expect(withBlock("", block, "f")).toEqual({ text: block, was: "absent" });
  expect(withBlock("a\n", block, "f").text).toBe(`a\n\n${block}`);
  expect(withBlock("a", block, "f").text).toBe(`a\n\n${block}`);
  expect(withBlock("a\r\nb\r\n", block, "f").text).toBe(`a\r\nb\r\n\n${block}`);
});

test("a backslash at the end of the file does not swallow the block", () => {
  const { text } = withBlock("x=1 \\", block, "f");
  const { stdout } = spawnSync("sh", ["-c", `${text}printf %s "$GOMODCACHE"`], { encoding: "utf8" });
  expect(stdout).toBe("/srv/mod");
});

test("the former block is replaced where it stands, a second time changes nothing", () => {
  const other = shellBlock({ directory: "/other", dialect: "posix", command: "former" });
  const changed = withBlock(`a\r\n${other}z`, block, "f");
  expect(changed).toEqual({ text: `a\r\n${block}z`, was: "other" });
  expect(withBlock(changed.text, block, "f")).toEqual({ text: changed.text, was: "same" });
  // An editor made it CRLF.
  expect(withBlock(`a\r\n${other.replaceAll("\n", "\r\n")}z\r\n`, block, "f").text).toBe(`a\r\n${block}z\r\n`);
  // The file's last line has no end, and shall have none.
  expect(withBlock(`a\n${other.trimEnd()}`, block, "f").text).toBe(`a\n${block.trimEnd()}`);
});

test("a broken block is refused", () => {
  const [begin = "", ...rest] = block.split("\n");
  const end = rest.at(-2) as string;
  for (const text of [
    begin,
    `${begin}\nx\n`,
    `x\n${end}\n`,
    `${end}\n${begin}\n`,
    block + block,
    `${begin}\n${block}`,
  ]) {
    expect(() => withBlock(text, block, "/home/a/.bashrc")).toThrow(
      /\/home\/a\/\.bashrc has a broken gomodcache block/,
    );
  }
  // Not marks: they do not stand alone on their line.
  for (const text of [`echo "${begin}"\n`, ` ${begin}\n`, `${begin} x\n`]) {
    expect(withBlock(text, block, "f").text).toBe(`${text}\n${block}`);
  }
});

test("whatever the text, its own characters stay and the second run changes nothing", () => {
  const part = fc.oneof(
    fc.string(),
    fc.constantFrom("\n", "\r\n", "\\", "# >>> gomodcache >>>", "# <<< gomodcache <<<", block),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      const text = parts.join("");
      let first: string;
      try {
        first = withBlock(text, block, "f").text;
      } catch (error) {
        expect(error).toBeInstanceOf(UserError);
        return;
      }
      const at = first.indexOf(block.trimEnd());
      expect(text.startsWith(first.slice(0, at).replace(/\n{1,2}$/, ""))).toBe(true);
      expect(text.endsWith(first.slice(at + block.length))).toBe(true);
      expect(withBlock(first, block, "f")).toEqual({ text: first, was: "same" });
    }),
    { numRuns: 500 },
  );
});

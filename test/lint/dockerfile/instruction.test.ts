import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readInstructions } from "../../../src/lint/dockerfile/instruction.ts";
import { expand, splitWords } from "../../../src/lint/dockerfile/words.ts";
import { lint } from "../../../src/lint/run.ts";

const shapes = (text: string): string[] =>
  readInstructions(text).map(({ keyword, flags, words }) =>
    [keyword, ...flags.map(({ name, value }) => `--${name}=${value}`), ...words.map(({ value }) => value)].join(" "),
  );

describe("instructions", () => {
  it.each([
    ["comments and empty lines", "# a\n\nFROM x\n  # b\nRUN y\n", ["FROM x", "RUN y"]],
    [
      "continuations with comments and empty lines in them",
      "RUN a \\\n# no\n\n  b \\  \n c\nUSER d",
      ["RUN a b c", "USER d"],
    ],
    ["Windows line ends", "FROM x\r\nRUN a \\\r\n  b\r\n", ["FROM x", "RUN a b"]],
    ["another escape", "# escape=`\nFROM x\nCOPY a `\n  C:\\b\\\nRUN z\n", ["FROM x", "COPY a C:b\\", "RUN z"]],
    ["flags", "COPY --from=a --chown=1:1 --link b c", ["COPY --from=a --chown=1:1 --link= b c"]],
    ["what only looks like a flag", "RUN echo --chown=1", ["RUN echo --chown=1"]],
    ["a continuation at the end of the file", "RUN a \\", ["RUN a"]],
    ["lower case", "from x as y", ["FROM x as y"]],
    ["a byte order mark", "\ufeffFROM x", ["FROM x"]],
  ])("%s", (_, text, expected) => expect(shapes(text)).toEqual(expected));

  it("has here-documents, their texts and their places", () => {
    const text = "RUN <<A cat && <<-'B' x\none\nA\n\ttwo\n\tB\nCOPY <<C /x\n$y\nC\nUSER z\n";
    const [run, copy, user] = readInstructions(text);
    expect(run?.heredocs.map((heredoc) => [heredoc.name, heredoc.text])).toEqual([
      ["A", "one\n"],
      ["B", "\ttwo\n"],
    ]);
    expect(copy?.heredocs[0]?.text).toBe("$y\n");
    expect(text.slice(copy?.heredocs[0]?.start)).toMatch(/^\$y\nC\nUSER/);
    expect(user?.keyword).toBe("USER");
  });

  it("takes no here-document without an end, and none in a calculation", () => {
    expect(shapes("RUN cat <<EOF\nUSER a\n")).toEqual(["RUN cat <<EOF", "USER a"]);
    expect(shapes("RUN echo $((1<<A))\nA\n")).toHaveLength(2);
  });

  it("has offsets into the file, whatever stands in it", () => {
    const line = fc.constantFrom(
      "FROM x",
      "RUN a \\",
      "  # c",
      "",
      "  --b=c d",
      "COPY --from=x 'a b' c",
      "RUN <<E",
      "E",
      "é \\",
      "\t",
    );
    fc.assert(
      fc.property(fc.array(line), fc.constantFrom("\n", "\r\n"), (lines, end) => {
        const text = lines.join(end);
        let last = 0;
        for (const { start, end: stop, keyword, words, bodyStart, body } of readInstructions(text)) {
          expect(start).toBeGreaterThanOrEqual(last);
          last = stop;
          expect(text.slice(start, start + keyword.length).toUpperCase()).toBe(keyword);
          for (const { raw, start: at } of words)
            if (/^\S+$/.test(raw) && !raw.includes("\\")) expect(text.slice(at, at + raw.length)).toBe(raw);
          expect(bodyStart + body.length).toBeLessThanOrEqual(text.length);
        }
      }),
    );
  });
});

describe("words and variables", () => {
  it("splits as a shell does", () => {
    expect(splitWords("a 'b c' d\\ e \"f g\"h", 10).map(({ value, start }) => [value, start])).toEqual([
      ["a", 10],
      ["b c", 12],
      ["d e", 18],
      ["f gh", 23],
    ]);
  });

  it.each([
    ["$A/x", "a/x"],
    [`\${A}b`, "ab"],
    [`\${N:-d}`, "d"],
    [`\${N:-$A}`, "a"],
    [`\${A:+y}\${N:+y}`, "y"],
    ["\\$A", "$A"],
    ["$N", undefined],
    [`\${E:-d}`, "d"],
    [`\${E-d}`, ""],
  ])("%s", (text, expected) => {
    const values: Record<string, string> = { A: "a", E: "" };
    expect(expand(text, (name) => values[name])).toBe(expected);
  });
});

it("no Dockerfile and no script makes lint throw, hang or point out of the file", () => {
  const part = fc.constantFrom(
    "FROM golang:1.22\n",
    "USER 1001\n",
    "RUN go get x\n",
    "RUN --mount=type=cache,target=/go/pkg/mod,uid=1 go build -o x .\n",
    "ENV A=$B GOCACHE=/x\n",
    "WORKDIR $A\n",
    "RUN chmod -R 777 $(go env GOPATH",
    "COPY go.mod ./\n",
    "RUN <<E\n",
    "E\n",
    "sudo go build `rm -rf $GOMODCACHE`\n",
    "# gomodcache ignore=x y\n",
    "\\\n",
    "'",
    "${",
    "\r\n",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(part, fc.string({ unit: "binary" })), { maxLength: 12 }), (parts) => {
      const text = parts.join("");
      const { findings, skipped } = lint(["Dockerfile", "x.sh", ".gitattributes"].map((path) => ({ path, text })));
      expect(skipped).toEqual([]);
      for (const { location, fixes } of findings) {
        expect(location?.line).toBeLessThanOrEqual(text.split("\n").length);
        for (const edit of fixes.flatMap(({ edits = [] }) => edits)) {
          expect(edit.start).toBeLessThanOrEqual(edit.end);
          expect(edit.end).toBeLessThanOrEqual(text.length);
        }
      }
    }),
    { numRuns: 400 },
  );
});

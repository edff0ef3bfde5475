// Completion of the program's own command line, as values.
import { Command } from "commander";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commandTable } from "../../src/commands/command-table.ts";
import { knownWords } from "../../src/commands/known-words.ts";
import { addCommands } from "../../src/commands/program.ts";
import { answerText } from "../../src/completion/answer.ts";
import { complete } from "../../src/completion/complete.ts";

const { stdout, stderr } = process;
const program = new Command("gomodcache");
addCommands(program, { status: 0 }, { env: {}, cwd: "/", version: "0", stdout, stderr });
const table = commandTable(program, knownWords(program));

const ask = (...words: string[]) => {
  const { words: found, native, before } = complete(table, words);
  return { words: found.map(({ word }) => word), native, before };
};

describe("a command line", () => {
  it("begins with a command, or with an option of doctor", () => {
    expect(ask("").words).toEqual(table.commands.map(({ name }) => name));
    expect(ask("ver").words).toEqual(["verify"]);
    expect(ask("--v").words).toEqual(["--version", "--verbose"]);
    expect(ask("--as", "").native).toBe("users");
    expect(ask("complet").words).toEqual(["completion"]);
  });

  it("offers every option of every command, and each value that has choices", () => {
    for (const { name, options } of table.commands) {
      for (const { names, value, needsValue } of options) {
        for (const option of names) {
          expect(ask(name, option).words).toContain(option);
          if (value === undefined || !needsValue || value.choices.length === 0) continue;
          const words = value.choices.map(({ word }) => word);
          expect(ask(name, option, "").words).toEqual(words);
          if (option.startsWith("--"))
            expect(ask(name, `${option}=`).words).toEqual(words.map((word) => `${option}=${word}`));
        }
      }
    }
  });

  it("offers no option twice, but one that may be repeated", () => {
    expect(ask("doctor", "--json", "--js").words).toEqual([]);
    expect(ask("doctor", "-q", "--qui").words).toEqual([]);
    expect(ask("lint", "--only", "x", "--on").words).toEqual(["--only"]);
  });

  it("takes an option's value for no argument", () => {
    expect(ask("can", "--as", "app", "bui").words).toEqual(["build"]);
    expect(ask("can", "--as=app", "bui").words).toEqual(["build"]);
    expect(ask("can", "build", "bui").words).toEqual([]);
    expect(ask("generate", "compose", "--write", "").native).toBe("files");
    expect(ask("generate", "compose", "--write", "--che").words).toEqual(["--check"]);
    expect(ask("generate", "--write", "--check", "comp").native).toBe("files");
  });

  it("has files, directories, users and groups where they belong", () => {
    expect(ask("classify", "").native).toBe("files");
    expect(ask("lint", "one", "two", "").native).toBe("files");
    expect(ask("why", "").native).toBe("files");
    expect(ask("doctor", "-o", "").native).toBe("files");
    expect(ask("doctor", "--cache-dir", "").native).toBe("directories");
    expect(ask("doctor", "-C", "").native).toBe("directories");
    expect(ask("fix", "--owner", "").native).toBe("users");
    expect(ask("init", "--group=", "").native).toBeUndefined();
    expect(ask("init", "--group=").native).toBe("groups");
  });

  it("leaves a command after -- to the shell, with its arguments", () => {
    expect(ask("run", "--", "")).toEqual({ words: [], native: "command", before: 2 });
    expect(ask("run", "--", "go", "build", "--")).toEqual({ words: [], native: "command", before: 2 });
    expect(ask("run", "--retry", "3", "--", "go", "")).toEqual({ words: [], native: "command", before: 4 });
    expect(ask("init", "--re")).toEqual({ words: [], native: undefined, before: undefined });
    expect(ask("run", "--ret").words).toEqual(["--retry"]);
  });

  it("of any words at all throws nothing, and offers only what begins like the last one, in a line each", () => {
    const some = fc.constantFrom(
      ...table.commands.map(({ name }) => name),
      "--",
      "-",
      "--format",
      "--format=",
      "-o",
      "--as=x",
      "=",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(some, fc.string()), { minLength: 1, maxLength: 6 }), (words) => {
        const completion = complete(table, words);
        for (const { word } of completion.words) expect(word.startsWith(words.at(-1) as string)).toBe(true);
        const lines = answerText(completion).split("\n");
        expect(lines).toHaveLength(completion.words.length + 2);
        expect(lines[0]).toMatch(/^(none|files|directories|users|groups|command \d)$/);
      }),
      { numRuns: 2000 },
    );
  });
});

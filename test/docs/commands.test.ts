// Every gomodcache command that a page or a help text shows is one that the program takes: its name, its options, their values.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { expect, it } from "vitest";
import { addCommands } from "../../src/commands/program.ts";
import type { Context } from "../../src/context.ts";
import { commandsOfPage, commandsOfText, type WrittenCommand } from "./written-commands.ts";

const context: Context = { env: {}, cwd: "/", version: "0", stdout: process.stdout, stderr: process.stderr };

/** The command table, with commands that do nothing. */
function table(): Command {
  const made = new Command("gomodcache");
  addCommands(made, { status: 0 }, context);
  for (const command of [made, ...made.commands])
    command.exitOverride().configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  for (const command of made.commands) command.action(() => undefined);
  return made;
}

async function refused(words: readonly string[]): Promise<string | undefined> {
  // As src/cli.ts does: without a command it is doctor.
  const argv =
    words[0]?.startsWith("-") === false || /^(-h|--help|-V|--version)$/.test(words[0] ?? "")
      ? words
      : ["doctor", ...words];
  try {
    await table().parseAsync([...argv], { from: "user" });
    return undefined;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return undefined;
    return (error as Error).message;
  }
}

async function mistakes(commands: readonly WrittenCommand[]): Promise<string[]> {
  const found: string[] = [];
  for (const { where, words } of commands) {
    const message = await refused(words);
    if (message !== undefined) found.push(`${where}: gomodcache ${words.join(" ")}: ${message}`);
  }
  return found;
}

it("knows a mistake when it sees one", async () => {
  const page = "```sh\nsudo gomodcache fix --yes --nonsense\ngomodcache doctr && gomodcache doctor --for .\n```\n";
  expect(await mistakes(commandsOfPage("page.md", page))).toEqual([
    expect.stringMatching(/^page\.md:2: gomodcache fix --yes --nonsense: .*unknown option/),
    expect.stringMatching(/^page\.md:3: gomodcache doctr: .*unknown command/),
  ]);
});

it.each(["README.md", "SECURITY.md", "docs", "packaging", "policy"])("%s", async (name) => {
  const pages = name.endsWith(".md") ? [name] : below(name);
  const commands = pages.flatMap((file) => commandsOfPage(file, readFileSync(file, "utf8")));
  if (name === "docs") expect(commands.length).toBeGreaterThan(50);
  expect(await mistakes(commands)).toEqual([]);
});

const below = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(directory, name));

it("help", async () => {
  const commands = [table(), ...table().commands].flatMap((command) => {
    let help = "";
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    const examples = help.slice(help.indexOf("Examples:"));
    return commandsOfText(examples, false, () => `${command.name()} --help`);
  });
  expect(commands.length).toBeGreaterThan(table().commands.length);
  expect(await mistakes(commands)).toEqual([]);
});

// Writes the manual pages, in mdoc(7), from the command table: one of the program, one a command, one of gomodcache-init.
// Usage: tsx scripts/man.ts [DIRECTORY]; the build writes them to dist/man.
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Command } from "commander";
import { visible } from "../src/commands/command-table.ts";
import { topics } from "../src/commands/help.ts";
import { addCommands } from "../src/commands/program.ts";
import { display, fontOf, line, paragraph, prose, section } from "./mdoc.ts";

const { version } = createRequire(import.meta.url)("../package.json") as { version: string };

/** What help says besides what commander makes of the table. */
interface Besides {
  /** Lines of examples, and of other lists by their heading. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly paragraphs: readonly string[];
  readonly exitStatus: string | undefined;
}

/** @returns the pages by file name */
export function manualPages(): Map<string, string> {
  const { stdout, stderr } = process;
  const program = new Command("gomodcache");
  addCommands(program, { status: 0 }, { env: {}, cwd: "/", version, stdout, stderr });
  const commands = visible(program);
  const pages = new Map([["gomodcache.1", programPage(program, commands)]]);
  for (const command of commands) {
    const name = `gomodcache-${command.name()}`;
    pages.set(`${name}.1`, commandPage(name, command));
  }
  return pages;
}

function programPage(program: Command, commands: readonly Command[]): string {
  const besides = besidesOf(program);
  const list = commands.flatMap((command) => [
    `.It Xr gomodcache-${command.name()} 1`,
    ...prose(ended(command.summary())),
  ]);
  return page("gomodcache", "makes Go's module cache work for everyone who shares it", [
    ...section("SYNOPSIS"),
    ".Nm",
    ".Op Ar command",
    ".Op Ar options",
    ...section("DESCRIPTION"),
    ...prose(program.description()),
    ...besides.paragraphs.flatMap(paragraph),
    ...section("COMMANDS"),
    ".Bl -tag -width Ds",
    ...list,
    ".El",
    ...section("FORMATS"),
    ...topic("formatting"),
    ...section("CONTRACTS"),
    ...topic("contracts"),
    ...section("USERS"),
    ...topic("permissions"),
    ...section("ENVIRONMENT"),
    ...topic("environment"),
    ...section("EXIT STATUS"),
    ...topic("exit-codes"),
    ...examples(besides),
    ...seeAlso(commands.map((command) => `gomodcache-${command.name()}`)),
  ]);
}

function commandPage(name: string, command: Command): string {
  const besides = besidesOf(command);
  const help = command.createHelp();
  const operands = command.registeredArguments.map((argument) => {
    const text = `Ar ${line(argument.name())}${argument.variadic ? " ..." : ""}`;
    return argument.required ? `.${text}` : `.Op ${text}`;
  });
  const list = help
    .visibleArguments(command)
    .flatMap((argument) => [`.It Ar ${line(argument.name())}`, ...prose(ended(help.argumentDescription(argument)))]);
  const options = help
    .visibleOptions(command)
    .flatMap((option) => [
      `.It ${fontOf(option.flags)}`,
      ...prose(ended(help.optionDescription(option).replace(" (default: [])", ""))),
    ]);
  return page(name, command.summary(), [
    ...section("SYNOPSIS"),
    `.Nm gomodcache ${command.name()}`,
    ".Op Ar options",
    ...operands,
    ...(command.name() === "init" ? [".Nm gomodcache-init", ".Op Ar options", ...operands] : []),
    ...section("DESCRIPTION"),
    ...prose(command.description() || ended(command.summary())),
    ...(list.length === 0 ? [] : [".Bl -tag -width Ds", ...list, ".El"]),
    ...[...besides.lists]
      .filter(([heading]) => heading !== "Examples")
      .flatMap(([heading, lines]) => [...paragraph(`${heading}:`), ...display(lines)]),
    ...besides.paragraphs.flatMap(paragraph),
    ...section("OPTIONS"),
    ".Bl -tag -width Ds",
    ...options,
    ".El",
    ...section("EXIT STATUS"),
    ...(besides.exitStatus === undefined
      ? []
      : prose(ended(`${besides.exitStatus[0]?.toUpperCase()}${besides.exitStatus.slice(1)}`))),
    ".Xr gomodcache 1",
    "has a table.",
    ...examples(besides),
    ...seeAlso(["gomodcache"]),
  ]);
}

function page(name: string, what: string, rest: readonly string[]): string {
  const head = [
    '.\\" Made of the command table by scripts/man.ts.',
    `.Dd ${dateOf(process.env["SOURCE_DATE_EPOCH"])}`,
    `.Dt ${name.toUpperCase()} 1`,
    `.Os gomodcache ${version}`,
    ...section("NAME"),
    `.Nm ${name}`,
    `.Nd ${line(what)}`,
  ];
  return `${[...head, ...rest].join("\n")}\n`;
}

/** Today, or the time that a reproducible build is told (reproducible-builds.org). */
function dateOf(epoch: string | undefined): string {
  const date = epoch === undefined ? new Date() : new Date(Number(epoch) * 1000);
  return date.toLocaleDateString("en-US", { year: "numeric", month: "long", day: "numeric", timeZone: "UTC" });
}

function examples({ lists }: Besides): string[] {
  const lines = lists.get("Examples");
  if (lines === undefined) throw new Error("help without examples");
  return [...section("EXAMPLES"), ...display(lines)];
}

function topic(name: string): string[] {
  const text = topics[name];
  if (text === undefined) throw new Error(`there is no topic ${name}`);
  // Its heading is the section's.
  return display(text.trimEnd().split("\n").slice(2));
}

function seeAlso(names: readonly string[]): string[] {
  const references = [...names].sort().map((name) => `.Xr ${name} 1`);
  return [...section("SEE ALSO"), ...references.map((text, at) => (at + 1 < references.length ? `${text} ,` : text))];
}

/** Takes the text that help adds apart: lists have a heading and indented lines, all else is prose. */
function besidesOf(command: Command): Besides {
  let help = "";
  command.configureOutput({ writeOut: (text) => (help += text), getOutHelpWidth: () => 80 });
  command.outputHelp();
  const added = help.slice(command.helpInformation().length);
  const lists = new Map<string, string[]>();
  const paragraphs: string[] = [];
  let exitStatus: string | undefined;
  for (const text of added.trim().split(/\n{2,}/)) {
    const [first = "", ...rest] = text.split("\n");
    if (/^[A-Z][^.]*:$/.test(first) && rest.every((one) => one.startsWith("  "))) {
      lists.set(
        first.slice(0, -1),
        rest.map((one) => one.slice(2)),
      );
      continue;
    }
    const [before = "", after] = text.replace(/\s+/g, " ").split(/(?:^|(?<=\. ))Exit status: /);
    if (after !== undefined) exitStatus = after;
    if (before.trim() !== "") paragraphs.push(before.trim());
  }
  return { lists, paragraphs, exitStatus };
}

function ended(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** @param directory is made if it is not there */
export function writeManualPages(directory: string): void {
  mkdirSync(directory, { recursive: true });
  for (const [file, text] of manualPages()) writeFileSync(join(directory, file), text);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) writeManualPages(process.argv[2] ?? "dist/man");

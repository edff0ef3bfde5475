// The manual pages: all there, without a complaint of mandoc, and with every option that help has.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { manualPages, writeManualPages } from "../../scripts/man.ts";
import { display, fontOf, prose } from "../../scripts/mdoc.ts";
import { visible } from "../../src/commands/command-table.ts";
import { topics } from "../../src/commands/help.ts";
import { addCommands } from "../../src/commands/program.ts";
import { makeLab, removeLab } from "../e2e/lab.ts";

const { stdout, stderr } = process;
const program = new Command("gomodcache");
addCommands(program, { status: 0 }, { env: {}, cwd: "/", version: "0", stdout, stderr });
const pages = manualPages();

it("there is one for the program and one for each command, and the package names them all", () => {
  const files = [...visible(program).map((command) => `gomodcache-${command.name()}.1`), "gomodcache.1"];
  expect([...pages.keys()].sort()).toEqual([...files].sort());
  const { man } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));
  expect(man).toEqual(files.map((file) => `./dist/man/${file}`).sort());
});

it("what the formatter could take for a request or an escape is escaped", () => {
  expect(prose(".so /etc/passwd \\fB 'x é")).toEqual(["\\&.so /etc/passwd \\efB 'x \\[u00E9]"]);
  expect(prose("One. Two e.g. three.")).toEqual(["One.", "Two e.g. three."]);
  expect(prose(`${"word ".repeat(30)}.`).every((text) => text.length <= 80)).toBe(true);
  expect(display(["  .netrc  a-b", ""])).toEqual([".Bd -literal", "  \\&.netrc  a\\-b", "", ".Ed"]);
  expect(fontOf("-o, --output <[format:]file>")).toBe("Fl o , Fl \\-output Ar \\&[format:]file");
  expect(fontOf("--write [file]")).toBe("Fl \\-write Op Ar file");
});

const without = spawnSync("mandoc", ["--help"]).error !== undefined;
describe.skipIf(without)("mandoc (skipped where it is not installed)", () => {
  let lab: string;
  beforeAll(() => {
    lab = makeLab("man");
    writeManualPages(lab);
  });
  afterAll(() => removeLab(lab));

  it.each([...pages.keys()])("%s is good mdoc", (file) => {
    const { status, stdout: said } = spawnSync("mandoc", ["-T", "lint", "-W", "style", file], {
      cwd: lab,
      encoding: "utf8",
    });
    // They refer to each other, and none is installed.
    const lines = said
      .split("\n")
      .filter((line) => line !== "" && !line.includes("referenced manual not found: Xr gomodcache"));
    expect(lines).toEqual([]);
    // 1 is for matters of style: those left out above.
    expect(status).toBeLessThanOrEqual(1);
  });

  const rendered = (file: string): string =>
    spawnSync("mandoc", ["-T", "utf8", "-O", "width=200", file], { cwd: lab, encoding: "utf8" }).stdout.replace(
      /.\x08/g,
      "",
    );

  it.each(visible(program))("$_name: each option, each example, and what it is for", (command) => {
    const text = rendered(`gomodcache-${command.name()}.1`);
    const help = command.createHelp();
    for (const { flags } of help.visibleOptions(command))
      expect(text).toContain(`\n     ${flags.replace(/<(.*)>/, "$1")}`);
    expect(text).toContain(command.summary());
    expect(text).toMatch(/\nEXAMPLES\n {5}\S/);
  });

  it("gomodcache(1) has every topic and every command", () => {
    const text = rendered("gomodcache.1");
    for (const topic of Object.values(topics))
      for (const line of topic.trimEnd().split("\n").slice(1)) expect(text).toContain(line.trimStart());
    for (const command of visible(program)) expect(text).toContain(`gomodcache-${command.name()}(1)`);
  });
});

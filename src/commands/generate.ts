// `generate TARGET`: prints a file that is right for a user, a path and a contract; --write puts it in place, --check compares.
import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type ReadFile, readFile } from "../checkout/read.ts";
import { createText, replaceText } from "../checkout/write.ts";
import type { Context } from "../context.ts";
import { type ExitStatus, exitStatus, UserError } from "../error.ts";
import { blockOf, commandLine, fileWith, settingsOf, targetNamed, type Wanted } from "../generate/render.ts";
import type { Settings, Target } from "../generate/target.ts";
import { targets } from "../generate/targets.ts";
import { parseGoMod } from "../gocache/gomod.ts";
import { wholeDiff } from "../lint/diff.ts";
import { printable } from "../report/safe.ts";
import { writeStream } from "../ui/output.ts";

export interface GenerateOptions extends Wanted {
  readonly write?: string | true;
  readonly check?: string | true;
  readonly C?: string;
}

/** @throws {UserError} for settings that the target cannot hold, and for a file that would lose something */
export async function generate(
  name: string | undefined,
  options: GenerateOptions,
  context: Context,
): Promise<ExitStatus> {
  if (name === undefined) {
    await writeStream(context.stdout, targetList());
    return exitStatus.ok;
  }
  const target = targetNamed(name);
  if (options.write !== undefined && options.check !== undefined)
    throw new UserError("--write and --check do not go together", "--check only reads");
  const directory = resolve(context.cwd, options.C ?? ".");
  const settings = settingsOf(target, options, context.version, goOfProject(target, directory));
  const block = blockOf(target, settings, commandLine(target, options));
  const into = options.write ?? options.check;
  if (into === undefined) {
    await writeStream(context.stdout, fileWith(target, settings, block, ""));
    return exitStatus.ok;
  }
  const file = typeof into === "string" ? into : defaultFile(target, settings);
  if (file.startsWith(".git/")) expectRepository(directory);
  const place = resolve(directory, file);
  const old = readOld(place, file);
  const text = fileWith(target, settings, block, file, old?.text);
  if (old?.text === text) {
    if (options.write !== undefined) context.stderr.write(`${printable(file)} is up to date\n`);
    return exitStatus.ok;
  }
  const diff = wholeDiff(printable(file).replace(/^\/+/, ""), old?.text ?? "", text);
  if (options.check !== undefined) {
    await writeStream(context.stdout, diff);
    return exitStatus.findings;
  }
  const refused =
    old === undefined
      ? createText(place, text, target.mode?.(settings.variant) ?? 0o644)
      : replaceText(old, dirname(place), text);
  if (refused !== undefined)
    throw new UserError(
      `${printable(file)} was not written: ${refused}`,
      `choose another file: --write FILE`,
      refused === "you may not write there" ? exitStatus.privilege : exitStatus.usage,
    );
  context.stderr.write(`${old === undefined ? "made" : "changed"} ${printable(file)}\n`);
  return exitStatus.ok;
}

function targetList(): string {
  const width = Math.max(...targets.map(({ name }) => name.length));
  return targets
    .map(({ name, summary, variants }) => {
      const also = variants === undefined ? "" : ` (${variants.join(", ")})`;
      return `${name.padEnd(width)}  ${summary}${also}\n`;
    })
    .join("");
}

function defaultFile({ file }: Target, { variant }: Settings): string {
  return typeof file === "string" ? file : file(variant);
}

/** Without it a directory .git would be made that is no repository. @throws {UserError} */
function expectRepository(directory: string): void {
  if (statSync(join(directory, ".git"), { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw new UserError(
    "here is no directory .git",
    'run it at the top of a repository, or name the hook: --write "$(git rev-parse --git-path hooks)/pre-commit"',
  );
}

/** What is there already; undefined if nothing is. @throws {UserError} if it is there but no text that could be kept */
function readOld(place: string, file: string): ReadFile | undefined {
  const old = readFile(dirname(place), place.slice(dirname(place).length).replace(/^\//, ""));
  if (!("unread" in old)) return old;
  if (old.unread === "it is not there") return undefined;
  throw new UserError(`${printable(file)} cannot be kept as it is: ${old.unread}`, "name another file: --write FILE");
}

/** The version of Go that the project's go.mod asks for. */
function goOfProject(target: Target, directory: string): string | undefined {
  if (!target.takes.includes("goVersion")) return undefined;
  try {
    return parseGoMod(readFileSync(join(directory, "go.mod"), "utf8")).go;
  } catch {
    // Without a go.mod, or with one that go rejects, the default is as good as any.
    return undefined;
  }
}

// `classify [FILE|-]`: the root cause of a log.
import { createReadStream, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Classification } from "../causes/cause.ts";
import { LogReader } from "../causes/reader.ts";
import type { Context } from "../context.ts";
import { type ExitStatus, exitStatus, UserError } from "../error.ts";
import { classifyGithub } from "../report/classify-github.ts";
import { classifyJson } from "../report/classify-json.ts";
import { classifyText } from "../report/classify-text.ts";
import { printable } from "../report/safe.ts";
import { writeStream } from "../ui/output.ts";
import { type CommonOptions, renderOptions } from "./terminal.ts";

export interface ClassifyOptions extends CommonOptions {
  readonly format: "text" | "json" | "github";
  readonly exitCode?: number;
  readonly top?: number;
}

/** Pieces of a file as they are read; larger ones do not make it faster. */
const pieceSize = 1 << 18;

export async function classify(
  file: string | undefined,
  options: ClassifyOptions,
  context: Context & { stdin: NodeJS.ReadStream },
): Promise<ExitStatus> {
  const reader = new LogReader(options.exitCode === undefined ? {} : { exitCode: options.exitCode });
  const { stream, name } = source(file, options.C, context);
  try {
    for await (const piece of stream) reader.push(piece as Uint8Array);
  } catch (error) {
    throw unreadable(name, error);
  }
  const answer = reader.end();
  await writeStream(context.stdout, render(answer, options, context));
  return answer.causes.length > 0 ? exitStatus.findings : exitStatus.ok;
}

function render(answer: Classification, options: ClassifyOptions, context: Context): string {
  const rendering = renderOptions(options, context);
  if (options.json === true || options.format === "json") return classifyJson(answer, rendering, options.top);
  const top = options.top ?? (options.verbose === true ? Number.POSITIVE_INFINITY : 3);
  return options.format === "github" ? classifyGithub(answer, top) : classifyText(answer, rendering, top);
}

function source(
  file: string | undefined,
  directory: string | undefined,
  { cwd, stdin }: Context & { stdin: NodeJS.ReadStream },
): { stream: AsyncIterable<unknown>; name: string } {
  if (file === undefined && stdin.isTTY) {
    throw new UserError("no log was given", "name a file, or pipe one in: go build ./... 2>&1 | gomodcache classify");
  }
  if (file === undefined || file === "-") return { stream: stdin, name: "standard input" };
  const path = resolve(cwd, directory ?? ".", file);
  try {
    if (statSync(path).isDirectory()) throw new UserError(`${file} is a directory`, "name the file that has the log");
  } catch (error) {
    throw error instanceof UserError ? error : unreadable(file, error);
  }
  return { stream: createReadStream(path, { highWaterMark: pieceSize }), name: file };
}

const hints: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file: name one, or - for standard input",
  EACCES: "this user may not read it: gomodcache why FILE names the directory or mode that decides",
  EISDIR: "it is a directory: name the file that has the log",
};

function unreadable(name: string, error: unknown): UserError {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return new UserError(
    `${printable(name)} cannot be read: ${printable(code === "" ? message : code)}`,
    hints[code] ?? "name another file, or - for standard input",
  );
}

// Where reports go: standard output, and the files of `-o`.
import { writeFileSync } from "node:fs";
import { UserError } from "../error.ts";
import { type FormatName, formatNames, isFormat } from "../report/formats.ts";
import { printable } from "../report/safe.ts";

/** One `-o FILE` or `-o FORMAT:FILE`; without a format, that of `--format`. The file `-` is standard output. */
export interface OutputTarget {
  readonly format?: FormatName;
  readonly file: string;
}

/**
 * Parses the value of one `-o`. What stands before the first colon is a format if it looks like one; a file whose name
 * begins like that is given with a directory: `./notes:1.txt`.
 * @throws {UserError} for an unknown format or a missing file
 */
export function parseOutput(value: string): OutputTarget {
  const [, prefix, rest] = /^([a-z][a-z0-9-]+):(.*)$/is.exec(value) ?? [];
  if (prefix === undefined || rest === undefined) {
    if (value === "")
      throw new UserError("-o names no file", "Give -o FILE or -o FORMAT:FILE, such as -o sarif:out.sarif.");
    return { file: value };
  }
  const format = prefix.toLowerCase();
  if (!isFormat(format)) {
    throw new UserError(
      `-o ${printable(value)}: "${prefix}" is not a format`,
      `The formats are ${formatNames.join(", ")}. If it is part of the file's name, write ./${printable(value)}.`,
    );
  }
  if (rest === "") throw new UserError(`-o ${value} names no file`, `Give a file after the colon: -o ${format}:FILE.`);
  return { format, file: rest };
}

/** Writes a report to a file, which it replaces. @throws {UserError} if it cannot */
export function writeReport(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

/**
 * Writes to a stream, and waits until it is out. A reader that went away (`| head`) has seen enough: that is no error, and
 * the exit status stays what it would have been.
 * @throws {UserError} if it cannot be written for another reason
 */
export async function writeStream(stream: NodeJS.WritableStream, text: string): Promise<void> {
  // Node also emits what the callback is told, and ends the process if nobody listens. Errors can come after the callback,
  // so the listener stays.
  if (!stream.listeners("error").includes(ignore)) stream.on("error", ignore);
  const error = await new Promise<Error | null | undefined>((resolve) => stream.write(text, resolve));
  if (error && !isClosedPipe(error)) throw cannotWrite("standard output", error);
}

function ignore(): void {}

function isClosedPipe(error: unknown): boolean {
  return ["EPIPE", "ERR_STREAM_DESTROYED"].includes((error as NodeJS.ErrnoException).code ?? "");
}

const hints: Readonly<Record<string, string>> = {
  ENOENT: "Make its directory first, or name another file.",
  EACCES: "Name a file in a directory that you may write to.",
  EROFS: "The file system is read-only: name a file on another one.",
  ENOSPC: "The file system is full: free some space, or name a file on another one.",
  EISDIR: "It is a directory: name a file in it.",
};

function cannotWrite(where: string, error: unknown): UserError {
  const { code = "", message } = error as NodeJS.ErrnoException;
  const reason = code === "" ? message : code;
  return new UserError(
    `The report cannot be written to ${printable(where)}: ${printable(reason)}`,
    hints[code] ?? "Name another file with -o.",
  );
}

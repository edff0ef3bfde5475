// Reads a trace that strace saved, of any size, in bounded memory.
import { createReadStream, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Context } from "../context.ts";
import { UserError } from "../error.ts";
import { printable } from "../report/safe.ts";
import { plural } from "../rules/shared/say.ts";
import { StraceReader } from "./reading/strace-reader.ts";
import type { Watching } from "./tracer.ts";

/** @param name a file, or - for standard input @returns what was read, in words @throws {UserError} if it is no trace of strace's */
export async function readSavedTrace(name: string, watching: Watching, context: Context): Promise<string> {
  const shown = name === "-" ? "standard input" : printable(name);
  const reader = new StraceReader({ errnos: watching.errnos, onFailure: watching.onFailure });
  try {
    for await (const chunk of open(name, context)) reader.push((chunk as Buffer).toString("latin1"));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(`${shown} cannot be read: ${code ?? message}`, "give a file that strace -o wrote");
  }
  reader.end();
  const { lines, foreign, tooLong, cut } = reader.stats;
  if (foreign + tooLong > 0 && foreign + tooLong > (lines + tooLong) / 2)
    throw new UserError(
      `${shown} is no output of strace: ${plural(foreign + tooLong, "line")} of ${lines + tooLong} make no sense as such`,
      "write one with strace -f -y -o FILE COMMAND",
    );
  if (lines === 0) watching.onNote(`${shown} is empty`);
  else if (foreign > 0)
    watching.onNote(`${plural(foreign, "line")} of ${shown} are none of strace's, and were left out`);
  if (tooLong > 0) watching.onNote(`${plural(tooLong, "line")} of ${shown} are longer than 1 MiB, and were left out`);
  if (cut) watching.onNote(`${shown} ends in the middle of a line: strace was killed, or the file was cut`);
  return `${name === "-" ? "standard input" : name}, ${plural(lines, "line")}`;
}

function open(name: string, context: Context): AsyncIterable<unknown> {
  if (name === "-") return process.stdin;
  const path = resolve(context.cwd, name);
  // A pipe (process substitution) is as good as a file.
  if (statSync(path).isDirectory()) throw Object.assign(new Error("it is a directory"), { code: "EISDIR" });
  return createReadStream(path, { highWaterMark: 1 << 18 });
}

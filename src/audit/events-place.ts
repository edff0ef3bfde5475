// Where the event file is, and whether there can be one.
import { mkdirSync } from "node:fs";
import { posix } from "node:path";
import { UserError } from "../error.ts";
import { defaultStateDirectory } from "../host/state-place.ts";
import { EventFile, Refusal } from "./event-file.ts";

export interface EventsRequest {
  /** The value of --events; false for --no-events. */
  readonly chosen?: string | false;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** That a chosen file is relative to. */
  readonly cwd: string;
  /** GOMODCACHE, where no event file may lie: others could write there, and `go clean -modcache` removes it. */
  readonly modcache?: string;
}

/**
 * Opens the file that was chosen, by the option or by GOMODCACHE_EVENTS, or the usual one.
 * @returns the file, or why there is none, which is no error where none was chosen
 * @throws {UserError} if the chosen file cannot be had
 */
export function openEvents({ chosen, env, cwd, modcache }: EventsRequest): { file: EventFile } | { none: string } {
  if (chosen === false) return { none: "--no-events" };
  const wanted = chosen ?? (env["GOMODCACHE_EVENTS"] || undefined);
  if (wanted !== undefined) {
    const path = posix.resolve(cwd, wanted);
    const from = chosen === undefined ? "GOMODCACHE_EVENTS" : "--events";
    const problem = isInside(path, modcache) ? "it would lie in the module cache" : undefined;
    const opened = problem === undefined ? open(path) : { none: problem };
    if ("file" in opened) return opened;
    throw new UserError(`${from} ${path}: ${opened.none}`, "name a file that you may write, or give --no-events");
  }
  const directory = defaultStateDirectory(process.geteuid?.() ?? 0, env);
  if (directory === undefined) return { none: "there is no HOME to keep events in" };
  if (isInside(directory, modcache)) return { none: `${directory} lies in the module cache` };
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    return { none: `${directory} cannot be made (${(error as NodeJS.ErrnoException).code})` };
  }
  return open(posix.join(directory, "events.jsonl"));
}

function open(path: string): { file: EventFile } | { none: string } {
  try {
    return { file: EventFile.open(path) };
  } catch (error) {
    if (error instanceof Refusal) return { none: error.message };
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return { none: `${path} cannot be written (${code})` };
  }
}

function isInside(path: string, directory: string | undefined): boolean {
  return directory !== undefined && directory !== "" && (path === directory || path.startsWith(`${directory}/`));
}

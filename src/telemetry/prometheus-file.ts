// Metrics for node_exporter's textfile collector: a file that holds the sums over all runs that were told to write it.
import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import type { AuditEvent } from "../audit/event.ts";
import { printable } from "../report/safe.ts";
import { withLock } from "./lock-file.ts";
import { addSamples, parseSamples, renderSamples, type Samples, samplesOf } from "./prometheus-text.ts";

/** By this line a file is known as ours, and as one whose samples can be added to. */
const mark = "# gomodcache 1: sums over all runs that wrote this file; it can be deleted, not edited.\n";
/** Bytes: far more than there can be of our series. */
const longestFile = 4 * 1024 * 1024;

export interface FileOptions {
  /** Called at most once, with one printable line without a full stop. */
  readonly warn: (message: string) => void;
  /** Milliseconds to wait for others who write the file; 1000 if it is not given. */
  readonly patience?: number;
}

/**
 * Adds the metrics of these events to a file, or makes it, readable for everybody. A reader never sees half of it, and of runs at the same
 * time none is lost. It never throws: what went wrong is a warning.
 * @param file ends in `.prom`, or node_exporter does not read it
 */
export async function writePrometheusFile(
  file: string,
  events: readonly AuditEvent[],
  { warn, patience = 1000 }: FileOptions,
): Promise<void> {
  const tell = (problem: string): void => warn(printable(`${file} was not written: ${problem}`));
  try {
    const more = samplesOf(events);
    const done = await withLock(`${file}.lock`, patience, () => replace(file, addSamples(read(file), more)));
    if (!done) tell(`${file}.lock was not free in ${patience} ms`);
  } catch (error) {
    tell((error as NodeJS.ErrnoException).code ?? (error as Error).message);
  }
}

/** What the file says; nothing if it is not there or empty. */
function read(file: string): Samples {
  let fd: number;
  try {
    fd = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return new Map();
    throw code === "ELOOP" ? new Error("it is a symbolic link") : error;
  }
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) throw new Error("it is not a regular file");
    if (stats.size > longestFile) throw new Error("it is too large to be ours");
    const text = readFileSync(fd, "utf8");
    if (text === "") return new Map();
    const samples = text.startsWith(mark) ? parseSamples(text.slice(mark.length)) : undefined;
    if (samples === undefined)
      throw new Error("what is there was not written by this version of gomodcache; delete it");
    return samples;
  } finally {
    closeSync(fd);
  }
}

function replace(file: string, samples: Samples): void {
  // Its name must not end in .prom: node_exporter would read it.
  const draft = `${file}.${randomBytes(8).toString("hex")}.new`;
  try {
    const fd = openSync(draft, "wx", 0o644);
    try {
      writeFileSync(fd, mark + renderSamples(samples));
      // Whatever the umask of the job is: node_exporter is another user.
      fchmodSync(fd, 0o644);
    } finally {
      closeSync(fd);
    }
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

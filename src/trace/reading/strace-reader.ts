// Reads what strace writes, piece by piece and in bounded memory: failed calls come out, with the directory that a relative path starts from.
import type { FailedCall, WantedPath } from "./call.ts";
import { type ChangedIds, changeIds } from "./credentials.ts";
import { type PathArgument, shapes, wantedByFlags, wantedByMode } from "./shapes.ts";
import { descriptorArgument, flagNames, splitArguments, stringArgument } from "./strace-args.ts";
import { parseCall, parseStraceLine, type StraceLine } from "./strace-line.ts";

/** No line about a file is longer; execve(2) with all its arguments (-v -s) may be. */
const longestLine = 1 << 20;
/** Threads whose call is under way, or whose working directory is known. */
const mostThreads = 100_000;

export interface StraceStats {
  readonly lines: number;
  /** Lines that make no sense as strace's. */
  readonly foreign: number;
  /** Lines that were left out because they are longer than 1 MiB. */
  readonly tooLong: number;
  /** True if the text ends in the middle of a line. */
  readonly cut: boolean;
}

export interface StraceOptions {
  /** The errors that count: `EACCES`, … */
  readonly errnos: ReadonlySet<string>;
  readonly onFailure: (call: FailedCall) => void;
  /** Where the first process starts, absolute, if it is known. */
  readonly directory?: string;
}

/** The working directory, which the threads of a process share. */
interface Directory {
  path?: string;
}

export class StraceReader {
  private rest = "";
  private skipping = false;
  private lines = 0;
  private foreign = 0;
  private tooLong = 0;
  private cut = false;
  private readonly underWay = new Map<number, string>();
  private readonly directories = new Map<number, Directory>();
  private readonly credentials = new Map<number, ChangedIds>();
  private readonly first: Directory;

  constructor(private readonly options: StraceOptions) {
    this.first = options.directory === undefined ? {} : { path: options.directory };
  }

  get stats(): StraceStats {
    return { lines: this.lines, foreign: this.foreign, tooLong: this.tooLong, cut: this.cut };
  }

  /** @param chunk bytes as characters (latin1) */
  push(chunk: string): void {
    let from = 0;
    for (let end = chunk.indexOf("\n"); end >= 0; end = chunk.indexOf("\n", from)) {
      const piece = chunk.slice(from, end);
      from = end + 1;
      if (this.skipping) this.skipping = false;
      else this.take(this.rest + piece);
      this.rest = "";
    }
    if (this.skipping) return;
    this.rest += chunk.slice(from);
    if (this.rest.length <= longestLine) return;
    this.rest = "";
    this.skipping = true;
    this.tooLong += 1;
  }

  /** The last line counts if it is whole without its newline. */
  end(): void {
    this.cut = this.skipping;
    if (this.rest === "") return;
    const before = this.foreign;
    this.take(this.rest);
    this.rest = "";
    // All that there is, and none of strace's.
    if (this.foreign === before || this.lines === 1) return;
    // Half a line is no sign of a file that is none of strace's.
    this.foreign = before;
    this.lines -= 1;
    this.cut = true;
  }

  private take(line: string): void {
    if (line.length > longestLine) {
      this.tooLong += 1;
      return;
    }
    this.lines += 1;
    if (line === "" || line === "\r" || this.isDull(line)) return;
    const parsed = parseStraceLine(line.endsWith("\r") ? line.slice(0, -1) : line);
    if (parsed === undefined) {
      this.foreign += 1;
      return;
    }
    const tid = parsed.tid ?? 0;
    if (parsed.kind === "ended") this.forget(tid);
    else if (parsed.kind === "unfinished") this.suspend(tid, parsed.text);
    else if (parsed.kind === "resumed") this.resume(tid, parsed);
    else if (parsed.kind === "call") this.call(tid, parsed);
  }

  /** Most lines of a trace end in a result that is of no interest, which is cheaper to see than all that stands before it. */
  private isDull(line: string): boolean {
    const at = line.lastIndexOf(" = ");
    if (at < 0 || line.endsWith(">") || line.indexOf("(") < 0) return false;
    let before = at;
    while (line.charCodeAt(before) === 0x20) before -= 1;
    if (line.charCodeAt(before) !== 0x29) return false;
    const first = line.charCodeAt(at + 3);
    if (first === 0x2d) {
      if (!line.startsWith("-1 E", at + 3)) return false;
      const end = line.indexOf(" ", at + 6);
      return end > 0 && !this.options.errnos.has(line.slice(at + 6, end));
    }
    const isNumber = first >= 0x30 && first <= 0x39;
    let open = line.indexOf("(");
    // `(+ 0.000012)` is a time.
    if (line[open + 1] === "+") open = line.indexOf("(", open + 1);
    if (line.endsWith("id", open) || line.endsWith("groups", open) || line.endsWith("id32", open)) return false;
    return isNumber && !line.includes("chdir(") && !line.includes("clone") && !line.includes("fork");
  }

  private forget(tid: number): void {
    this.underWay.delete(tid);
    this.directories.delete(tid);
    this.credentials.delete(tid);
  }

  private suspend(tid: number, text: string): void {
    if (this.underWay.size < mostThreads) this.underWay.set(tid, text);
  }

  private resume(tid: number, line: Extract<StraceLine, { kind: "resumed" }>): void {
    const before = this.underWay.get(tid);
    this.underWay.delete(tid);
    if (before === undefined || !before.startsWith(`${line.name}(`)) return;
    const joint = before.endsWith("(") || before.endsWith(", ") || /^\)/.test(line.rest) ? "" : ", ";
    const whole = parseCall(before + joint + line.rest);
    if (whole?.kind === "call") this.call(tid, { ...line, ...whole });
  }

  private call(tid: number, line: Extract<StraceLine, { kind: "call" }>): void {
    if (line.errno === undefined) {
      this.follow(tid, line);
      return;
    }
    const shape = shapes[line.name];
    if (shape === undefined || !this.options.errnos.has(line.errno)) return;
    const args = splitArguments(line.args);
    if (args === undefined) return;
    const directory = this.directoryOf(tid).path;
    const paths = shape.paths.flatMap((argument) => pathOf(argument, args, directory));
    if (shape.fd !== undefined) {
      const file = descriptorArgument(args[shape.fd.at] ?? "")?.path;
      if (file !== undefined) paths.push({ path: file, wanted: shape.fd.needs });
    }
    if (paths.length === 0) return;
    this.options.onFailure({
      call: line.name,
      errno: line.errno,
      paths,
      ...(line.tid === undefined ? {} : { tid: line.tid }),
      ...(line.time === undefined ? {} : { time: line.time }),
      ...(line.comm === undefined ? {} : { comm: line.comm }),
      ...this.changedOf(tid),
    });
  }

  /** A trace of all calls tells working directories even without -y. */
  private follow(tid: number, { name, args, result }: Extract<StraceLine, { kind: "call" }>): void {
    if (name === "chdir") {
      const path = stringArgument(splitArguments(args)?.[0] ?? "");
      const from = this.directoryOf(tid);
      if (path?.text.startsWith("/")) from.path = path.text;
      else if (path !== undefined && from.path !== undefined) from.path = `${from.path}/${path.text}`;
    } else if (name === "fchdir") {
      const path = descriptorArgument(splitArguments(args)?.[0] ?? "")?.path;
      const from = this.directoryOf(tid);
      if (path === undefined) delete from.path;
      else from.path = path;
    } else if (/^(?:clone3?|v?fork)$/.test(name) && this.directories.size < mostThreads) {
      const child = Number(result);
      const mine = this.directoryOf(tid);
      if (child > 0) this.directories.set(child, args.includes("CLONE_FS") ? mine : { ...mine });
      const changed = this.credentials.get(tid);
      if (child > 0 && changed !== undefined) this.credentials.set(child, changed);
    } else if (name.startsWith("set") && this.credentials.size < mostThreads) {
      const before = this.credentials.get(tid) ?? {};
      const after = changeIds(before, name, splitArguments(args) ?? []);
      if (after !== before) this.credentials.set(tid, after);
    }
  }

  private changedOf(tid: number): Pick<FailedCall, "changed"> {
    const changed = this.credentials.get(tid);
    return changed === undefined ? {} : { changed };
  }

  private directoryOf(tid: number): Directory {
    const known = this.directories.get(tid);
    if (known !== undefined) return known;
    // A thread that was seen before its birth was reported: what it starts from is not known, unless it is the first.
    const directory = this.directories.size === 0 ? this.first : {};
    if (this.directories.size < mostThreads) this.directories.set(tid, directory);
    return directory;
  }
}

function pathOf(argument: PathArgument, args: readonly string[], directory: string | undefined): WantedPath[] {
  const text = stringArgument(args[argument.path] ?? "");
  if (text === undefined) return [];
  const { needs } = argument;
  const wanted =
    typeof needs === "string"
      ? needs
      : "flags" in needs
        ? wantedByFlags(flagNames(args[needs.flags] ?? ""))
        : wantedByMode(flagNames(args[needs.mode] ?? ""));
  const found = { path: text.text, wanted, ...(text.cut ? { cut: true as const } : {}) };
  if (text.text.startsWith("/")) return [found];
  const start = argument.at === undefined ? { number: "cwd" as const } : descriptorArgument(args[argument.at] ?? "");
  const known = start?.path ?? (start?.number === "cwd" ? directory : undefined);
  if (known !== undefined) return [{ ...found, directory: known }];
  return [start === undefined ? found : { ...found, from: start.number }];
}

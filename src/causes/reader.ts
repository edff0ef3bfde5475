// Reads what a go command, or a CI job around it, has printed, and tells the root cause.
import type { Automaton } from "./automaton.ts";
import { BlockReader } from "./block.ts";
import type { Classification } from "./cause.ts";
import { LogBytes } from "./encoding.ts";
import type { KnownPlaces } from "./place.ts";
import { Scanner } from "./scan.ts";
import { subjects } from "./subjects/all.ts";
import { Tally } from "./tally.ts";
import { splitQuoted, unwrap } from "./unwrap.ts";
import { automatonFor } from "./words.ts";

let automaton: Automaton | undefined;

export interface LogOptions {
  /** The exit status of the command whose output it is, if it is known: what a command that succeeded has said is no failure. */
  readonly exitCode?: number;
  /** Where the machine that it was printed on keeps things, if that is known; only when the reader is made. */
  readonly places?: KnownPlaces;
}

/** Takes a log of any size in pieces of any size, in bounded memory: bytes, or strings. It never throws. */
export class LogReader {
  private readonly tally = new Tally(subjects);
  private readonly blocks: BlockReader;
  private readonly scanner: Scanner;
  private readonly bytes = new LogBytes();
  private readonly encoder = new TextEncoder();
  private exitCode: number | undefined;
  private half = "";

  constructor(options: LogOptions = {}) {
    this.exitCode = options.exitCode;
    this.blocks = new BlockReader(
      (block) => this.tally.add(block),
      (text, line, marks) => this.tally.note(text, line, marks),
      options.places,
    );
    automaton ??= automatonFor(subjects);
    this.scanner = new Scanner(
      automaton,
      (marks) => !this.tally.noted || this.blocks.wants(marks),
      (text, line, marks) => this.read(text, line, marks),
    );
  }

  push(chunk: Uint8Array | string): void {
    if (typeof chunk !== "string") {
      this.scanner.push(this.bytes.push(chunk));
      return;
    }
    // A character outside of the basic plane may come in two halves.
    const text = this.half + chunk;
    this.half = /[\ud800-\udbff]$/.test(text) ? text.slice(-1) : "";
    this.scanner.push(this.encoder.encode(this.half === "" ? text : text.slice(0, -1)));
  }

  /** The answer; nothing can be pushed after it. */
  end(options: LogOptions = {}): Classification {
    this.scanner.push(this.bytes.end());
    if (this.half !== "") this.scanner.push(this.encoder.encode(this.half));
    this.half = "";
    this.scanner.end();
    this.blocks.close();
    return this.tally.result(this.scanner.lines, options.exitCode ?? this.exitCode);
  }

  private read(text: string, line: number, marks: number): void {
    const bare = unwrap(text);
    if (bare.includes("\\n")) for (const part of splitQuoted(bare)) this.blocks.add(part, line, marks);
    else this.blocks.add(bare, line, marks);
  }
}

/** The root cause of a text that is at hand as a whole. */
export function classify(text: Uint8Array | string, options: LogOptions = {}): Classification {
  const reader = new LogReader(options);
  reader.push(text);
  return reader.end();
}

// Reads what a go command, or a CI job around it, has printed, and tells the root cause.
import { type Automaton, buildAutomaton } from "./automaton.ts";
import { BlockReader } from "./block.ts";
import type { Classification } from "./cause.ts";
import { errnoTexts } from "./errno.ts";
import { noneWords } from "./none.ts";
import { Scanner } from "./scan.ts";
import { surroundingWords } from "./speaker.ts";
import { subjects } from "./subjects/all.ts";
import { Tally } from "./tally.ts";
import { splitQuoted, unwrap } from "./unwrap.ts";

let automaton: Automaton | undefined;

export interface LogOptions {
  /** The exit status of the command whose output it is, if it is known: what a command that succeeded has said is no failure. */
  readonly exitCode?: number;
}

/** Takes a log of any size in pieces of any size, in bounded memory: bytes, or strings. It never throws. */
export class LogReader {
  private readonly tally = new Tally(subjects);
  private readonly blocks = new BlockReader((block) => this.tally.add(block));
  private readonly scanner: Scanner;
  private readonly encoder = new TextEncoder();
  private exitCode: number | undefined;
  private half = "";

  constructor(options: LogOptions = {}) {
    this.exitCode = options.exitCode;
    automaton ??= buildAutomaton(wordMarks());
    this.scanner = new Scanner(automaton, (text, line) => this.read(text, line));
  }

  push(chunk: Uint8Array | string): void {
    if (typeof chunk !== "string") {
      this.scanner.push(chunk);
      return;
    }
    // A character outside of the basic plane may come in two halves.
    const text = this.half + chunk;
    this.half = /[\ud800-\udbff]$/.test(text) ? text.slice(-1) : "";
    this.scanner.push(this.encoder.encode(this.half === "" ? text : text.slice(0, -1)));
  }

  /** The answer; nothing can be pushed after it. */
  end(options: LogOptions = {}): Classification {
    if (this.half !== "") this.scanner.push(this.encoder.encode(this.half));
    this.half = "";
    this.scanner.end();
    this.blocks.close();
    return this.tally.result(this.scanner.lines, options.exitCode ?? this.exitCode);
  }

  private read(text: string, line: number): void {
    for (const part of splitQuoted(unwrap(text))) this.blocks.add(part, line);
  }
}

/** The root cause of a text that is at hand as a whole. */
export function classify(text: Uint8Array | string, options: LogOptions = {}): Classification {
  const reader = new LogReader(options);
  reader.push(text);
  return reader.end();
}

function wordMarks(): Map<string, number> {
  const words = [...subjects.flatMap((subject) => subject.words), ...errnoTexts, ...surroundingWords, ...noneWords];
  return new Map(words.map((word) => [word, 1]));
}

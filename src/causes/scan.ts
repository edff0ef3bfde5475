// Cuts a stream of bytes into lines and hands on only those that hold a word worth reading. Nothing is kept but the line that is
// being read, and of that never more than `longest`: a longer one is handed on in pieces.
import type { Automaton } from "./automaton.ts";

const newline = 0x0a;
const carriageReturn = 0x0d;
const longest = 65_536;

export type OnLine = (text: string, line: number, marks: number) => void;

export class Scanner {
  private readonly carry = new Uint8Array(longest);
  private carried = 0;
  private state = 0;
  private marks = 0;
  private line = 1;
  private ended = true;
  private readonly decoder = new TextDecoder();

  /**
   * @param wanted whether a piece with these marks is to be handed on
   * @param onLine is given each piece that has a word and is wanted: its text (bytes that are no UTF-8 as U+FFFD), its line, its
   *   words' marks
   */
  constructor(
    private readonly automaton: Automaton,
    private readonly wanted: (marks: number) => boolean,
    private readonly onLine: OnLine,
  ) {}

  /** Lines so far, counting one that has no newline yet. */
  get lines(): number {
    return this.ended ? this.line - 1 : this.line;
  }

  /** A carriage return alone also ends a piece, as progress meters use it, but not the line. */
  push(chunk: Uint8Array): void {
    const { classes, next, firstMarked, marks: markOf, shift } = this.automaton;
    let { state, marks } = this;
    let start = 0;
    let limit = longest - this.carried;
    const { length } = chunk;
    for (let at = 0; at < length; at += 1) {
      const byte = chunk[at] as number;
      if (byte === newline || byte === carriageReturn || at === limit) {
        if (marks !== 0) this.flush(chunk, start, at, marks);
        this.carried = 0;
        marks = 0;
        start = at;
        limit = at + longest;
        if (byte === newline || byte === carriageReturn) {
          state = 0;
          start = at + 1;
          limit += 1;
          if (byte === newline) this.line += 1;
          continue;
        }
      }
      state = next[state + (classes[byte] as number)] as number;
      if (state >= firstMarked) marks |= markOf[state >> shift] as number;
    }
    this.carry.set(chunk.subarray(start), this.carried);
    this.carried += length - start;
    this.state = state;
    this.marks = marks;
    if (length > 0) this.ended = chunk[length - 1] === newline;
  }

  end(): void {
    if (this.marks !== 0) this.flush(this.carry, 0, 0, this.marks);
    this.carried = 0;
    this.marks = 0;
    this.state = 0;
  }

  private flush(chunk: Uint8Array, start: number, end: number, marks: number): void {
    if (!this.wanted(marks)) return;
    let bytes = chunk.subarray(start, end);
    if (this.carried > 0) {
      const whole = new Uint8Array(this.carried + bytes.length);
      whole.set(this.carry.subarray(0, this.carried));
      whole.set(bytes, this.carried);
      bytes = whole;
    }
    this.onLine(this.decoder.decode(bytes), this.line, marks);
  }
}

// Offsets of a text as lines and columns.
import type { Region } from "../finding/finding.ts";
import type { Span } from "./file.ts";

/** Lines end in LF or CRLF. A byte order mark takes no column. */
export class Lines {
  private readonly starts: number[] = [0];
  private readonly mark: number;

  constructor(private readonly text: string) {
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.starts.push(at + 1);
    this.mark = text.startsWith("\ufeff") ? 1 : 0;
  }

  get count(): number {
    return this.starts.length;
  }

  /** The line that an offset is on, from 1. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.starts[middle] as number) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  /** The offset at which a line begins. */
  start(line: number): number {
    return this.starts[line - 1] ?? this.text.length;
  }

  /** A line without its end. */
  line(line: number): string {
    return this.text.slice(this.start(line), this.start(line + 1)).replace(/\r?\n$/, "");
  }

  region({ start, end }: Span): Region {
    const line = this.lineAt(start);
    const endLine = this.lineAt(end);
    return { line, column: this.column(start, line), endLine, endColumn: this.column(end, endLine) };
  }

  private column(offset: number, line: number): number {
    const column = offset - this.start(line) + 1;
    return line === 1 ? Math.max(1, column - this.mark) : column;
  }
}

// Gives what go prints the words that it would have had without the relay: the proxy's own address instead of the relay's, and go's own
// error where the relay could not reach the proxy. Everything else stays as it is, byte for byte. PURE.
import type { RelayEntry } from "./plan.ts";

/** Bytes of a line that is held back, until its end comes, because it speaks of the relay. */
const longestHeld = 64 * 1024;

export class AddressRewriter {
  private held: Buffer = Buffer.alloc(0);
  /** What the relay's addresses begin with, and what go says before them when an answer was an error. */
  private readonly marks: readonly Buffer[];
  private readonly failed: RegExp;
  private readonly address: RegExp;

  /** @param status by which the relay says that a proxy could not be reached */
  constructor(
    address: string,
    private readonly entries: readonly RelayEntry[],
    status: number,
  ) {
    this.marks = [Buffer.from(`reading ${address}/`), Buffer.from(`${address}/`)];
    const pattern = `${address.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}/(\\d+)`;
    this.failed = new RegExp(`reading ${pattern}([^\\s"]*): ${status} ([^\\r\\n]*)`, "g");
    this.address = new RegExp(pattern, "g");
  }

  /** What can be written now. At most a line, or its beginning, waits for what comes next. */
  push(chunk: Buffer): Buffer {
    const data = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    const end = data.lastIndexOf(0x0a) + 1;
    const keep = this.held.length > longestHeld ? 0 : this.unsure(data.subarray(end));
    this.held = Buffer.from(data.subarray(data.length - keep));
    return this.rewrite(data.subarray(0, data.length - keep));
  }

  end(): Buffer {
    const rest = this.rewrite(this.held);
    this.held = Buffer.alloc(0);
    return rest;
  }

  /** How many bytes at the end of a piece without a newline may belong to an address. */
  private unsure(tail: Buffer): number {
    const at = Math.min(...this.marks.map((mark) => tail.indexOf(mark)).filter((index) => index >= 0));
    if (Number.isFinite(at)) return tail.length - at;
    return Math.max(...this.marks.map((mark) => overlap(tail, mark)));
  }

  private rewrite(data: Buffer): Buffer {
    if (!data.includes(this.marks[1] as Buffer)) return data;
    const shown = (index: string): string =>
      Buffer.from(this.entries[Number(index)]?.shown ?? "", "utf8").toString("latin1");
    const text = data
      .toString("latin1")
      .replace(this.failed, (_, index: string, path: string, why: string) => `Get "${shown(index)}${path}": ${why}`)
      .replace(this.address, (_, index: string) => shown(index));
    return Buffer.from(text, "latin1");
  }
}

/** The length of the longest end of `tail` that `mark` begins with. */
function overlap(tail: Buffer, mark: Buffer): number {
  for (let length = Math.min(tail.length, mark.length - 1); length > 0; length -= 1) {
    if (tail.subarray(tail.length - length).equals(mark.subarray(0, length))) return length;
  }
  return 0;
}

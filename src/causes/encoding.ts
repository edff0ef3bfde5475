// Logs that Windows wrote: PowerShell's > makes UTF-16 with a byte order mark. Everything else is read as UTF-8.

/** Turns the bytes of a log, in pieces of any size, into UTF-8. */
export class LogBytes {
  /** What came before it could be told how the log is written: at most one byte. */
  private held: Uint8Array | undefined = new Uint8Array(0);
  private decoder: InstanceType<typeof TextDecoder> | undefined;
  private readonly encoder = new TextEncoder();

  /** @returns what can be told of the piece by now; the piece itself if the log is UTF-8 */
  push(piece: Uint8Array): Uint8Array {
    if (this.held === undefined) return this.decode(piece);
    const begin = this.held.length === 0 ? piece : Uint8Array.of(...this.held, ...piece);
    if (begin.length < 2) {
      this.held = begin.slice();
      return new Uint8Array(0);
    }
    this.held = undefined;
    const encoding = encodingOf(begin);
    if (encoding !== undefined) this.decoder = new TextDecoder(encoding);
    return this.decode(begin);
  }

  /** What was held back; a half character becomes U+FFFD. */
  end(): Uint8Array {
    const rest = this.held ?? this.encoder.encode(this.decoder?.decode() ?? "");
    this.held = undefined;
    this.decoder = undefined;
    return rest;
  }

  private decode(piece: Uint8Array): Uint8Array {
    return this.decoder === undefined ? piece : this.encoder.encode(this.decoder.decode(piece, { stream: true }));
  }
}

function encodingOf([first, second]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : undefined;
}

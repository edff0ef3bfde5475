// The reading end of a pipe as a stream, in either runtime.
import { closeSync } from "node:fs";
import { Socket } from "node:net";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";

/** The part of Bun's own interface that is used here: an executable runs in it. */
interface Bun {
  file(descriptor: number): { stream(): ReadableStream };
}

/** @param descriptor of a pipe, non-blocking; the stream closes it */
export function readPipe(descriptor: number): Readable {
  const { Bun: bun } = globalThis as { Bun?: Bun };
  if (bun === undefined) return new Socket({ fd: descriptor, readable: true, writable: false });
  // Bun's Socket never gets a byte from a named pipe, and its streams leave the descriptor open: the writer would wait for ever.
  const stream = Readable.fromWeb(bun.file(descriptor).stream());
  return stream.once("close", () => closeSync(descriptor));
}

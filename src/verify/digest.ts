// SHA-256 in the forms that Go's hashes are made of, and reading what is hashed.
import { createHash, hash } from "node:crypto";
import { readSync } from "node:fs";
import { toBytes } from "../host/bytes.ts";

/** For src/gocache/dirhash.ts: base64, of a text whose characters are bytes. */
export function sha256OfBytes(bytes: string): string {
  return createHash("sha256").update(bytes, "latin1").digest("base64");
}

/** In hex. */
export function digestOf(content: Buffer): string {
  return hash("sha256", content, "hex");
}

/** The name as src/gocache/dirhash.ts wants it: one character a byte. */
export function nameBytes(name: string): string {
  if (isAscii(name)) return name;
  return Buffer.from(toBytes(name)).toString("latin1");
}

function isAscii(name: string): boolean {
  for (let at = 0; at < name.length; at += 1) if (name.charCodeAt(at) > 0x7f) return false;
  return true;
}

/** Reads a file in pieces. @returns how many bytes there were; more than `most` are not read */
export function readPieces(descriptor: number, most: number, scratch: Buffer, piece: (bytes: Buffer) => void): number {
  let total = 0;
  for (;;) {
    const read = readSync(descriptor, scratch, 0, scratch.length, total);
    if (read === 0) return total;
    total += read;
    if (total > most) return total;
    piece(scratch.subarray(0, read));
  }
}

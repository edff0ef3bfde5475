// File names are bytes, and JavaScript strings are not. A name that is valid UTF-8 is its ordinary string; each byte that is not
// becomes one lone surrogate, U+DC00 plus the byte (the scheme of Python's PEP 383), so that the bytes can be had back.
import { isUtf8 } from "node:buffer";

/** Any surrogate, lone or paired: a cheap test that plain names fail. */
const anySurrogate = /[\ud800-\udfff]/;
/** The stand-in for one byte. With the `u` flag a paired surrogate does not match. */
const standIn = /[\udc80-\udcff]/gu;

/** What `node:fs` is to be given for a path: the string itself, or its bytes where some are not UTF-8. */
export function toBytes(path: string): string | Buffer {
  if (!anySurrogate.test(path) || path.search(standIn) < 0) return path;
  const parts: Buffer[] = [];
  let from = 0;
  for (const match of path.matchAll(standIn)) {
    parts.push(Buffer.from(path.slice(from, match.index)), Buffer.of(match[0].charCodeAt(0) - 0xdc00));
    from = match.index + 1;
  }
  parts.push(Buffer.from(path.slice(from)));
  return Buffer.concat(parts);
}

/** The string for the bytes of a name or path. */
export function fromBytes(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString();
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes[at] as number);
    const character = bytes.subarray(at, at + length);
    if (character.length === length && isUtf8(character)) {
      text += character.toString();
      at += length;
    } else {
      text += String.fromCharCode(0xdc00 + (bytes[at] as number));
      at += 1;
    }
  }
  return text;
}

/** The path as a person may read it: bytes that are not UTF-8 as `\xNN`. */
export function show(path: string): string {
  if (!anySurrogate.test(path)) return path;
  return path.replace(standIn, (byte) => `\\x${(byte.charCodeAt(0) - 0xdc00).toString(16)}`);
}

/** How many bytes a UTF-8 character takes that begins with this one; 1 for a byte that begins none. */
function characterLength(lead: number): number {
  if (lead >= 0xf0) return 4;
  if (lead >= 0xe0) return 3;
  return lead >= 0xc0 ? 2 : 1;
}

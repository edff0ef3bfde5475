// The central directory of a zip file (PKWARE's APPNOTE, 4.3.12 to 4.3.16): names and sizes, without reading the contents.
// It is read synchronously because the predictor asks in the middle of a played command; zip libraries are asynchronous here.

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
/** The end record has 22 bytes and a comment of at most 65,535. */
const longestEnd = 22 + 65_535;

/**
 * Lists a zip file.
 * @param read reads bytes at an offset
 * @returns uncompressed sizes in bytes by name; empty if this is no zip file
 */
export function zipDirectory(read: (at: number, length: number) => Uint8Array, size: number): Map<string, number> {
  const entries = new Map<string, number>();
  const tail = Buffer.from(read(Math.max(0, size - longestEnd), Math.min(size, longestEnd)));
  const end = lastIndexOfSignature(tail);
  if (end < 0) return entries;
  const length = tail.readUInt32LE(end + 12);
  const offset = tail.readUInt32LE(end + 16);
  if (offset + length > size) return entries;
  const directory = Buffer.from(read(offset, length));
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === entrySignature; ) {
    const nameLength = directory.readUInt16LE(at + 28);
    const extra = directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    const name = directory.toString("utf8", at + 46, at + 46 + nameLength);
    if (!name.endsWith("/")) entries.set(name, directory.readUInt32LE(at + 24));
    at += 46 + nameLength + extra;
  }
  return entries;
}

function lastIndexOfSignature(tail: Buffer): number {
  for (let at = tail.length - 22; at >= 0; at -= 1) if (tail.readUInt32LE(at) === endSignature) return at;
  return -1;
}

// Reads a module zip to its end: the digest of every file in it, in bounded memory, whatever the zip says about itself.
import { createHash } from "node:crypto";
import { readSync } from "node:fs";
import { Readable } from "node:stream";
import { crc32, inflateRawSync } from "node:zlib";
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from "yauzl";
import { hash1, type NamedDigest } from "../gocache/dirhash.ts";
import { largestModule, ModuleZipNames } from "../gocache/modulezip.ts";
import { fromBytes } from "../host/bytes.ts";
import { digestOf, nameBytes, sha256OfBytes } from "./digest.ts";

export interface FileDigest {
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
}

export type ZipContent =
  /** Read to its end. `refused`: go hashes it, but would not extract it, for this reason. */
  | {
      readonly state: "read";
      /** Files by their path in the module. */
      readonly files: ReadonlyMap<string, FileDigest>;
      readonly hash: string;
      readonly refused?: string;
    }
  /** Go cannot read it either: it is no zip, or damaged. */
  | { readonly state: "torn"; readonly because: string }
  /** It breaks a limit of Go's, and was not read for that. */
  | { readonly state: "refused"; readonly because: string }
  /** Nothing is known about it. */
  | { readonly state: "unread"; readonly because: string };

/** Files up to so many bytes, compressed and not, are inflated at one stroke. */
const atOnce = { compressed: 1024 * 1024, size: 8 * 1024 * 1024 };
/** Names are kept until the zip is read: the largest modules have some ten thousand files. */
const mostFiles = 500_000;
/** Bytes that are read ahead: the headers and the small files of a zip lie close together. */
const blockSize = 128 * 1024;
const pieceSize = 256 * 1024;

/** What yauzl is stricter about than Go's archive/zip: it tells nothing about the content. */
const stricterThanGo = /comment length|encrypt|multi-disk|extra field|zip64 extended/i;

/**
 * @param descriptor of the zip, open for reading; it stays open
 * @param size in bytes
 * @param prefix `module@version/`
 */
export async function readModuleZip(descriptor: number, size: number, prefix: string): Promise<ZipContent> {
  if (size > largestModule) return { state: "refused", because: `it has more than ${largestModule} bytes` };
  const reader = new DescriptorReader(descriptor);
  try {
    return await readEntries(reader, size, prefix);
  } catch (error) {
    if (reader.failure !== undefined) return { state: "unread", because: reader.failure };
    const because = (error as Error).message;
    return stricterThanGo.test(because)
      ? { state: "unread", because: `it is an unusual zip: ${because}` }
      : { state: "torn", because };
  }
}

async function readEntries(reader: DescriptorReader, size: number, prefix: string): Promise<ZipContent> {
  const zip = await fromRandomAccessReaderPromise(reader, size, { decodeStrings: false, autoClose: false });
  const names = new ModuleZipNames(prefix);
  const digests = new Map<string, FileDigest>();
  const order: string[] = [];
  let refused: string | undefined;
  let total = 0;
  for await (const entry of zip.eachEntry()) {
    const name = fromBytes(entry.fileNameRaw);
    total += entry.uncompressedSize;
    // Go gives up the extraction of such a zip, and inflating it could take for ever.
    if (total > largestModule) return { state: "refused", because: `its files have more than ${largestModule} bytes` };
    if (order.length === mostFiles) return { state: "unread", because: `it lists more than ${mostFiles} files` };
    refused ??= names.refuse(name, entry.uncompressedSize);
    digests.set(name, { size: entry.uncompressedSize, sha256: await digestEntry(zip, reader, entry, name) });
    order.push(name);
  }
  // Of a name that occurs twice, Go takes the content that was listed last, twice.
  const named = order.map((name): NamedDigest => {
    return { name: nameBytes(name), sha256: (digests.get(name) as FileDigest).sha256 };
  });
  const files = new Map<string, FileDigest>();
  for (const [name, digest] of digests) {
    if (name.startsWith(prefix) && !name.endsWith("/")) files.set(name.slice(prefix.length), digest);
  }
  return {
    state: "read",
    files,
    hash: hash1(named, sha256OfBytes),
    ...(refused === undefined ? {} : { refused }),
  };
}

async function digestEntry(zip: ZipFile, reader: DescriptorReader, entry: Entry, name: string): Promise<string> {
  const { compressedSize, uncompressedSize, compressionMethod } = entry;
  if (name.endsWith("/")) {
    if (uncompressedSize !== 0) throw new Error("a directory in it has content");
    return digestOf(Buffer.alloc(0));
  }
  if (compressionMethod !== 0 && compressionMethod !== 8) {
    throw new Error(`unsupported compression method ${compressionMethod}`);
  }
  if (compressedSize > atOnce.compressed || uncompressedSize > atOnce.size) return digestStream(zip, entry);
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  const data = reader.bytes(fileDataStart, compressedSize);
  const content = compressionMethod === 0 ? data : inflate(data, uncompressedSize);
  if (content.length !== uncompressedSize) throw new Error("a file in it is not as long as it says");
  checkSum(entry, crc32(content));
  return digestOf(content);
}

function inflate(data: Buffer, size: number): Buffer {
  try {
    // One byte more than it may have, so that a longer one is noticed; 0 would mean no limit.
    return inflateRawSync(data, { maxOutputLength: size + 1 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_BUFFER_TOO_LARGE") throw error;
    throw new Error("a file in it is longer than it says");
  }
}

/** yauzl ends the stream with an error as soon as it is longer than the entry says. */
async function digestStream(zip: ZipFile, entry: Entry): Promise<string> {
  const stream = await zip.openReadStreamPromise(entry);
  const digest = createHash("sha256");
  let sum = 0;
  for await (const piece of stream as AsyncIterable<Buffer>) {
    digest.update(piece);
    sum = crc32(piece, sum);
  }
  checkSum(entry, sum);
  return digest.digest("hex");
}

/** Bit 3 of the flags: the checksum was written after the data, so that 0 is one too. */
function checkSum(entry: Entry, sum: number): void {
  const isSet = entry.crc32 !== 0 || (entry.generalPurposeBitFlag & 8) !== 0;
  if (isSet && entry.crc32 !== sum) throw new Error("the checksum of a file in it is wrong");
}

interface Block {
  readonly buffer: Buffer;
  /** Where in the file its bytes are. */
  start: number;
  end: number;
}

function newBlock(): Block {
  return { buffer: Buffer.allocUnsafe(blockSize), start: 0, end: 0 };
}

/** Reads at once, which for small pieces is faster than any promise, and keeps what it read ahead. */
class DescriptorReader extends RandomAccessReader {
  /** The error of read(2), if there was one: then the zip was not read, and is not to blame. */
  failure: string | undefined;
  /** The one that was used last comes first: one follows the list of files, the other the files. */
  private readonly blocks: [Block, Block] = [newBlock(), newBlock()];

  constructor(private readonly descriptor: number) {
    super();
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, read?: number) => void,
  ): void {
    let read: number;
    try {
      const bytes = this.bytes(position, length);
      bytes.copy(buffer, offset);
      read = bytes.length;
    } catch (error) {
      callback(error as Error);
      return;
    }
    callback(null, read);
  }

  /** Up to `length` bytes; fewer at the end of the file. They may be overwritten by the next call. */
  bytes(position: number, length: number): Buffer {
    if (!Number.isSafeInteger(position)) throw new Error("an offset in it is too large");
    if (length > blockSize) return this.fill(Buffer.allocUnsafe(length), position);
    const { blocks } = this;
    const holds = ({ start, end }: Block): boolean => position >= start && position + length <= end;
    if (!holds(blocks[0])) blocks.reverse();
    const [block] = blocks;
    if (!holds(block)) {
      block.start = position;
      block.end = position + this.fill(block.buffer, position).length;
    }
    return block.buffer.subarray(position - block.start, Math.min(position + length, block.end) - block.start);
  }

  override _readStreamForRange(start: number, end: number): Readable {
    const pieces = function* (reader: DescriptorReader): Generator<Buffer> {
      for (let at = start; at < end; ) {
        const piece = reader.fill(Buffer.allocUnsafe(Math.min(pieceSize, end - at)), at);
        if (piece.length === 0) return;
        at += piece.length;
        yield piece;
      }
    };
    return Readable.from(pieces(this));
  }

  override close(callback: (error: Error | null) => void): void {
    setImmediate(callback, null);
  }

  private fill(buffer: Buffer, position: number): Buffer {
    let read = 0;
    try {
      for (let more = -1; more !== 0 && read < buffer.length; read += more) {
        more = readSync(this.descriptor, buffer, read, buffer.length - read, position + read);
      }
    } catch (error) {
      this.failure = `it cannot be read (${(error as NodeJS.ErrnoException).code})`;
      throw error;
    }
    return buffer.subarray(0, read);
  }
}

// Reads small text files that anybody may have put there: nothing but a regular file is ever opened for reading, so that neither
// a FIFO nor a device can hold this program up.
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { Unseen } from "../permission/world.ts";
import { toBytes } from "./bytes.ts";

const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW, O_NOCTTY } = constants;

/** Why the machine did not show something, in words. */
export function unseenBecause(error: unknown): Unseen {
  const { code, message } = error as NodeJS.ErrnoException;
  const words: Record<string, string> = {
    EACCES: "permission denied",
    EPERM: "operation not permitted",
    ELOOP: "it is a symbolic link, or too many of them follow each other",
    ENAMETOOLONG: "its name is too long",
    EIO: "the disk or the server reports an error (EIO)",
    ESTALE: "the network file system has lost it (ESTALE)",
    ENOTCONN: "the file system's daemon has ended (ENOTCONN)",
    ENXIO: "it is not a regular file",
  };
  return new Unseen(words[code ?? ""] ?? `it could not be read (${code ?? message})`);
}

export function isAbsent(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ENOENT" || code === "ENOTDIR";
}

/** Most files fit: a buffer of their own would be more garbage than text. */
const scratch = Buffer.allocUnsafe(64 * 1024);

/**
 * The text of a regular file. A final symbolic link is not followed.
 * @param maxBytes a longer file is Unseen: half a text could be taken for the whole
 */
export function readRegularFile(path: string, maxBytes: number): string | "absent" | Unseen {
  let descriptor: number;
  try {
    descriptor = openSync(toBytes(path), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY);
  } catch (error) {
    return isAbsent(error) ? "absent" : unseenBecause(error);
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return new Unseen("it is not a regular file");
    // One byte more than it should have, to meet its end in one read.
    const wanted = Math.min(stats.size, maxBytes) + 1;
    const buffer = wanted <= scratch.length ? scratch : Buffer.allocUnsafe(maxBytes + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = readSync(descriptor, buffer, length, buffer.length - length, null);
      // There was room for more than it should have, and no more came. Files of /proc say that they are empty.
      if (length === 0 && read === stats.size && read <= maxBytes) return buffer.toString("utf8", 0, read);
    }
    // A file that grew beyond what was expected meanwhile is read anew, with room for all that is allowed.
    if (length === buffer.length && length <= maxBytes) return readWhole(descriptor, maxBytes);
    if (length > maxBytes) return new Unseen(`it is longer than ${maxBytes} bytes`);
    return buffer.toString("utf8", 0, length);
  } catch (error) {
    return unseenBecause(error);
  } finally {
    closeSync(descriptor);
  }
}

function readWhole(descriptor: number, maxBytes: number): string | Unseen {
  const buffer = Buffer.allocUnsafe(maxBytes + 1);
  let length = 0;
  for (let read = -1; read !== 0 && length < buffer.length; length += read) {
    read = readSync(descriptor, buffer, length, buffer.length - length, length);
  }
  return length > maxBytes ? new Unseen(`it is longer than ${maxBytes} bytes`) : buffer.toString("utf8", 0, length);
}

/** A file of /proc, /sys or the root of the system; undefined if it is absent or unreadable. */
export function readSystemFile(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

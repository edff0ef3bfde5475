// A request's body, within bounds: of its own length, and of what all bodies that are under way take together.
import type { IncomingMessage } from "node:http";

/**
 * Bytes. An object of the API has at most 3 MiB (k8s.io/apiserver, MaxRequestBodyBytes), and a review of an update has two of them
 * and what surrounds them.
 */
export const longestBody = 8 * 1024 * 1024;
const mostTogether = 64 * 1024 * 1024;

let together = 0;

/** A status of HTTP: why there is no body. */
export class Refused {
  constructor(readonly status: 408 | 413 | 503) {}
}

/** @returns 408 if the sender gave up: nobody reads that */
export function readBody(request: IncomingMessage): Promise<Buffer | Refused> {
  if (Number(request.headers["content-length"] ?? 0) > longestBody) return Promise.resolve(new Refused(413));
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const end = (result: Buffer | Refused): void => {
      together -= length;
      length = 0;
      request.removeListener("data", take);
      resolve(result);
    };
    const take = (chunk: Buffer): void => {
      length += chunk.length;
      together += chunk.length;
      chunks.push(chunk);
      if (length > longestBody) end(new Refused(413));
      else if (together > mostTogether) end(new Refused(503));
    };
    request.on("data", take);
    request.once("end", () => end(Buffer.concat(chunks)));
    request.once("error", () => end(new Refused(408)));
    request.once("close", () => end(new Refused(408)));
  });
}

// One request to an OTLP receiver.
import { readFileSync } from "node:fs";
import type { Agent, IncomingMessage, RequestOptions } from "node:http";
import { setTimeout } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { abortableLookup } from "./lookup.ts";
import type { Target } from "./settings.ts";

/** Why something was not delivered: a few words. */
export class NotDelivered extends Error {}

/** https://opentelemetry.io/docs/specs/otlp/#failures-1: what may be sent again. */
const passing: ReadonlySet<number> = new Set([429, 502, 503, 504]);
/** Milliseconds until the only retry, if the receiver does not say. */
const pause = 200;
/** Bytes of an answer that are read. */
const longestAnswer = 64 * 1024;

type Request = (
  url: URL,
  options: RequestOptions,
  callback: (response: IncomingMessage) => void,
) => NodeJS.EventEmitter & {
  end(body: Uint8Array): void;
};

export class Sender {
  private constructor(
    private readonly target: Target,
    private readonly request: Request,
    private readonly agent: Agent,
    private readonly signal: AbortSignal,
    private readonly deadline: number,
  ) {}

  /**
   * @param signal aborts what is under way
   * @param deadline on performance.now()'s clock: no retry begins after it
   * @throws {NotDelivered} if a certificate or key cannot be read
   */
  static async open(target: Target, signal: AbortSignal, deadline: number): Promise<Sender> {
    const { request, Agent } = await (target.url.startsWith("https:") ? import("node:https") : import("node:http"));
    const pem = {
      ca: read("certificate", target.ca),
      cert: read("client certificate", target.certificate),
      key: read("client key", target.key),
    };
    const given = Object.fromEntries(Object.entries(pem).filter(([, text]) => text !== undefined));
    const agent = new Agent({ keepAlive: true, maxSockets: 1, lookup: abortableLookup(signal), ...given });
    return new Sender(target, request as Request, agent, signal, deadline);
  }

  /**
   * @returns the body of the answer to a success
   * @throws {NotDelivered}
   */
  async post(body: Uint8Array): Promise<Buffer> {
    const sent = this.target.gzip ? gzipSync(body) : body;
    const signal = AbortSignal.any([this.signal, AbortSignal.timeout(this.target.timeout)]);
    const first = await this.once(sent, signal);
    if (isSuccess(first)) return first.body;
    const wait = passing.has(first.status) ? retryAfter(first.retryAfter) : Number.POSITIVE_INFINITY;
    if (performance.now() + wait >= this.deadline) throw refused(first);
    await setTimeout(wait, undefined, { signal });
    const second = await this.once(sent, signal);
    if (!isSuccess(second)) throw refused(second);
    return second.body;
  }

  /** Ends all connections, whatever they are at. */
  close(): void {
    this.agent.destroy();
  }

  private once(body: Uint8Array, signal: AbortSignal): Promise<Answer> {
    const { url, protocol, headers, gzip } = this.target;
    const options: RequestOptions = {
      method: "POST",
      agent: this.agent,
      signal,
      headers: {
        "user-agent": "gomodcache",
        ...headers,
        "content-type": protocol === "http/json" ? "application/json" : "application/x-protobuf",
        "content-length": body.length,
        ...(gzip ? { "content-encoding": "gzip" } : {}),
      },
    };
    return new Promise((resolve, reject) => {
      const request = this.request(new URL(url), options, (response) => {
        const chunks: Buffer[] = [];
        let length = 0;
        response.on("data", (chunk: Buffer) => {
          length += chunk.length;
          if (length <= longestAnswer) chunks.push(chunk);
          else response.destroy(new NotDelivered("the answer is too long for one of OTLP"));
        });
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            reason: response.statusMessage ?? "",
            retryAfter: response.headers["retry-after"],
            body: Buffer.concat(chunks),
          }),
        );
      });
      request.on("error", reject);
      request.end(body);
    });
  }
}

interface Answer {
  readonly status: number;
  readonly reason: string;
  readonly retryAfter: string | undefined;
  readonly body: Buffer;
}

function isSuccess({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

function refused({ status, reason }: Answer): NotDelivered {
  return new NotDelivered(`status ${status}${reason === "" ? "" : ` ${reason}`}`);
}

/** RFC 9110, 10.2.3: seconds or a date. Milliseconds. */
function retryAfter(value: string | undefined): number {
  if (value === undefined) return pause;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const until = Date.parse(value) - Date.now();
  return Number.isNaN(until) ? pause : Math.max(0, until);
}

function read(what: string, path: string | undefined): Buffer | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path);
  } catch (error) {
    throw new NotDelivered(`the ${what} ${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

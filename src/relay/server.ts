// The relay: an HTTP server on loopback that go takes for its proxies. It asks them, passes on what they say as it is, and tells what it saw.
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";
import type { ModuleAccessed } from "../audit/event.ts";
import { type Failure, failureOf, unreachable } from "./failure.ts";
import type { RelayEntry } from "./plan.ts";
import { readRequest } from "./request.ts";
import { Upstream } from "./upstream.ts";

/** What the relay saw of one request; times in milliseconds. */
export type Seen = Omit<ModuleAccessed, "schemaVersion" | "time" | "traceId" | "spanId" | "parentSpanId" | "event">;

export interface Relay {
  /** `http://127.0.0.1:PORT/SECRET`: who does not know it gets nothing. */
  readonly address: string;
  close(): void;
}

const hopByHop: ReadonlySet<string> = new Set([
  ...["connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection"],
  ...["te", "trailer", "transfer-encoding", "upgrade"],
]);

/**
 * @param onSeen is told of each request when it is over
 * @throws NodeJS.ErrnoException if loopback cannot be listened on
 */
export async function startRelay(
  entries: readonly RelayEntry[],
  env: Readonly<Record<string, string | undefined>>,
  onSeen: (seen: Seen) => void,
): Promise<Relay> {
  const secret = `/${randomBytes(16).toString("hex")}/`;
  const upstream = new Upstream(env);
  const server = createServer((request, response) => {
    const { url = "" } = request;
    const [, index, path] = /^(\d+)(\/.*)$/.exec(url.startsWith(secret) ? url.slice(secret.length) : "") ?? [];
    const entry = entries[Number(index ?? -1)];
    if (entry === undefined || path === undefined) refuse(response, 404);
    else if (request.method !== "GET" && request.method !== "HEAD") refuse(response, 405);
    else void relay({ request, response, entry, path, upstream, onSeen });
  });
  // Go keeps connections; when the command has ended we close them.
  server.keepAliveTimeout = 120_000;
  await listen(server);
  server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}${secret.slice(0, -1)}`,
    close: () => {
      server.close();
      server.closeAllConnections();
      upstream.close();
    },
  };
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port: 0, exclusive: true }, () => {
      // From now on a fault of one connection is no fault of ours.
      server.removeListener("error", reject);
      server.on("error", () => undefined);
      resolve();
    });
  });
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { "content-type": "text/plain", "content-length": 0 }).end();
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly entry: RelayEntry;
  /** Below the proxy's address, with a leading slash. */
  readonly path: string;
  readonly upstream: Upstream;
  readonly onSeen: (seen: Seen) => void;
}

async function relay(exchange: Exchange): Promise<void> {
  const { request, response, entry, path, upstream } = exchange;
  const began = performance.now();
  const url = new URL(`${entry.url}${path}`);
  const gone = new AbortController();
  // Every answer closes; to abort one that is complete would cost more than the rest of the exchange.
  response.once("close", () => {
    if (!response.writableFinished) gone.abort();
  });
  let answer: IncomingMessage;
  try {
    const { host: _, connection: __, ...headers } = request.headers;
    if (entry.authorization !== undefined) headers.authorization = entry.authorization;
    answer = await upstream.ask({ url, headers, signal: gone.signal });
  } catch (error) {
    if (gone.signal.aborted) return tell(exchange, url, began, { failure: givenUp });
    const failure = failureOf(error, url);
    response.writeHead(unreachable, failure.message, { "content-length": 0 }).end();
    return tell(exchange, url, began, { failure });
  }
  const status = answer.statusCode ?? 0;
  let bytes = 0;
  answer.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
  });
  try {
    response.writeHead(status, answer.statusMessage, endToEnd(answer));
    await passOn(answer, response);
    tell(exchange, url, began, { status, bytes });
  } catch (error) {
    // The connection is destroyed: go sees a body that was cut off, as it was.
    const { name, code } = error as NodeJS.ErrnoException;
    const wasGo = name === "AbortError" || (code === "ERR_STREAM_PREMATURE_CLOSE" && !answer.errored);
    const failure = wasGo ? givenUp : cutOff(error, url);
    tell(exchange, url, began, { status, bytes, failure });
  }
}

/** In bytes: a body up to this size is sent in one write with its headers. Most answers are `.info` and `.mod` files. */
const small = 65_536;

/** @throws as stream's pipeline does, and leaves the response cut off where the answer was */
async function passOn(answer: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!(Number(answer.headers["content-length"]) <= small)) return pipeline(answer, response);
  const chunks: Buffer[] = [];
  answer.on("data", (chunk: Buffer) => chunks.push(chunk));
  try {
    await new Promise<void>((resolve, reject) => {
      answer.once("end", resolve);
      answer.once("error", reject);
    });
  } catch (error) {
    response.write(Buffer.concat(chunks), () => response.destroy());
    throw error;
  }
  response.end(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
}

const givenUp: Failure = {
  message: "go gave the request up",
  error: { category: "net", coarse: "net", message: "go gave the request up" },
};

function cutOff(error: unknown, url: URL): Failure {
  const { message, error: own } = failureOf(error, url);
  const text = `the answer was cut off: ${message === "aborted" ? "connection closed by the server" : message}`;
  return { message: text, error: { ...own, message: text } };
}

/** The headers of an answer that are meant for whoever asked first. */
function endToEnd({ rawHeaders }: IncomingMessage): string[] {
  const kept: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name, value] = [rawHeaders[at] as string, rawHeaders[at + 1] as string];
    if (!hopByHop.has(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}

function tell(
  { path, onSeen }: Exchange,
  url: URL,
  began: number,
  { status, bytes, failure }: { status?: number; bytes?: number; failure?: Failure },
): void {
  const asked = readRequest(path) ?? { module: path.slice(1), what: "module" as const };
  const error = failure?.error ?? statusError(status ?? 0, url);
  onSeen({
    ...asked,
    hit: false,
    source: url.origin,
    duration: Math.round((performance.now() - began) * 1000) / 1000,
    ...(bytes === undefined ? {} : { bytes }),
    ...(status === undefined ? {} : { status }),
    ...(error === undefined ? {} : { error }),
  });
}

/** 404 and 410 mean "not here", which is an answer. */
function statusError(status: number, url: URL): ModuleAccessed["error"] | undefined {
  if (status < 400 || status === 404 || status === 410) return undefined;
  const message = `${url.host} answered with status ${status}`;
  return status === 401 || status === 403 || status === 407
    ? { category: "auth", coarse: "net", message }
    : { category: "net", coarse: "net", message };
}

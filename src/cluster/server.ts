// The webhook's HTTPS server: a review in, its answer out. Whoever can reach it may send anything, or nothing, for as long as they like.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as startTimer } from "node:timers";
import { setTimeout } from "node:timers/promises";
import { createServer as createListener, type Server as Listener } from "node:tls";
import { type AdmissionSettings, admit } from "../admission/admit.ts";
import { Malformed, readReview, writeAnswer } from "../admission/review.ts";
import { routeOf } from "../admission/route.ts";
import type { SpanQueue } from "../telemetry/span-queue.ts";
import { longestBody, Refused, readBody } from "./body.ts";
import type { Certificate } from "./certificate.ts";
import type { Metrics } from "./metrics.ts";
import { addSpan } from "./traces.ts";

export interface ServerOptions {
  readonly admission: AdmissionSettings;
  readonly metrics: Metrics;
  readonly spans: SpanQueue | undefined;
}

/** Milliseconds. */
const handshakeTimeout = 5_000;
/** Milliseconds. */
const limits = {
  headersTimeout: 5_000,
  /** The API server waits 30 s at most. */
  requestTimeout: 30_000,
  connectionsCheckingInterval: 1_000,
  /** Longer than the API server keeps a connection (90 s, k8s.io/apimachinery, util/net, SetOldTransportDefaults): who closes first must be it. */
  keepAliveTimeout: 120_000,
} as const;

/** Far more than API servers open. Over it new connections are closed at once. */
const mostConnections = 2048;

export class ReviewServer {
  /** Speaks TLS, and hands each connection to the server. Not node:https, whose servers in Bun cannot take another certificate. */
  private readonly listener: Listener;
  private readonly server: Server;
  /** How long each connection may still wait. Node's server counts these times too, Bun's does not. */
  private readonly deadlines = new WeakMap<Socket, NodeJS.Timeout>();
  private waiting = 0;
  private ending = false;

  constructor(
    certificate: Certificate,
    private readonly options: ServerOptions,
  ) {
    this.server = createServer(limits, (request, response) => {
      this.waiting += 1;
      const { socket } = request;
      this.expect(socket, limits.requestTimeout);
      response.once("close", () => {
        this.waiting -= 1;
        this.expect(socket, limits.keepAliveTimeout);
      });
      // From now on each answer is the last one of its connection, so that the next review goes elsewhere.
      if (this.ending) response.setHeader("connection", "close");
      void this.answer(request, response);
    });
    this.listener = createListener({ ...tlsOf(certificate), handshakeTimeout, noDelay: true }, (socket) => {
      this.expect(socket, limits.headersTimeout);
      socket.once("close", () => clearTimeout(this.deadlines.get(socket)));
      this.server.emit("connection", socket);
    });
    this.listener.maxConnections = mostConnections;
    this.listener.on("tlsClientError", (_, socket) => socket.destroy());
    // The server begins to look at its limits when it listens.
    this.listener.on("listening", () => this.server.emit("listening"));
    this.server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) =>
      dismiss(socket, error.code === "ERR_HTTP_REQUEST_TIMEOUT" ? "408 Request Timeout" : "400 Bad Request"),
    );
  }

  /** @param within milliseconds: for a request's head, for the rest of it and its answer, or for the next one */
  private expect(socket: Socket, within: number): void {
    clearTimeout(this.deadlines.get(socket));
    if (socket.destroyed) return;
    this.deadlines.set(socket, startTimer(() => dismiss(socket, "408 Request Timeout"), within).unref());
  }

  /** Requests that have no answer yet. */
  get inFlight(): number {
    return this.waiting;
  }

  /**
   * @param address absent: all of them, IPv6's too
   * @returns the port
   * @throws NodeJS.ErrnoException if the port cannot be had
   */
  async listen(port: number, address: string | undefined): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.listener.once("error", reject);
      this.listener.listen({ port, backlog: 1024, ...(address === undefined ? {} : { host: address }) }, resolve);
    });
    this.listener.removeAllListeners("error");
    // No descriptor left to accept with: the next one may find one.
    this.listener.on("error", () => undefined);
    return (this.listener.address() as AddressInfo).port;
  }

  /** For connections from now on. */
  use(certificate: Certificate): void {
    this.listener.setSecureContext(tlsOf(certificate));
  }

  /** Answers go on, but each closes its connection. */
  prepareToEnd(): void {
    this.ending = true;
  }

  /**
   * Takes no more connections, and waits for the answers that are under way.
   * @param within milliseconds; then the rest is closed
   * @returns false if something had to be closed
   */
  async end(within: number): Promise<boolean> {
    this.ending = true;
    const until = performance.now() + within;
    let isClosed = false;
    this.listener.close(() => {
      isClosed = true;
    });
    this.server.closeIdleConnections();
    // A connection that has sent nothing yet may be a review on its way; it gets a second.
    let quiet = performance.now();
    while (!isClosed && performance.now() < until && performance.now() - quiet < 1_000) {
      await setTimeout(25);
      if (this.waiting > 0) quiet = performance.now();
    }
    const whole = this.waiting === 0;
    this.server.closeAllConnections();
    return whole;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const from = performance.now();
    const { url = "", method, headers } = request;
    if (url === "/healthz" || url === "/readyz") return tell(response, this.ending && url === "/readyz" ? 503 : 200);
    const route = routeOf(url);
    if (route === undefined) return this.refuse(request, response, 404, "the webhooks are /mutate and /validate");
    if (method !== "POST") return this.refuse(request, response, 405, "send an AdmissionReview by POST");
    if (!/^application\/json\s*(;|$)/i.test(headers["content-type"] ?? "") || headers["content-encoding"] !== undefined)
      return this.refuse(request, response, 415, "send application/json");
    const body = await readBody(request);
    if (body instanceof Refused) return this.refuse(request, response, body.status, words[body.status]);
    const review = parse(body);
    if (review instanceof Malformed) return this.refuse(request, response, 400, review.reason);
    const { admission: settings, metrics, spans } = this.options;
    const admission = admit(review, route, settings);
    const text = writeAnswer(review.uid, admission);
    response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
    response.end(text);
    const took = performance.now() - from;
    metrics.review(route, review, admission, took / 1000);
    if (spans === undefined) return;
    const to = Date.now();
    const traceparent = headers["traceparent"];
    const path = url.split("?", 1)[0] as string;
    const caller = typeof traceparent === "string" ? traceparent : undefined;
    addSpan(spans, { path, traceparent: caller, review, admission, from: to - took, to });
  }

  private async refuse(request: IncomingMessage, response: ServerResponse, status: number, why: string): Promise<void> {
    this.options.metrics.refusal(status);
    if (!request.complete) {
      // What is still sent is read for a while, or the sender would see a broken connection and not the answer.
      const rest = new Promise((resolve) => request.once("end", resolve).once("close", resolve));
      request.resume();
      await Promise.race([rest, setTimeout(2_000, undefined, { ref: false })]);
    }
    if (!request.complete) {
      response.setHeader("connection", "close");
      later(2_000, () => request.socket.destroy());
    }
    tell(response, status, `${why}\n`);
  }
}

function dismiss(socket: Socket, status: string): void {
  if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  // Who does not read it does not keep the connection either.
  later(1_000, () => socket.destroy());
}

/** @param wait milliseconds, which keep no process alive */
function later(wait: number, work: () => void): void {
  void setTimeout(wait, undefined, { ref: false }).then(work);
}

const words = {
  408: "the body did not come",
  413: `a review has at most ${longestBody} bytes`,
  503: "too many large reviews at once",
} as const;

function tell(response: ServerResponse, status: number, text = status === 200 ? "ok\n" : "ending\n"): void {
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    ...(status === 405 ? { allow: "POST" } : {}),
  });
  response.end(text);
}

function parse(body: Buffer): ReturnType<typeof readReview> {
  try {
    return readReview(JSON.parse(body.toString("utf8")));
  } catch (error) {
    return new Malformed(`the body is no JSON: ${(error as Error).message}`);
  }
}

function tlsOf({ cert, key, ca }: Certificate) {
  const client = ca === undefined ? {} : { ca, requestCert: true, rejectUnauthorized: true };
  return { cert, key, minVersion: "TLSv1.2" as const, ALPNProtocols: ["http/1.1"], ...client };
}

// Asks a proxy as go would: same certificates, same way through HTTPS_PROXY, redirects followed as net/http and cmd/go do.
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { createSecureContext, type SecureContext } from "node:tls";
import { systemRoots } from "./roots.ts";
import { wayTo } from "./way.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** cmd/go follows ten, and never from https to http (cmd/go/internal/web/http.go). */
const mostRedirects = 10;
/** Milliseconds: net.Dialer's of http.DefaultTransport. An answer may take as long as it takes. */
const dialTimeout = 30_000;

export interface Question {
  readonly url: URL;
  readonly headers: OutgoingHttpHeaders;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

export class Upstream {
  private readonly plain = new HttpAgent({ keepAlive: true });
  private readonly secure = new HttpsAgent({ keepAlive: true });
  private readonly tunnels = new Map<string, HttpAgent>();
  private context: SecureContext | undefined;

  constructor(private readonly env: Environment) {}

  /** @throws what node says of a connection that could not be made, or an Error in go's words */
  async ask(question: Question): Promise<IncomingMessage> {
    let { url, headers } = question;
    for (let redirects = 0; ; redirects += 1) {
      const answer = await this.once({ ...question, url, headers });
      const { location } = answer.headers;
      if (![301, 302, 303, 307, 308].includes(answer.statusCode ?? 0) || location === undefined) return answer;
      answer.resume();
      if (redirects === mostRedirects) throw new Error(`stopped after ${mostRedirects} redirects`);
      const next = new URL(location, url);
      if (url.protocol === "https:" && next.protocol === "http:")
        throw new Error(`redirected from secure URL ${url.origin} to insecure URL ${next.origin}`);
      // net/http gives credentials to the same host and those below it.
      if (next.hostname !== url.hostname && !next.hostname.endsWith(`.${url.hostname}`)) {
        const { authorization: _, ...others } = headers;
        headers = others;
      }
      url = next;
    }
  }

  close(): void {
    this.plain.destroy();
    this.secure.destroy();
  }

  private async once({ url, headers, signal }: Question): Promise<IncomingMessage> {
    const secure = url.protocol === "https:";
    const agent = await this.agentFor(url);
    return new Promise((resolve, reject) => {
      const options = {
        agent,
        headers,
        signal,
        ...(secure ? { secureContext: this.roots() } : {}),
      };
      const request = (secure ? httpsRequest : httpRequest)(url, options, resolve);
      request.once("error", reject);
      request.once("socket", (socket) => {
        if (!socket.connecting) return;
        const slow = (): void => {
          const { hostname, port } = url;
          request.destroy(Object.assign(new Error("i/o timeout"), { code: "ETIMEDOUT", hostname, port }));
        };
        socket.setTimeout(dialTimeout, slow);
        socket.once(secure ? "secureConnect" : "connect", () => socket.setTimeout(0));
      });
      request.end();
    });
  }

  private async agentFor(url: URL): Promise<HttpAgent> {
    const way = wayTo(url, this.env);
    if ("unusable" in way) throw new Error(way.unusable);
    if (way.proxy === undefined) return url.protocol === "https:" ? this.secure : this.plain;
    const key = `${url.protocol}${way.proxy.href}`;
    const known = this.tunnels.get(key);
    if (known !== undefined) return known;
    const { tunnelTo } = await import("./tunnel.ts");
    const made = tunnelTo(url, way.proxy, () => this.roots());
    this.tunnels.set(key, made);
    return made;
  }

  /** Made when the first https address is asked: it takes a few milliseconds. */
  private roots(): SecureContext {
    this.context ??= createSecureContext({ ca: systemRoots(this.env) });
    return this.context;
  }
}

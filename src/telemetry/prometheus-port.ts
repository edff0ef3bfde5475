// Metrics for a Prometheus that scrapes us while the command runs.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { AuditEvent } from "../audit/event.ts";
import { prometheusText } from "./prometheus-text.ts";

export interface PrometheusServer {
  readonly port: number;
  /** Ends it at once, whoever is connected. */
  close(): void;
}

/**
 * Serves `/metrics`. It does not keep the process alive.
 * @param port 0 for any that is free
 * @param source what happened so far, asked at every scrape
 * @param host loopback, unless the user wants others to see it
 * @throws NodeJS.ErrnoException if the port cannot be had
 */
export async function servePrometheus(
  port: number,
  source: () => readonly AuditEvent[],
  host = "127.0.0.1",
): Promise<PrometheusServer> {
  const server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(405, { allow: "GET, HEAD" }).end();
    } else if (pathname !== "/metrics") {
      response.writeHead(404, { "content-type": "text/plain; charset=utf-8" }).end("See /metrics\n");
    } else {
      const text = prometheusText(source());
      response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
      response.end(request.method === "HEAD" ? undefined : text);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  // Later errors (no descriptor left to accept with) cost a scrape, nothing else.
  server.on("error", () => {});
  server.unref();
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

// A plain HTTP port for who looks after the process: the kubelet's probes, and Prometheus. Nothing is decided here.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Observed {
  /** False from the moment that no more reviews should be sent. */
  readonly isReady: () => boolean;
  readonly metrics: () => string;
}

export interface ObservationPort {
  readonly port: number;
  close(): void;
}

/**
 * @param address absent: all of them
 * @throws NodeJS.ErrnoException if the port cannot be had
 */
export async function observe(port: number, address: string | undefined, observed: Observed): Promise<ObservationPort> {
  const server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, (request, response) => {
    const [status, text] = answer(request.method, (request.url ?? "").split("?", 1)[0] as string, observed);
    // https://prometheus.io/docs/instrumenting/exposition_formats/
    response.writeHead(status, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
    response.end(request.method === "HEAD" ? undefined : text);
  });
  server.maxConnections = 256;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, ...(address === undefined ? {} : { host: address }) }, resolve);
  });
  server.on("error", () => undefined);
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function answer(method: string | undefined, path: string, { isReady, metrics }: Observed): [number, string] {
  if (method !== "GET" && method !== "HEAD") return [405, "GET\n"];
  if (path === "/healthz") return [200, "ok\n"];
  if (path === "/readyz") return isReady() ? [200, "ok\n"] : [503, "ending\n"];
  return path === "/metrics" ? [200, metrics()] : [404, "/healthz, /readyz, /metrics\n"];
}

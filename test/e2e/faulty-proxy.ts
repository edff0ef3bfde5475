// A module proxy on loopback, in a process of its own, since tests wait for commands synchronously. Paths ask for faults:
// /STATUS/… answers so with a body, /cut/… ends zips in the middle, /slow/… waits, /hop/N/… redirects N times.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

const source = `
import { createServer } from "node:http";
import { createServer as createSecure } from "node:https";
import { existsSync, readFileSync } from "node:fs";
const [directory, key, cert] = process.argv.slice(1);
const serve = (request, response) => {
  const url = decodeURIComponent(request.url);
  const [, fault, rest] = /^\\/(\\d{3}|cut|empty|reset|hop\\/\\d+|needs-password)(\\/.*)$/.exec(url) ?? [];
  if (fault === "reset") return request.socket.destroy();
  if (fault?.startsWith("hop/")) {
    const left = Number(fault.slice(4));
    return response.writeHead(302, { location: left > 1 ? "/hop/" + (left - 1) + rest : rest }).end();
  }
  if (fault === "needs-password") {
    const wanted = "Basic " + Buffer.from("user:pass word").toString("base64");
    if (request.headers.authorization !== wanted)
      return response.writeHead(401, { "content-type": "text/plain" }).end("who are you?\\n");
  } else if (/^\\d/.test(fault ?? "")) {
    return response.writeHead(Number(fault), { "content-type": "text/plain; charset=utf-8" }).end("not found: the proxy says " + fault + "\\n");
  }
  const file = directory + (rest ?? url);
  if (!existsSync(file)) return response.writeHead(404, { "content-type": "text/plain" }).end("not found: no such module\\n");
  const body = readFileSync(file);
  if (fault === "empty" && file.endsWith(".mod")) return response.writeHead(200).end();
  if (fault === "cut" && file.endsWith(".zip")) {
    response.writeHead(200, { "content-length": body.length });
    response.write(body.subarray(0, 40), () => request.socket.destroy());
    return;
  }
  response.writeHead(200, { "content-length": body.length }).end(body);
};
const server = key ? createSecure({ key: readFileSync(key), cert: readFileSync(cert) }, serve) : createServer(serve);
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
`;

export interface FaultyProxy {
  /** `http://127.0.0.1:PORT` */
  readonly address: string;
  stop(): void;
}

/**
 * Serves the files of a directory.
 * @param tls files of a key and a certificate, for https
 */
export async function startProxy(directory: string, tls?: { key: string; cert: string }): Promise<FaultyProxy> {
  const child: ChildProcess = spawn(
    process.execPath,
    ["--input-type=module", "-e", source, directory, ...(tls === undefined ? [] : [tls.key, tls.cert])],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const [port] = await once(lines, "line");
  return {
    address: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    stop: () => void child.kill("SIGKILL"),
  };
}

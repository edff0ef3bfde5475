// A module proxy on loopback, in a process of its own, since tests wait for commands synchronously. Paths ask for faults:
// /STATUS/… answers so with a body, /cut/… ends zips in the middle, /empty/… sends empty go.mod files, /reset/… hangs up, /hop/N/…
// redirects N times, /flaky/NAME/… answers the first request with 503, /needs-password/… wants one, /to-http/… redirects to http.
// It is also a proxy in the sense of HTTP_PROXY: for any http address it answers itself, for any https one it connects to `tunnel`.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

const source = `
import { createServer } from "node:http";
import { createServer as createSecure } from "node:https";
import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
const [directory, key, cert, tunnel] = process.argv.slice(1);
const flaky = new Set();
const serve = (request, response) => {
  const url = decodeURIComponent(request.url).replace(/^http:\\/\\/[^/]+/, "");
  const [, fault, rest] = /^\\/(\\d{3}|cut|empty|reset|hop\\/\\d+|flaky\\/\\w+|needs-password|to-http)(\\/.*)$/.exec(url) ?? [];
  if (fault === "reset") return request.socket.destroy();
  if (fault?.startsWith("hop/")) {
    const left = Number(fault.slice(4));
    return response.writeHead(302, { location: left > 1 ? "/hop/" + (left - 1) + rest : rest }).end();
  }
  if (fault === "to-http") return response.writeHead(302, { location: "http://127.0.0.1:1" + rest }).end();
  if (fault?.startsWith("flaky/") && !flaky.has(fault)) {
    flaky.add(fault);
    return response.writeHead(503, { "content-type": "text/plain" }).end("try later\\n");
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
server.on("connect", (request, socket) => {
  const other = connect(Number(tunnel), "127.0.0.1", () => {
    socket.write("HTTP/1.1 200 Connection established\\r\\n\\r\\n");
    other.pipe(socket).pipe(other);
  });
  for (const end of [socket, other]) end.on("error", () => { socket.destroy(); other.destroy(); });
});
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
 * @param tunnel the port that it connects clients to, whatever they ask for
 */
export async function startProxy(
  directory: string,
  tls?: { key: string; cert: string },
  tunnel?: string,
): Promise<FaultyProxy> {
  const child: ChildProcess = spawn(
    process.execPath,
    ["--input-type=module", "-e", source, directory, tls?.key ?? "", tls?.cert ?? "", tunnel ?? ""],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const [port] = await once(lines, "line");
  return {
    address: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    stop: () => void child.kill("SIGKILL"),
  };
}

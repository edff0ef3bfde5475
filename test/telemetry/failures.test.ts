// What a receiver can do to us: nothing but one warning, and an end in time.
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeLab, removeLab } from "../e2e/lab.ts";
import { describeOnMachine } from "../e2e/requirements.ts";
import { buildChild } from "./child.ts";
import { freePort } from "./collector.ts";
import { accepting, answering, type BadServer } from "./servers.ts";

let lab: string;
let program: string;
beforeAll(() => {
  lab = makeLab("telemetry");
  program = buildChild(new URL("./export-child.ts", import.meta.url), lab);
});
afterAll(() => removeLab(lab));

/** Milliseconds, for a machine under load: how long it takes in truth is measured by bench/telemetry.ts. */
const longest = 10_000;

/** Sends the sample events from a process of its own. @returns the warnings */
function send(env: Record<string, string>, through: readonly string[] = []): Promise<string[]> {
  const [file = "", ...args] = [...through, process.execPath, program];
  const { PATH = "" } = process.env;
  return new Promise((resolve, reject) => {
    execFile(file, args, { env: { PATH, ...env }, timeout: longest }, (error, stdout) => {
      if (error) reject(error);
      else resolve(stdout.split("\n").filter(Boolean));
    });
  });
}

async function sendTo(server: BadServer): Promise<string[]> {
  try {
    return (await send({ OTEL_EXPORTER_OTLP_ENDPOINT: server.url })).map((line) => line.replaceAll(server.url, "URL"));
  } finally {
    await server.close();
  }
}

const all = "telemetry (traces, metrics, logs) did not reach";

describe("one warning, and an end in time", () => {
  test("nobody listens", async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    expect(await send({ OTEL_EXPORTER_OTLP_ENDPOINT: url })).toEqual([`${all} ${url}: ECONNREFUSED`]);
  });

  test("a server that never answers", async () => {
    const [warning, ...more] = await sendTo(await answering(() => {}));
    expect(warning).toMatch(/^telemetry \(.*\) did not reach URL: no answer in time/);
    expect(more).toEqual([]);
  });

  test("a server that accepts and reads nothing", async () => {
    const [warning, ...more] = await sendTo(await accepting((socket) => socket.pause()));
    expect(warning).toMatch(/no answer in time/);
    expect(more).toEqual([]);
  });

  test("an answer that drips for ever", async () => {
    const drip = await answering((_, response) => {
      response.writeHead(200, { "content-type": "application/x-protobuf" });
      const timer = setInterval(() => response.write("x"), 20);
      response.on("close", () => clearInterval(timer));
    });
    const [warning, ...more] = await sendTo(drip);
    expect(warning).toMatch(/no answer in time/);
    expect(more).toEqual([]);
  });

  test("an answer without end", async () => {
    const flood = await answering((_, response) => {
      response.writeHead(200);
      const fill = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on("drain", fill);
      fill();
    });
    expect(await sendTo(flood)).toEqual([`${all} URL: the answer is too long for one of OTLP`]);
  });

  test("a server that hangs up", async () => {
    const [warning, ...more] = await sendTo(await accepting((socket) => socket.destroy()));
    expect(warning).toMatch(/did not reach URL: (ECONNRESET|EPIPE|socket hang up)$/);
    expect(more).toEqual([]);
  });

  test("what is no HTTP", async () => {
    const [warning, ...more] = await sendTo(await accepting((socket) => socket.end("220 mail.example.org ESMTP\r\n")));
    expect(warning).toMatch(/did not reach URL: (HPE_\w+|ECONNRESET|EPIPE)$/);
    expect(more).toEqual([]);
  });

  for (const status of [301, 400, 401, 404, 500, 501]) {
    test(`status ${status}, which is not tried again`, async () => {
      let requests = 0;
      const server = await answering((_, response) => {
        requests += 1;
        response.writeHead(status, { location: "http://127.0.0.1:9/" }).end("no");
      });
      const [warning, ...more] = await sendTo(server);
      expect(warning).toMatch(
        new RegExp(`^telemetry \\(traces, metrics, logs\\) did not reach URL: status ${status} `),
      );
      expect(more).toEqual([]);
      expect(requests).toBe(3);
    });
  }

  test("status 429 that asks for a minute", async () => {
    const server = await answering((_, response) => response.writeHead(429, { "retry-after": "60" }).end());
    expect(await sendTo(server)).toEqual([`${all} URL: status 429 Too Many Requests`]);
  });

  test("status 503 each time is tried twice", async () => {
    let requests = 0;
    const server = await answering((_, response) => {
      requests += 1;
      response.writeHead(503).end();
    });
    const warnings = await sendTo(server);
    expect(warnings).toHaveLength(1);
    expect(requests).toBeGreaterThanOrEqual(3);
    expect(requests).toBeLessThanOrEqual(6);
  });

  test("a page of HTML with status 200", async () => {
    const server = await answering((_, response) => response.end("<html>Welcome</html>"));
    expect(await sendTo(server)).toEqual([`${all} URL: the answer is none of an OTLP receiver`]);
  });

  test("a receiver that takes only some of it", async () => {
    const server = await answering((_, response) => {
      const body = {
        partialSuccess: {
          rejectedSpans: 2,
          rejectedDataPoints: 2,
          rejectedLogRecords: 2,
          errorMessage: "quota\u001b[31m",
        },
      };
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(body));
    });
    try {
      const env = { OTEL_EXPORTER_OTLP_ENDPOINT: server.url, OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" };
      expect(await send(env)).toEqual([`${all} ${server.url}: 2 rejected: quota\\x1b[31m`]);
    } finally {
      await server.close();
    }
  });

  test("TLS where there is none", async () => {
    const server = await answering((_, response) => response.end());
    const url = server.url.replace("http:", "https:");
    try {
      const [warning, ...more] = await send({ OTEL_EXPORTER_OTLP_ENDPOINT: url });
      expect(warning).toMatch(/did not reach https:\/\/127\.0\.0\.1:\d+: (ERR_SSL_\w+|EPROTO|ECONNRESET)$/);
      expect(more).toEqual([]);
    } finally {
      await server.close();
    }
  });

  test("a host that does not exist", async () => {
    const url = "http://collector.invalid:4318";
    const [warning, ...more] = await send({ OTEL_EXPORTER_OTLP_ENDPOINT: url });
    expect(warning).toMatch(/did not reach http:\/\/collector\.invalid:4318: (ENOTFOUND|EAI_AGAIN|no answer)/);
    expect(more).toEqual([]);
  });

  test("a certificate that cannot be read", async () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: "https://127.0.0.1:1",
      OTEL_EXPORTER_OTLP_CERTIFICATE: "/nowhere/ca.pem",
    };
    expect(await send(env)).toEqual([
      `${all} https://127.0.0.1:1: the certificate /nowhere/ca.pem cannot be read (ENOENT)`,
    ]);
  });
});

describeOnMachine("a name server that does not answer", () => {
  test("costs no more than a receiver that does not", async () => {
    // getaddrinfo(3) waits 10 s for it, and exit(3) waits for getaddrinfo: the child would be killed, and this fail.
    writeFileSync(`${lab}/resolv.conf`, "nameserver 127.0.0.1\noptions timeout:30\n");
    writeFileSync(
      `${lab}/silent.sh`,
      `set -e
mount --bind ${lab}/resolv.conf "$(realpath /etc/resolv.conf)"
ip link set lo up
exec 3> >(exec ${process.execPath} -e 'require("dgram").createSocket("udp4").bind(53, "127.0.0.1"); process.stdin.resume(); process.stdin.on("end", () => process.exit())' >/dev/null)
sleep 1
"$@"
`,
    );
    const inside = ["unshare", "--mount", "--net", "bash", `${lab}/silent.sh`];
    const [warning, ...more] = await send({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector.example.org" }, inside);
    expect(warning).toMatch(/did not reach http:\/\/collector\.example\.org: no answer in time/);
    expect(more).toEqual([]);
  });
});

describe("nothing is sent, and nothing said", () => {
  test("without an endpoint", async () => {
    expect(await send({ OTEL_SERVICE_NAME: "x", OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" })).toEqual([]);
  });

  test("with the SDK disabled, or every exporter none", async () => {
    let requests = 0;
    const server = await answering((_, response) => {
      requests += 1;
      response.end();
    });
    const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: server.url };
    const none = { OTEL_TRACES_EXPORTER: "none", OTEL_METRICS_EXPORTER: "none", OTEL_LOGS_EXPORTER: "none" };
    try {
      expect(await send({ ...endpoint, OTEL_SDK_DISABLED: "true" })).toEqual([]);
      expect(await send({ ...endpoint, ...none })).toEqual([]);
      expect(requests).toBe(0);
    } finally {
      await server.close();
    }
  });
});

test("a receiver that recovers within a moment gets everything", async () => {
  const seen = new Set<string>();
  const server = await answering((request, response) => {
    const isFirst = !seen.has(request.url ?? "");
    seen.add(request.url ?? "");
    request.resume();
    request.on("end", () => response.writeHead(isFirst ? 429 : 200, { "retry-after": "0" }).end());
  });
  expect(await sendTo(server)).toEqual([]);
  expect([...seen].sort()).toEqual(["/v1/logs", "/v1/metrics", "/v1/traces"]);
});

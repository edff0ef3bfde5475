// The built program as a webhook of its own process, and a client that speaks TLS with it.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, executable } from "../e2e/program.ts";
import { makeAuthority, makePair, type Pair } from "./certificates.ts";

export interface Reply {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}

export class WebhookLab {
  stderr = "";
  port = 0;
  metricsPort = 0;
  private swaps = 0;

  private constructor(
    readonly directory: string,
    readonly authority: Buffer,
    readonly child: ChildProcess,
    readonly agent: Agent,
  ) {}

  /** Starts one whose certificate is mounted as the kubelet mounts a Secret. */
  static async start(more: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<WebhookLab> {
    const directory = mkdtempSync(join(tmpdir(), "gomodcache-webhook-"));
    const authority = makeAuthority(directory);
    mkdirSync(join(directory, "tls"));
    swapSecret(directory, 0, makePair(directory));
    for (const name of ["tls.crt", "tls.key"]) symlinkSync(`..data/${name}`, join(directory, "tls", name));
    const ports = ["--address", "127.0.0.1", "--port", "0", "--metrics-port", "0"];
    const files = ["--tls-cert", join(directory, "tls/tls.crt"), "--tls-key", join(directory, "tls/tls.key")];
    const child = spawn(executable, [...before, "webhook", ...files, ...ports, ...more], {
      env: { PATH: process.env["PATH"], ...env },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const lab = new WebhookLab(directory, authority, child, new Agent({ ca: authority, keepAlive: true }));
    await lab.said(/reviews are answered on port (\d+).* on port (\d+)/).then(([, port, metrics]) => {
      lab.port = Number(port);
      lab.metricsPort = Number(metrics);
    });
    return lab;
  }

  /** Waits until it has printed something. */
  async said(what: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const match = what.exec(this.stderr);
        if (match !== null) resolve(match);
      };
      this.child.stderr?.on("data", (chunk) => {
        this.stderr += chunk;
        look();
      });
      this.child.once("exit", (status) => reject(new Error(`it ended with ${status}: ${this.stderr}`)));
      look();
    });
  }

  post(
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
    agent = this.agent,
  ): Promise<Reply> {
    const text = typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          host: "127.0.0.1",
          port: this.port,
          path,
          method: "POST",
          agent,
          headers: { "content-type": "application/json", "content-length": Buffer.byteLength(text), ...headers },
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on("data", (chunk) => chunks.push(chunk));
          answer.once("error", reject);
          answer.once("end", () =>
            resolve({
              status: answer.statusCode ?? 0,
              headers: answer.headers,
              text: Buffer.concat(chunks).toString(),
            }),
          );
        },
      );
      sent.once("error", reject);
      sent.end(text);
    });
  }

  /** A page of the plain port. */
  page(path: string): Promise<Reply> {
    return new Promise((resolve, reject) => {
      get({ host: "127.0.0.1", port: this.metricsPort, path, agent: false }, (answer) => {
        let text = "";
        answer.on("data", (chunk) => {
          text += chunk;
        });
        answer.once("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
      }).once("error", reject);
    });
  }

  /** Another content of the Secret, by a swap of its link `..data`. */
  swap(pair: Pair): void {
    this.swaps += 1;
    swapSecret(this.directory, this.swaps, pair);
  }

  /** The exit status after SIGTERM. */
  async terminate(): Promise<number | null> {
    if (this.child.exitCode !== null) return this.child.exitCode;
    const gone = new Promise<number | null>((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGTERM");
    return gone;
  }

  async stop(): Promise<void> {
    this.child.kill("SIGKILL");
    this.agent.destroy();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function swapSecret(directory: string, number: number, { cert, key }: Pair): void {
  const at = join(directory, "tls", `..version-${number}`);
  mkdirSync(at);
  writeFileSync(join(at, "tls.crt"), cert);
  writeFileSync(join(at, "tls.key"), key);
  symlinkSync(`..version-${number}`, join(directory, "tls/..data_tmp"));
  renameSync(join(directory, "tls/..data_tmp"), join(directory, "tls/..data"));
}

// Proxies, a checksum database and origins on loopback that write down who was asked what, and a go that asks them.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { goEnvironment, goProgram, makeLab, makeProxy, removeLab, type TestModule } from "./lab.ts";

export const databaseName = "sumdb.test";
export const version = "v1.0.0";

/** The status of each proxy for modules, and for passing the checksum database on: 200 is an answer. */
export interface Behaviour {
  readonly modules: number;
  readonly database: number;
}

export interface Asked {
  /** `p0`, `p1`, … a proxy; `db` the database itself; `origin`. */
  readonly who: string;
  /** The end of a module's address, such as `v1.0.0.info`; `supported` or `lookup` for the database; `git`. */
  readonly what: string;
}

export class RouteLab {
  readonly directory = makeLab("route");
  private readonly files: string;
  private readonly gits: string;
  private readonly server: Server = createServer((incoming, response) => this.answer(incoming, response));
  private database: ChildProcess | undefined;
  private databaseAddress = "";
  /** The key that go needs for GOSUMDB. */
  key = "";
  private log: Asked[] = [];
  private behaviours: readonly Behaviour[] = [];
  /** Every address that was asked, since `serve`. */
  addresses: string[] = [];

  constructor(modules: readonly string[]) {
    this.files = join(this.directory, "proxy");
    this.gits = join(this.directory, "git.log");
    makeProxy(
      this.files,
      modules.map(
        (path): TestModule => ({ path, version, files: { "go.mod": `module ${path}\n`, "a.go": "package a\n" } }),
      ),
    );
    const bin = join(this.directory, "bin");
    mkdirSync(bin);
    mkdirSync(join(this.directory, "home"));
    // It stands in for every origin, and has nothing.
    writeFileSync(join(bin, "git"), `#!/bin/sh\necho "$*" >> ${this.gits}\necho "fatal: not here" >&2\nexit 128\n`);
    chmodSync(join(bin, "git"), 0o755);
  }

  async start(): Promise<void> {
    const program = join(this.directory, "sumdb");
    const source = fileURLToPath(new URL("../sumdb", import.meta.url));
    const built = spawnSync(goProgram, ["build", "-o", program, "."], { cwd: source, encoding: "utf8" });
    if (built.status !== 0) throw new Error(`the checksum database could not be built: ${built.stderr}`);
    this.database = spawn(program, [this.files, databaseName], { stdio: ["pipe", "pipe", "inherit"] });
    const lines = createInterface({ input: this.database.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
    this.key = (await lines.next()).value as string;
    this.databaseAddress = (await lines.next()).value as string;
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
  }

  /** From now on the proxies answer like this, for whoever asks. */
  serve(behaviours: readonly Behaviour[]): void {
    this.behaviours = behaviours;
    this.log = [];
    this.addresses = [];
  }

  private answer(incoming: IncomingMessage, response: ServerResponse): void {
    this.addresses.push(incoming.url ?? "");
    const [, who = "", path = ""] = /^\/(p\d|db)(\/.*)$/.exec(incoming.url ?? "") ?? [];
    const behaviour = this.behaviours[Number(who.slice(1))];
    const inDatabase = who === "db" ? path : path.replace(`/sumdb/${databaseName}`, "");
    if (who === "db" || inDatabase !== path) {
      const what = /^\/(supported|lookup)/.exec(inDatabase)?.[1];
      if (what !== undefined) this.log.push({ who, what });
      if (what === "supported") response.writeHead(behaviour?.database ?? 500).end();
      else
        request(`${this.databaseAddress}${inDatabase}`, (answer) =>
          answer.pipe(response.writeHead(answer.statusCode ?? 500)),
        ).end();
      return;
    }
    const [, what = ""] = /\/@v\/(.*)$/.exec(path) ?? [];
    this.log.push({ who, what });
    const file = join(this.files, decodeURIComponent(path));
    const status = behaviour?.modules ?? 500;
    if (status !== 200 || !existsSync(file)) response.writeHead(status === 200 ? 404 : status).end();
    else response.end(readFileSync(file));
  }

  /** @param who `p0`, `p1`, … or `db` */
  address(who: string): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/${who}`;
  }

  /** Runs `go mod download` for one module with empty caches, and says who was asked, in order; git once in a row. */
  async download(
    module: string,
    settings: Readonly<Record<string, string>>,
    behaviours: readonly Behaviour[],
  ): Promise<{ asked: Asked[]; status: number; output: string }> {
    this.serve(behaviours);
    rmSync(this.gits, { force: true });
    const fresh = mkdtempSync(join(this.directory, "run-"));
    const env = {
      ...goEnvironment({
        home: join(this.directory, "home"),
        cache: join(fresh, "mod"),
        buildCache: join(fresh, "build"),
        proxy: "off",
      }),
      GOPATH: join(fresh, "gopath"),
      GOFLAGS: "-modcacherw",
      ...settings,
    };
    const path = `${join(this.directory, "bin")}:/usr/bin:/bin`;
    const child = spawn(goProgram, ["mod", "download", "-x", `${module}@${version}`], {
      cwd: fresh,
      env: { ...env, PATH: path },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    const [status] = (await once(child, "close")) as [number];
    rmSync(fresh, { recursive: true });
    const origin = existsSync(this.gits) ? [{ who: "origin", what: "git" }] : [];
    return { asked: [...this.log, ...origin], status, output };
  }

  stop(): void {
    this.database?.kill();
    this.server.closeAllConnections();
    this.server.close();
    removeLab(this.directory);
  }
}

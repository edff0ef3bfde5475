// A Docker daemon of the lab's own: its data, socket and containers are below the lab's directory, and it touches no network.
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { posix } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startWatchdog, type Watchdog } from "../child/watchdog.ts";
import { systemPath } from "../host/system-path.ts";
import { systemProgram } from "../host/system-program.ts";
import { type Programs, type Ran, trouble } from "./program.ts";

/** Milliseconds until a daemon that does not answer is given up, and until one that does not end is killed. */
const patience = { start: 60_000, end: 15_000 };

export class DockerDaemon {
  private child: ChildProcess | undefined;
  private dog: Watchdog | false = false;

  /** @param directory short: the path of a socket has at most 107 bytes (unix(7)) */
  constructor(
    private readonly directory: string,
    private readonly programs: Programs,
  ) {}

  /** Starts it and waits until it answers. @throws with what it said if it does not */
  async start(): Promise<void> {
    const program = systemProgram("dockerd");
    if (program === undefined) throw trouble("dockerd is not installed");
    mkdirSync(this.directory, { recursive: true });
    // The machine's own configuration is not this daemon's.
    writeFileSync(this.at("daemon.json"), "{}");
    const log = openSync(this.at("log"), "w");
    // --bridge=none and no iptables: the machine's network stays as it is.
    const flags = ["--bridge=none", "--iptables=false", "--ip6tables=false", "--ip-forward=false", "--ip-masq=false"];
    const places = ["--data-root", this.at("data"), "--exec-root", this.at("exec"), "--pidfile", this.at("pid")];
    const mark = `GOMODCACHE_LAB_DAEMON=${this.directory}`;
    this.dog = startWatchdog(mark);
    this.child = spawn(
      program,
      ["-H", this.socket, "--storage-driver", "vfs", "--config-file", this.at("daemon.json"), ...places, ...flags],
      {
        cwd: "/",
        detached: true,
        stdio: ["ignore", log, log],
        env: { PATH: systemPath, HOME: this.directory, TMPDIR: this.directory, GOMODCACHE_LAB_DAEMON: this.directory },
      },
    );
    closeSync(log);
    this.child.on("error", () => undefined);
    if (this.dog !== false && this.child.pid !== undefined) this.dog.guard(this.child.pid);
    for (const end = Date.now() + patience.start; Date.now() < end && this.child.exitCode === null; await sleep(300)) {
      const { status } = await this.docker(["version"]);
      if (status === 0) return;
    }
    const said = readFileSync(this.at("log"), "utf8").trim().split("\n").slice(-3).join("\n");
    throw trouble(`a Docker daemon does not start here: ${said}`);
  }

  /** `docker …`, asked of this daemon alone. */
  docker(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
    const program = systemProgram("docker") ?? "docker";
    const own = {
      PATH: systemPath,
      HOME: this.directory,
      DOCKER_HOST: this.socket,
      DOCKER_CONFIG: this.at("config"),
      ...env,
    };
    return this.programs.run([program, ...words], { cwd: "/", env: own });
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (child?.exitCode === null) {
      const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
      child.kill("SIGTERM");
      const late = await Promise.race([ended.then(() => false), sleep(patience.end, true, { ref: false })]);
      if (late && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    }
    if (this.dog !== false) this.dog.dismiss();
  }

  private get socket(): string {
    return `unix://${this.at("sock")}`;
  }

  private at(name: string): string {
    return posix.join(this.directory, name);
  }
}

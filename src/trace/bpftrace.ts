// bpftrace as the tracer: it needs no ptrace(2), so it sees what is traced already, whole containers, and setuid programs.
import { type ChildProcess, spawn } from "node:child_process";
import { openSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { exitStatus, UserError } from "../error.ts";
import { systemPath } from "../host/system-path.ts";
import { systemProgram } from "../host/system-program.ts";
import { bpftraceEnvironment, bpftraceProgram } from "./reading/bpftrace-program.ts";
import { BpftraceReader } from "./reading/bpftrace-reader.ts";
import { shapes } from "./reading/shapes.ts";
import { syscallNumbers } from "./reading/syscall-numbers.ts";
import { callsOnOpenFiles, type Tracer, type Watching } from "./tracer.ts";

export interface Watched {
  readonly pids: readonly number[];
  /** Inode numbers of directories of cgroup2. */
  readonly cgroups: readonly number[];
}

/** Milliseconds. Compiling and loading the program takes about one second. */
const startTime = 60_000;
const betweenPings = 25;
const lastWords = 3_000;

export class BpftraceTracer implements Tracer {
  readonly ended: Promise<void>;
  private readonly pings = new Set<string>();
  private readonly reader: BpftraceReader;
  private complaint = "";
  private isEnded = false;
  private lost = 0;

  private constructor(
    private readonly child: ChildProcess,
    numbers: Readonly<Record<string, number>>,
    private readonly watching: Watching,
  ) {
    this.reader = new BpftraceReader({
      numbers,
      architecture: process.arch,
      pinging: process.pid,
      onFailure: (call) => {
        if (call.pid !== process.pid) watching.onFailure(call);
      },
      onPing: (path) => this.pings.add(path),
      onLost: (events) => {
        this.lost += events;
      },
    });
    child.stdout?.setEncoding("latin1");
    child.stdout?.on("data", (chunk: string) => this.reader.push(chunk));
    child.stderr?.setEncoding("latin1");
    child.stderr?.on("data", (chunk: string) => {
      this.complaint = (this.complaint + chunk).slice(-4000);
    });
    this.ended = new Promise((resolve) => {
      const end = (): void => {
        this.isEnded = true;
        resolve();
      };
      child.once("error", end);
      child.once("close", end);
    });
  }

  /** Starts it and waits until all its probes are attached. @throws {UserError} with status 4 if it cannot */
  static async start(watched: Watched, watching: Watching, started: (pid: number) => void): Promise<BpftraceTracer> {
    const open = new Set(callsOnOpenFiles(watching.errnos));
    const all = syscallNumbers(process.arch) ?? {};
    const numbers = Object.fromEntries(
      Object.entries(all).filter(([name]) => shapes[name]?.fd === undefined || open.has(name)),
    );
    const program = bpftraceProgram({
      ...watched,
      pinging: process.pid,
      errnos: watching.errnos,
      numbers,
    });
    const child = spawn(systemProgram("bpftrace") ?? "bpftrace", ["-f", "json", "-e", program], {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: systemPath, LC_ALL: "C", ...bpftraceEnvironment },
      cwd: "/",
    });
    if (child.pid !== undefined) started(child.pid);
    const tracer = new BpftraceTracer(child, numbers, watching);
    const isThere = await tracer.ping(startTime);
    if (isThere) return tracer;
    child.kill("SIGKILL");
    throw new UserError(
      `bpftrace does not work here: ${tracer.reason()}`,
      "use --backend strace",
      exitStatus.privilege,
    );
  }

  /** Makes a call that fails, until bpftrace tells of it: then all earlier calls have been told too. */
  private async ping(time: number): Promise<boolean> {
    const until = performance.now() + time;
    const sent: string[] = [];
    while (!this.isEnded && performance.now() < until) {
      const path = `/proc/self/gomodcache-ping-${performance.now()}`;
      sent.push(path);
      try {
        openSync(path, "r");
      } catch {
        // That is what it is for.
      }
      await sleep(betweenPings);
      if (sent.some((one) => this.pings.has(one))) return true;
    }
    return false;
  }

  async finish(): Promise<void> {
    if (!this.isEnded) {
      const isTold = await this.ping(lastWords);
      if (!isTold) {
        this.child.kill("SIGTERM");
        await Promise.race([this.ended, sleep(lastWords, undefined, { ref: false })]);
      }
      // Taking the probes away takes the kernel half a second; nothing depends on it once all has been told.
      if (!this.isEnded) this.child.kill("SIGKILL");
    }
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
    this.child.unref();
    if (this.lost > 0)
      this.watching.onNote(`the kernel had no room for ${this.lost} events of bpftrace: denials may be missing`);
  }

  private reason(): string {
    const lines = this.complaint.split("\n").filter((line) => line.trim() !== "" && !line.includes("RLIMIT_MEMLOCK"));
    return lines[0]?.slice(0, 300) ?? "it did not start within 60 s";
  }
}

// strace as the tracer: strace(1). With -D it is the grandchild, so that the command is our own child, with its own status and signals.
import { constants, openSync, readdirSync, readFileSync } from "node:fs";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { readPipe } from "../child/read-pipe.ts";
import { run } from "../host/run.ts";
import { systemPath } from "../host/system-path.ts";
import { shapes } from "./reading/shapes.ts";
import { StraceReader } from "./reading/strace-reader.ts";
import { callsOnOpenFiles, type Tracer, type Watching } from "./tracer.ts";

export interface StraceWatch {
  readonly errnos: ReadonlySet<string>;
  /** Whether strace knows --seccomp-bpf. */
  readonly filter: boolean;
  /**
   * Whether only a go command and its tools are watched. Then readlink(2) is left out: it needs no right that lstat(2) does not, which go and
   * git call before it, and a C compiler opens what it resolves so. A build with cgo makes more of these calls than of all the others.
   */
  readonly onlyGo: boolean;
}

/**
 * The options of strace; what follows is the command, or -p with a process. Each call that is watched costs two stops: `%file` has some
 * that nothing is told of.
 */
export function straceOptions(fifo: string, watched: StraceWatch): string[] {
  const { errnos, filter, onlyGo } = watched;
  const aboutPaths = Object.keys(shapes).filter((name) => (shapes[name]?.paths.length ?? 0) > 0);
  const calls = [...aboutPaths, ...callsOnOpenFiles(errnos)].filter((name) => !onlyGo || !name.startsWith("readlink"));
  return [
    "-f",
    "-q",
    ...(filter ? ["--seccomp-bpf"] : []),
    "-y",
    "-ttt",
    "-s",
    "1",
    "-e",
    // The question mark: strace knows only the names that this architecture has.
    `trace=${calls.map((name) => `?${name}`).join(",")}`,
    "-e",
    "status=failed",
    "-e",
    "signal=none",
    "-o",
    fifo,
  ];
}

/** Makes the pipe that strace writes to. Only our user can open it: it is in our private directory. */
export function makeFifo(directory: string): string {
  const fifo = `${directory}/calls`;
  const made = run("mkfifo", ["-m", "600", fifo], { env: { PATH: systemPath } });
  if (made.status !== 0) throw new Error(`mkfifo ${fifo}: ${made.error ?? made.stderr}`);
  return fifo;
}

/** How long strace may take to tell the rest after the command ended, before we look who else is traced, in milliseconds. */
const patience = 1_000;

export class StraceTracer implements Tracer {
  readonly ended: Promise<void>;
  private readonly socket: Readable;
  private isEnded = false;
  /** The process of strace, once it is known. */
  pid = 0;

  constructor(fifo: string, watching: Watching) {
    const reader = new StraceReader({ errnos: watching.errnos, onFailure: watching.onFailure });
    const fd = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
    this.socket = readPipe(fd);
    this.socket.setEncoding("latin1");
    this.socket.on("data", (chunk: string) => reader.push(chunk));
    this.ended = new Promise((resolve) => {
      const end = (): void => {
        if (!this.isEnded) reader.end();
        this.isEnded = true;
        resolve();
      };
      this.socket.once("end", end);
      this.socket.once("error", end);
      this.socket.once("close", end);
    });
  }

  /** Waits until strace traces the process. @returns false if the process ended before */
  async attached(pid: number): Promise<boolean> {
    for (;;) {
      const tracer = tracerOf(pid);
      if (tracer === undefined) return false;
      if (tracer > 0) {
        this.pid = tracer;
        return true;
      }
      await sleep(2);
    }
  }

  async finish(): Promise<void> {
    await Promise.race([this.ended, sleep(patience, undefined, { ref: false })]);
  }

  /** Processes that strace still holds: left behind by the command. */
  leftBehind(): { pid: number; name: string }[] {
    if (this.isEnded || this.pid === 0) return [];
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name) && tracerOf(Number(name)) === this.pid)
      .map((name) => ({ pid: Number(name), name: nameOf(name) }));
  }

  close(): void {
    this.socket.destroy();
  }
}

/** The process that traces this one: 0 if none does, undefined if the process is gone. */
function tracerOf(pid: number): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "latin1");
    if (/^State:\s*[ZX]/m.test(status)) return undefined;
    return Number(/^TracerPid:\s*(\d+)$/m.exec(status)?.[1] ?? 0);
  } catch {
    return undefined;
  }
}

function nameOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return "?";
  }
}

// A command under a tracer: its own streams, signals and status, and the failed calls that were seen.
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Ending, runInPlace } from "../child/forward.ts";
import { UserError } from "../error.ts";
import type { Environment } from "../host/container.ts";
import { systemProgram } from "../host/system-program.ts";
import { BpftraceTracer } from "./bpftrace.ts";
import { Guard } from "./guard.ts";
import type { Backend } from "./means.ts";
import { isAlive } from "./processes.ts";
import { makeFifo, StraceTracer, straceOptions } from "./strace.ts";
import type { Watching } from "./tracer.ts";

export interface TraceRequest {
  /** The command behind its gate. */
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly cwd: string;
  readonly backend: Backend;
  /** Whether strace knows --seccomp-bpf. */
  readonly filter: boolean;
  /** Whether the command is go, and runs no programs of the user's. */
  readonly onlyGo: boolean;
  /** Where the command's standard error goes, besides what is kept of it. */
  readonly stderr: NodeJS.WritableStream;
  /** Whether tracefs was mounted for this. */
  readonly mounted: boolean;
  /** Told of the command's process. */
  readonly onStart: (pid: number) => void;
}

export interface Traced {
  readonly ending: Ending;
  /** The beginning and the end of what the command printed on standard error. */
  readonly printed: string;
}

/** Bytes of standard error that are kept from its beginning, and from its end. */
const kept = 128 * 1024;

export async function traceCommand(request: TraceRequest, watching: Watching): Promise<Traced> {
  const directory = privateDirectory(request.env);
  try {
    return await (request.backend === "strace" ? underStrace : underBpftrace)(request, watching, directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** In memory where there is /dev/shm: the disk may be what is full. */
function privateDirectory(env: Environment): string {
  let problem: unknown;
  for (const parent of ["/dev/shm", env["TMPDIR"] ?? "/tmp", "/tmp"]) {
    try {
      return mkdtempSync(`${parent}/gomodcache-trace-`);
    } catch (error) {
      problem = error;
    }
  }
  throw new UserError(
    `no private directory can be made for strace's output: ${(problem as Error).message}`,
    "set TMPDIR to a directory that you may write to",
  );
}

async function underStrace(request: TraceRequest, watching: Watching, directory: string): Promise<Traced> {
  const fifo = makeFifo(directory);
  const guard = new Guard(fifo, directory);
  const tracer = new StraceTracer(fifo, watching);
  const argv = [
    systemProgram("strace") ?? "strace",
    "-D",
    ...straceOptions(fifo, { errnos: watching.errnos, filter: request.filter, onlyGo: request.onlyGo }),
    "--",
    ...request.argv,
  ];
  const traced = await start(argv, request, guard, async (child) => {
    const isTraced = await tracer.attached(child.pid as number);
    if (isTraced) guard.tell("tracer", tracer.pid);
    else
      watching.onNote(
        "strace ended before it traced anything: the command was not run, and the status is that of strace",
      );
    // A strace that somebody kills leaves its processes without most system calls: they are of no use any more.
    void tracer.ended.then(() => {
      if (isAlive(child.pid as number)) {
        watching.onNote("strace was ended before the command, which cannot go on without it and was ended too");
        child.kill("SIGKILL");
      }
    });
    return isTraced;
  });
  await tracer.finish();
  const left = tracer.leftBehind();
  if (left.length > 0) {
    const names = left.map(({ pid, name }) => `${name} (${pid})`).join(", ");
    watching.onNote(
      `the command left ${names} running: strace stays with it until it ends, since it cannot be let go; --backend bpftrace can`,
    );
    await guard.drain();
  } else guard.done();
  tracer.close();
  return traced;
}

async function underBpftrace(request: TraceRequest, watching: Watching, directory: string): Promise<Traced> {
  const guard = new Guard("", directory);
  if (request.mounted) guard.tell("mounted", 1);
  let tracer: BpftraceTracer | undefined;
  let failure: unknown;
  const traced = await start([...request.argv], request, guard, async (child) => {
    try {
      tracer = await BpftraceTracer.start({ pids: [child.pid as number], cgroups: [] }, watching, (pid) =>
        guard.tell("helper", pid),
      );
      return true;
    } catch (error) {
      failure = error;
      return false;
    }
  });
  await tracer?.finish();
  guard.done();
  if (failure !== undefined) throw failure;
  return traced;
}

/** Starts the command behind its gate, and opens the gate when the tracer is there. */
async function start(
  [file = "", ...rest]: readonly string[],
  request: TraceRequest,
  guard: Guard,
  attach: (child: ChildProcess) => Promise<boolean>,
): Promise<Traced> {
  let head = "";
  let tail = "";
  let lastWord = performance.now();
  let open = false;
  let command: ChildProcess | undefined;
  const ending = await runInPlace(file, [file, ...rest], request.env, {
    stdio: ["inherit", "inherit", "pipe", "pipe"],
    cwd: request.cwd,
    started: (child) => {
      command = child;
      request.onStart(child.pid as number);
      guard.tell("command", child.pid as number);
      child.stderr?.on("data", (chunk: Buffer) => {
        lastWord = performance.now();
        const text = chunk.toString("latin1");
        if (head.length < kept) head += text.slice(0, kept - head.length);
        tail = (tail + text).slice(-kept);
      });
      open = true;
      child.stderr?.once("end", () => {
        open = false;
      });
      child.stderr?.pipe(request.stderr, { end: false });
      const gate = child.stdio[3] as NodeJS.WritableStream;
      gate.on("error", () => undefined);
      void attach(child).then((isThere) => (isThere ? gate.end("go\n") : gate.end()));
    },
  });
  // What a process that was left behind may still print is not waited for.
  while (open && performance.now() - lastWord < 50) await sleep(10);
  for (const stream of [command?.stderr, command?.stdio[3]]) (stream as Socket | undefined)?.destroy();
  const printed = tail.length < kept || head.length < kept ? head : `${head}\n${tail}`;
  return { ending, printed: Buffer.from(printed, "latin1").toString() };
}

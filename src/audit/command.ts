// Runs a command unchanged, and listens to what it prints on the way.
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, fstatSync } from "node:fs";
import { type Ending, standIn } from "../child/forward.ts";
import { makePipe, type Pipe } from "../child/pipe.ts";
import { Pump, type Rewriter } from "../child/pump.ts";
import { startWatchdog } from "../child/watchdog.ts";
import type { Environment } from "../host/container.ts";

export interface CommandRequest {
  readonly file: string;
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly cwd: string;
  /** Which of its output streams pass through us; the others it has as we have them. */
  readonly listen: { readonly stdout: boolean; readonly stderr: boolean };
  /** Makes what changes a stream's bytes on the way. */
  readonly rewriter: () => Rewriter;
  /** Gets what was written, in order, of the streams that pass through us. */
  readonly onOutput: (chunk: Buffer) => void;
  readonly onStart: (pid: number) => void;
}

export interface CommandResult {
  readonly ending: Ending;
  /** The signals that reached us meanwhile. */
  readonly signals: readonly NodeJS.Signals[];
  /** False where nothing would have ended the command if we had been killed. */
  readonly guarded: boolean;
}

/** Runs the command until it has ended and what it wrote is through. */
export async function runCommand(request: CommandRequest): Promise<CommandResult> {
  const { listen } = request;
  const together = listen.stdout && listen.stderr && isSame(1, 2);
  const first = listen.stdout ? makePipe(request.env) : undefined;
  const second = listen.stderr && !together ? makePipe(request.env) : undefined;
  const output = listen.stdout ? (first ?? "pipe") : undefined;
  const error = together && first !== undefined ? first : listen.stderr ? (second ?? "pipe") : undefined;
  const signals: NodeJS.Signals[] = [];
  const dog = startWatchdog(`TRACEPARENT=${request.env["TRACEPARENT"]}`);
  const pumps: Pump[] = [];
  const start = (): ChildProcess => {
    const child = spawn(request.file, request.argv.slice(1), {
      argv0: request.argv[0] as string,
      cwd: request.cwd,
      env: request.env as NodeJS.ProcessEnv,
      stdio: ["inherit", endOf(output), endOf(error)],
    });
    const writers = new Set([output, error].flatMap((end) => (typeof end === "object" ? [end.write] : [])));
    for (const descriptor of writers) closeSync(descriptor);
    if (child.pid !== undefined) {
      if (dog !== false) dog.guard(child.pid);
      request.onStart(child.pid);
    }
    const sources: [typeof output, ChildProcess["stdout"], number][] = [[output, child.stdout, 1]];
    if (error !== output || error === "pipe") sources.push([error, child.stderr, 2]);
    for (const [end, socket, to] of sources) {
      const from = typeof end === "object" ? end.read : socket;
      if (end !== undefined && from !== null) pumps.push(new Pump(from, to, heard(request)));
    }
    return child;
  };
  try {
    const ending = await standIn(start, (signal) => signals.push(signal));
    await Promise.all(pumps.map((pump) => pump.finish()));
    return { ending, signals, guarded: dog !== false };
  } finally {
    if (dog !== false) dog.dismiss();
  }
}

function endOf(end: Pipe | "pipe" | undefined): number | "pipe" | "inherit" {
  if (end === undefined) return "inherit";
  return end === "pipe" ? "pipe" : end.write;
}

function heard({ rewriter, onOutput }: CommandRequest): Rewriter {
  const inner = rewriter();
  const tell = (bytes: Buffer): Buffer => {
    if (bytes.length > 0) onOutput(bytes);
    return bytes;
  };
  return { push: (chunk) => tell(inner.push(chunk)), end: () => tell(inner.end()) };
}

/** Whether two descriptors lead to the same pipe or file. */
function isSame(one: number, other: number): boolean {
  try {
    const [a, b] = [fstatSync(one), fstatSync(other)];
    return a.dev === b.dev && a.ino === b.ino;
  } catch {
    return false;
  }
}

// Programs of an experiment: each in a process group of its own, ended with all that it started when time is over or we are told to stop.
import { type ChildProcess, spawn } from "node:child_process";
import { exitStatus, UserError } from "../error.ts";

export interface Ran {
  /** Absent if it was killed or could not be started. */
  readonly status?: number;
  /** Standard output and standard error as they came. */
  readonly output: string;
  readonly stdout: string;
}

export interface ProgramOptions {
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Milliseconds; 120,000 if absent. */
  readonly timeout?: number;
  readonly input?: string;
}

/** The experiment was interrupted by a signal. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  constructor(readonly signal: NodeJS.Signals) {
    super(`interrupted by ${signal}`);
  }
}

/** What a program of the machine did that it should not have done: no bug of ours, and no result of an experiment. */
export function trouble(said: string): UserError {
  return new UserError(
    `the experiment could not be done: ${said.trim().slice(-2000)}`,
    "that is of this machine; gomodcache lab --list tells what each experiment needs",
    exitStatus.incomplete,
  );
}

/** @throws {UserError} with what it said if it failed */
export function must(ran: Ran): Ran {
  if (ran.status !== 0) throw trouble(ran.output);
  return ran;
}

const usualTimeout = 120_000;
const mostOutput = 4 * 1024 * 1024;

export class Programs {
  private readonly running = new Set<ChildProcess>();
  private stopped: NodeJS.Signals | undefined;

  /** From now on nothing is started, and what runs is killed. */
  stop(signal: NodeJS.Signals): void {
    this.stopped ??= signal;
    for (const child of this.running) killGroup(child);
  }

  /** Cleaning up starts programs again. */
  goOn(): void {
    this.stopped = undefined;
  }

  /** Runs a program and waits for it. A status other than 0 is no error. @throws {Interrupted} */
  async run([program, ...args]: readonly [string, ...string[]], options: ProgramOptions): Promise<Ran> {
    if (this.stopped !== undefined) throw new Interrupted(this.stopped);
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...options.env },
      detached: true,
      stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    this.running.add(child);
    const all: Buffer[] = [];
    const out: Buffer[] = [];
    let length = 0;
    const take = (chunk: Buffer, lists: Buffer[][]): void => {
      length += chunk.length;
      if (length > mostOutput) killGroup(child);
      else for (const list of lists) list.push(chunk);
    };
    child.stdout?.on("data", (chunk: Buffer) => take(chunk, [all, out]));
    child.stderr?.on("data", (chunk: Buffer) => take(chunk, [all]));
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(options.input);
    const timer = setTimeout(() => {
      all.push(Buffer.from(`(killed after ${(options.timeout ?? usualTimeout) / 1000} s)\n`));
      killGroup(child);
    }, options.timeout ?? usualTimeout);
    const status = await new Promise<number | null>((resolve) => {
      child.once("error", (error) => {
        all.push(Buffer.from(`${program}: ${error.message}\n`));
        resolve(null);
      });
      child.once("close", (code) => resolve(code));
    });
    clearTimeout(timer);
    this.running.delete(child);
    if (this.stopped !== undefined) throw new Interrupted(this.stopped);
    return {
      ...(status === null ? {} : { status }),
      output: Buffer.concat(all).toString(),
      stdout: Buffer.concat(out).toString(),
    };
  }
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined || pid <= 1) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing of the group is left.
  }
}

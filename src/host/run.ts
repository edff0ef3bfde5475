// Runs another program and waits for it: by argv, never through a shell, with an end in time and a bound on what it may say.
import { type SpawnSyncReturns, spawnSync } from "node:child_process";

export interface RunOptions {
  /** The whole environment of the program. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Milliseconds; after them the program and its whole process group are killed. 5,000 if absent. */
  readonly timeout?: number;
  /** The most bytes of stdout, and of stderr; a program that says more is killed. 64 MiB if absent. */
  readonly maxOutput?: number;
  readonly input?: string | Buffer;
  /** To become this user first. Supplementary groups are dropped. */
  readonly uid?: number;
  readonly gid?: number;
}

export interface RunResult {
  /** The exit status; absent if the program could not be started or was killed. */
  readonly status?: number;
  readonly stdout: Buffer;
  readonly stderr: string;
  /** What killed it, if it did not exit. */
  readonly signal?: NodeJS.Signals;
  readonly timedOut: boolean;
  /** Why there is no exit status, in words. */
  readonly error?: string;
}

const seconds = (milliseconds: number): string => `${milliseconds / 1000} s`;

/**
 * Runs a program. Nothing is thrown if it is missing, fails, hangs or is killed: the result says so.
 * @param program an absolute path, or a name that is looked up on the PATH of `options.env`
 */
export function run(program: string, args: readonly string[], options: RunOptions): RunResult {
  const timeout = options.timeout ?? 5_000;
  let result: SpawnSyncReturns<Buffer>;
  try {
    result = spawnSync(program, args, {
      env: options.env as NodeJS.ProcessEnv,
      cwd: options.cwd ?? "/",
      timeout,
      killSignal: "SIGKILL",
      maxBuffer: options.maxOutput ?? 64 * 1024 * 1024,
      // A session of its own: it has no terminal to type into, and its process group can be killed as one.
      ...({ detached: true } as object),
      ...(options.input === undefined ? { stdio: ["ignore", "pipe", "pipe"] as const } : { input: options.input }),
      ...(options.uid === undefined ? {} : { uid: options.uid }),
      ...(options.gid === undefined ? {} : { gid: options.gid }),
    });
  } catch (error) {
    // Node throws for an argument that holds a NUL byte, for instance.
    return { stdout: Buffer.alloc(0), stderr: "", timedOut: false, error: (error as Error).message };
  }
  const code = (result.error as NodeJS.ErrnoException | undefined)?.code;
  if (code === "ETIMEDOUT" || code === "ENOBUFS") killGroup(result.pid);
  const error = problemOf(result, code, timeout);
  return {
    ...(result.status === null ? {} : { status: result.status }),
    ...(result.signal === null ? {} : { signal: result.signal }),
    stdout: result.stdout ?? Buffer.alloc(0),
    stderr: String(result.stderr ?? ""),
    timedOut: code === "ETIMEDOUT",
    ...(error === undefined ? {} : { error }),
  };
}

function problemOf(result: SpawnSyncReturns<Buffer>, code: string | undefined, timeout: number): string | undefined {
  if (code === "ETIMEDOUT") return `it did not finish in ${seconds(timeout)}`;
  if (code === "ENOBUFS") return "it printed too much";
  if (code === "ENOENT") return "there is no such program";
  if (code === "EACCES") return "it may not be executed";
  // A program that does not read its input is not a failure.
  if (code !== undefined && code !== "EPIPE") return `it could not be started (${code})`;
  return result.signal === null ? undefined : `it was killed by ${result.signal}`;
}

/** What the program started may outlive it; the group's ID cannot be given to others while one of them lives. */
function killGroup(pid: number): void {
  if (pid <= 1) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing of the group is left.
  }
}

/** The first line of what a program complained about, for a message. */
export function complaint(result: RunResult): string {
  if (result.error !== undefined) return result.error;
  const line = result.stderr.split("\n").find((text) => text.trim() !== "") ?? "";
  return line === "" ? `it exited with status ${result.status}` : line.trim().slice(0, 300);
}

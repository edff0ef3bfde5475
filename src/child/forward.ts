// Stands in for a command that runs as our child: signals that reach us reach it, and we end as it ended. signal(7), kill(2).
import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Environment } from "../host/container.ts";

/**
 * What can be caught and is meant for a program by somebody else: not what a fault of our own raises, what the terminal's driver
 * stops background readers with, what V8 or libuv use, or what cannot be caught. Node cannot listen to real-time signals:
 * those end us, and not the command.
 */
const forwarded = [
  ...(["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGWINCH", "SIGCONT", "SIGTSTP"] as const),
  ...(["SIGALRM", "SIGURG", "SIGIO", "SIGVTALRM", "SIGXCPU", "SIGXFSZ"] as const),
  ...(process.platform === "linux" ? (["SIGPWR"] as const) : []),
];

/** The terminal sends these to its whole foreground process group: to the command as well, which must not get them twice. */
const fromTerminal: ReadonlySet<NodeJS.Signals> = new Set(["SIGINT", "SIGQUIT", "SIGTSTP", "SIGWINCH"]);

/** How a command ended. */
export type Ending =
  | { readonly status: number }
  | { readonly signal: NodeJS.Signals }
  | { readonly error: NodeJS.ErrnoException };

export interface PlaceOptions {
  /** Our own streams if absent. */
  readonly stdio?: StdioOptions;
  readonly cwd?: string;
  /** Told of the child when it is there. */
  readonly started?: (child: ChildProcess) => void;
}

/**
 * Runs a file in our place, with our standard streams, in our process group, with default signal actions.
 * @param argv the first one is the name that the program is told
 */
export async function runInPlace(
  file: string,
  argv: readonly string[],
  env: Environment,
  options: PlaceOptions = {},
): Promise<Ending> {
  return standIn(() => {
    const child = spawn(file, argv.slice(1), {
      argv0: argv[0] as string,
      env: env as NodeJS.ProcessEnv,
      stdio: options.stdio ?? "inherit",
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    if (child.pid !== undefined) options.started?.(child);
    return child;
  });
}

/**
 * Stands in for a command until it has ended: passes signals on to it, in our process group.
 * @param start starts it, synchronously
 * @param onSignal is told of each signal that reached us, passed on or not
 */
export async function standIn(
  start: () => ChildProcess,
  onSignal: (signal: NodeJS.Signals) => void = () => undefined,
): Promise<Ending> {
  // Ours now: what else the program does on a signal (SIGINT ends it) must not be done while the command runs.
  for (const signal of forwarded) process.removeAllListeners(signal);
  let forward: (signal: NodeJS.Signals) => void = () => undefined;
  const listener = (signal: NodeJS.Signals): void => forward(signal);
  for (const signal of forwarded) process.on(signal, listener);
  try {
    const child = start();
    forward = (signal) => {
      onSignal(signal);
      pass(signal, child);
    };
    return await new Promise<Ending>((resolve) => {
      child.once("error", (error) => resolve({ error }));
      child.once("exit", (status, signal) => resolve(signal === null ? { status: status ?? 1 } : { signal }));
    });
  } finally {
    // The last listener that goes gives a signal its default action back.
    for (const signal of forwarded) process.removeListener(signal, listener);
  }
}

function pass(signal: NodeJS.Signals, child: { kill(signal: NodeJS.Signals): boolean }): void {
  const terminal = terminalOf();
  if (!(fromTerminal.has(signal) && terminal === "foreground")) child.kill(signal);
  // The shell that waits for us is told by our own stop; without a terminal nobody would wake us up again.
  if (signal === "SIGTSTP" && terminal !== "none") process.kill(process.pid, "SIGSTOP");
}

/** Whether we have a controlling terminal, and are its foreground process group: proc_pid_stat(5), tty_nr and tpgid. */
function terminalOf(): "none" | "foreground" | "background" {
  try {
    const stat = readFileSync("/proc/self/stat", "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [, , group, , terminal, foreground] = fields.map(Number);
    if (terminal === 0) return "none";
    return group === foreground ? "foreground" : "background";
  } catch {
    // No /proc: Ctrl-C comes to a terminal's programs only.
    return process.stdin.isTTY === true ? "foreground" : "none";
  }
}

/**
 * Ends this process by the signal, so that whoever waits for us sees what became of the command. As process 1 of a container the
 * kernel lets no signal without a handler through.
 * @returns the status that a shell would tell, 128 + the signal's number, if we are still there
 */
export async function dieBy(signal: NodeJS.Signals): Promise<number> {
  process.removeAllListeners(signal);
  takeDefault(signal);
  try {
    process.kill(process.pid, signal);
    await sleep(200);
  } catch {
    // Told by the status.
  }
  return 128 + constants.signals[signal];
}

/** Gives a signal its default action: node ignores SIGPIPE and keeps SIGUSR1 for its debugger. */
export function takeDefault(signal: NodeJS.Signals): void {
  if (signal === "SIGKILL" || signal === "SIGSTOP") return;
  const listener = (): void => undefined;
  process.on(signal, listener);
  process.removeListener(signal, listener);
}

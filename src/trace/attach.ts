// Watches what runs already, until it ends, the time is over, or Ctrl-C.
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "../context.ts";
import { UserError } from "../error.ts";
import { mountOf, readMounts } from "../host/mounts.ts";
import { systemPath } from "../host/system-path.ts";
import { systemProgram } from "../host/system-program.ts";
import { printable } from "../report/safe.ts";
import { BpftraceTracer } from "./bpftrace.ts";
import { Guard } from "./guard.ts";
import type { Backend } from "./means.ts";
import type { TraceOptions } from "./options.ts";
import { isAlive } from "./processes.ts";
import { makeFifo, StraceTracer, straceOptions } from "./strace.ts";
import type { Watching } from "./tracer.ts";

/** More control groups than these below one are not looked at. */
const mostGroups = 1_000;

/** @returns what was watched, in words */
export async function attachTo(
  options: TraceOptions,
  backend: Backend,
  watching: Watching,
  context: Context,
  mounted: boolean,
): Promise<string> {
  const { pid, cgroup } = options;
  const until = new Ending(options.for, pid);
  try {
    if (pid !== undefined) {
      if (!isAlive(pid)) throw new UserError(`there is no process ${pid}`, "give the number of one that runs");
      if (backend === "strace") await straceAttached(pid, watching, until, context);
      else await bpftraceAttached([pid, ...descendants(pid)], [], watching, until, context, mounted);
      return `process ${pid}`;
    }
    const path = resolve(context.cwd, cgroup ?? "");
    await bpftraceAttached([], groupsIn(path), watching, until, context, mounted);
    return `control group ${path}`;
  } finally {
    until.stop();
  }
}

/** The first of: a signal to us, the end of the time, the end of the process. */
class Ending {
  readonly over: Promise<void>;
  stop: () => void = () => undefined;

  constructor(seconds: number | undefined, pid: number | undefined) {
    this.over = new Promise((resolve) => {
      const end = (): void => resolve();
      process.removeAllListeners("SIGINT");
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);
      const timer = seconds === undefined ? undefined : setTimeout(end, seconds * 1000);
      const poll = setInterval(() => {
        if (pid !== undefined && !isAlive(pid)) resolve();
      }, 100);
      this.stop = () => {
        for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.removeListener(signal, end);
        clearTimeout(timer);
        clearInterval(poll);
      };
    });
  }
}

async function bpftraceAttached(
  pids: readonly number[],
  cgroups: readonly number[],
  watching: Watching,
  until: Ending,
  context: Context,
  mounted: boolean,
): Promise<void> {
  const guard = new Guard("", "");
  if (mounted) guard.tell("mounted", 1);
  try {
    const tracer = await BpftraceTracer.start({ pids, cgroups }, watching, (helper) => guard.tell("helper", helper));
    context.stderr.write("gomodcache: watching (Ctrl-C ends it)\n");
    await Promise.race([until.over, tracer.ended]);
    await tracer.finish();
  } finally {
    guard.done();
  }
}

async function straceAttached(pid: number, watching: Watching, until: Ending, context: Context): Promise<void> {
  const directory = mkdtempSync(`${context.env["TMPDIR"] ?? "/tmp"}/gomodcache-trace-`);
  const guard = new Guard("", directory);
  try {
    const fifo = makeFifo(directory);
    const tracer = new StraceTracer(fifo, watching);
    const argv = [...straceOptions(fifo, { errnos: watching.errnos, filter: false, onlyGo: false }), "-p", String(pid)];
    const child = spawn(systemProgram("strace") ?? "strace", argv, {
      detached: true,
      stdio: ["ignore", "ignore", "pipe"],
      env: { PATH: systemPath, LC_ALL: "C" },
    });
    let complaint = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      complaint = (complaint + chunk.toString()).slice(-1000);
    });
    const gone = new Promise<void>((resolve) => {
      child.once("error", () => resolve());
      child.once("exit", () => resolve());
    });
    if (child.pid !== undefined) guard.tell("helper", child.pid);
    if (!(await Promise.race([tracer.attached(pid), gone.then(() => false)])) && isAlive(pid))
      throw new UserError(
        `strace cannot attach to process ${pid}: ${printable(complaint.trim().split("\n")[0] ?? "")}`,
        "run it with sudo; a process has one tracer only (a debugger?), and kernel.yama.ptrace_scope=1 allows children only",
        4,
      );
    context.stderr.write("gomodcache: watching (Ctrl-C ends it)\n");
    await Promise.race([until.over, gone]);
    // It lets the process go.
    child.kill("SIGTERM");
    const isGone = await Promise.race([gone.then(() => true), sleep(3_000, false, { ref: false })]);
    // Without its filter a strace that is killed lets go as well.
    if (!isGone) child.kill("SIGKILL");
    child.stderr?.destroy();
    child.unref();
    await tracer.finish();
    tracer.close();
  } finally {
    guard.done();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The IDs of a control group and of those below it: the inode numbers of their directories (cgroup_id() of the kernel). */
function groupsIn(path: string): number[] {
  const mounts = readMounts();
  const mount = "value" in mounts ? mountOf(path, mounts.value) : undefined;
  if (mount?.type !== "cgroup2")
    throw new UserError(
      `${printable(path)} is in no cgroup2 file system`,
      "give a directory of it, such as /sys/fs/cgroup/system.slice/docker-ID.scope; --pid watches a container's first process",
    );
  const found: number[] = [];
  const look = (directory: string): void => {
    if (found.length >= mostGroups) return;
    found.push(statSync(directory).ino);
    for (const entry of readdirSync(directory, { withFileTypes: true }))
      if (entry.isDirectory()) look(`${directory}/${entry.name}`);
  };
  try {
    look(path);
  } catch (error) {
    throw new UserError(
      `${printable(path)} cannot be looked at: ${(error as NodeJS.ErrnoException).code}`,
      "look at its name",
    );
  }
  return found;
}

/** A process of a control group, or of one below it. */
export function anyProcessIn(path: string): number | undefined {
  try {
    const [first] = readFileSync(`${path}/cgroup.procs`, "latin1").split("\n");
    if (Number(first) > 0) return Number(first);
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const found = entry.isDirectory() ? anyProcessIn(`${path}/${entry.name}`) : undefined;
      if (found !== undefined) return found;
    }
  } catch {
    // Whether the group is there is asked when it is attached to.
  }
  return undefined;
}

/** What a process has started, as far as it still is its descendant. */
function descendants(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "latin1");
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
    } catch {
      // It ended meanwhile.
    }
  }
  const found = new Set([root]);
  for (let size = 0; size < found.size; ) {
    size = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  found.delete(root);
  return [...found];
}

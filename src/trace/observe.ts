// Observes a command, what runs already, or a saved trace, and explains what was refused.
import { existsSync } from "node:fs";
import { posix, resolve } from "node:path";
import type { Ending } from "../child/forward.ts";
import type { Context } from "../context.ts";
import { exitStatus, UserError } from "../error.ts";
import type { Facts } from "../facts/facts.ts";
import type { TraceReport } from "../finding/trace.ts";
import { parseGoCommand, runsPrograms } from "../gocache/go-command.ts";
import { openWorld, readFacts, readWho } from "../host/facts.ts";
import { readSelf, resolveSubject } from "../host/subject.ts";
import { UserDatabase } from "../host/users.ts";
import { drawChain } from "../permission/chain.ts";
import { areasOf } from "./areas.ts";
import { anyProcessIn, attachTo } from "./attach.ts";
import { Collector } from "./collector.ts";
import { areaOfRefused, explainRefusals } from "./explain.ts";
import { gateArgv, gateEnvironment } from "./gate.ts";
import { chooseBackend } from "./means.ts";
import { MountNamespaces } from "./mount-namespaces.ts";
import type { TraceOptions } from "./options.ts";
import { credentialsOf, Processes } from "./processes.ts";
import { attribute } from "./reading/attribute.ts";
import { denials } from "./reading/errnos.ts";
import { traceCommand } from "./run.ts";
import { readSavedTrace } from "./saved.ts";
import { mountTracefs } from "./tracefs.ts";

/** Runs the command under a tracer. @throws {UserError} if it cannot be run or traced */
export async function observeCommand(
  words: readonly string[],
  options: TraceOptions,
  context: Context,
): Promise<{ report: TraceReport; ending: Exclude<Ending, { error: unknown }> }> {
  const self = readSelf();
  const subject = resolveSubject(readWho(options.as), self, new UserDatabase());
  const other = options.as !== undefined && (self.subject.uid === 0 || !subject.self);
  if (other && self.subject.uid !== 0)
    throw new UserError(
      "--as runs the command as somebody else, which only root can",
      "run it with sudo",
      exitStatus.privilege,
    );
  const mounting = options.mountTracefs === true;
  const command = parseGoCommand(words);
  const { backend, filter } = chooseBackend(options.backend, "command", mounting);
  const unmount = backend === "bpftrace" && mounting ? mountTracefs() : undefined;
  const base = other ? subject.subject : self.subject;
  // Under strace's filter no_new_privs is set: who has no capability can never become somebody else.
  const fixed = backend === "strace" && filter && base.uid !== 0 && base.capabilities.size === 0;
  const processes = new Processes(base, fixed);
  const collector = new Collector(processes, new MountNamespaces());
  const notes: string[] = [];
  const env = other ? environmentOf(subject, context) : context.env;
  try {
    const { ending, printed } = await traceCommand(
      {
        argv: gateArgv(words, other ? base : undefined),
        env,
        cwd: context.cwd,
        backend,
        filter,
        onlyGo: command !== undefined && !runsPrograms(command),
        stderr: context.stderr,
        mounted: unmount !== undefined,
        onStart: (pid) => processes.remember(pid, words),
      },
      watching(options, collector, notes),
    );
    if ("error" in ending)
      throw new UserError(`${words[0]} could not be started: ${ending.error.message}`, "look at its path");
    const facts = factsFor(options, context, env);
    const failed = "signal" in ending || ending.status !== 0;
    const rest = "signal" in ending ? { signal: ending.signal } : { exitCode: ending.status };
    const report = conclude(collector, facts, env, options, context, { failed, printed }, notes);
    return { report: { argv: words, backend, ...rest, ...report }, ending };
  } finally {
    unmount?.();
  }
}

/** Watches a process or a control group that runs already. */
export async function observeRunning(options: TraceOptions, context: Context): Promise<TraceReport> {
  const mounting = options.mountTracefs === true;
  const { backend } = chooseBackend(options.backend, options.pid === undefined ? "cgroup" : "pid", mounting);
  const unmount = backend === "bpftrace" && mounting ? mountTracefs() : undefined;
  // What is gone before it can be looked at most likely was as the process that started it.
  const base = (options.pid === undefined ? undefined : credentialsOf(options.pid)) ?? readSelf().subject;
  const watched = options.pid ?? anyProcessIn(resolve(context.cwd, options.cgroup ?? ""));
  const collector = new Collector(new Processes(base, false), new MountNamespaces(watched));
  const notes: string[] = [];
  try {
    const target = await attachTo(
      options,
      backend,
      watching(options, collector, notes),
      context,
      unmount !== undefined,
    );
    const facts = factsFor(options, context, context.env);
    return { argv: [], target, backend, ...conclude(collector, facts, context.env, options, context, {}, notes) };
  } finally {
    unmount?.();
  }
}

/** Reads a trace that strace saved. */
export async function readSaved(options: TraceOptions, context: Context): Promise<TraceReport> {
  const facts = factsFor(options, context, context.env);
  const collector = new Collector(new Processes(facts.subject.subject, options.as !== undefined), undefined);
  const notes: string[] = [];
  const target = await readSavedTrace(options.straceFile ?? "", watching(options, collector, notes), context);
  if (options.as === undefined)
    notes.push("a saved trace does not tell who ran it: say so with --as, else it is taken for yours");
  return {
    argv: [],
    target,
    backend: "strace-file",
    ...conclude(collector, facts, context.env, options, context, {}, notes),
  };
}

/** The directory that holds the go.mod of a working directory. */
function projectOf(directory: string): string | undefined {
  for (let at = directory; ; at = posix.dirname(at)) {
    if (existsSync(`${at}/go.mod`)) return at;
    if (at === "/") return undefined;
  }
}

function watching(options: TraceOptions, collector: Collector, notes: string[]) {
  return {
    errnos: new Set([...denials, ...options.errno]),
    onFailure: collector.add.bind(collector),
    onNote: (note: string) => void notes.push(note),
  };
}

function environmentOf(subject: ReturnType<typeof resolveSubject>, context: Context) {
  const world = openWorld();
  const kernel = { protectedRegular: 0, protectedFifos: 0, protectedSymlinks: 0 };
  return gateEnvironment(
    subject,
    context.env,
    (path) => world.settle(() => drawChain(world, subject.subject, kernel, path, "write")).verdict === "yes",
  );
}

/** The facts as they are when all is over, for whom the command ran. GOMODCACHE is what the command was given. */
function factsFor(options: TraceOptions, context: Context, env: Context["env"]): Facts {
  const given = options.cacheDir ?? (options.as === undefined ? undefined : env["GOMODCACHE"]);
  return readFacts({
    environment: env,
    directory: context.cwd,
    ...(given ? { cacheDirectory: given } : {}),
    ...(options.as === undefined ? {} : { who: options.as }),
  });
}

function conclude(
  collector: Collector,
  facts: Facts,
  env: Context["env"],
  options: TraceOptions,
  context: Context,
  outcome: { failed?: boolean; printed?: string },
  notes: string[],
): Pick<TraceReport, "cache" | "findings" | "elsewhere" | "notes"> {
  const areas = areasOf(facts, env, projectOf(context.cwd));
  const all = collector.all();
  const absolute = all.filter(({ paths }) => paths.every(({ isAbsolute }) => isAbsolute));
  const located = absolute.filter(({ paths }) => paths.every(({ isElsewhere }) => isElsewhere !== true));
  const ours = located.filter(
    ({ paths }) => options.allPaths === true || paths.some((one) => areaOfRefused(one, areas) !== undefined),
  );
  const count = (some: readonly { count: number }[]): number => some.reduce((sum, one) => sum + one.count, 0);
  const relative = count(all) - count(absolute);
  const beyond = count(absolute) - count(located);
  if (beyond > 0)
    notes.push(
      `${beyond} denied calls are on files of a container that are not mounted here: run gomodcache why PATH in the container`,
    );
  if (relative > 0)
    notes.push(
      `${relative} denied calls name a path relative to a directory that the trace does not tell (strace -y tells it)`,
    );
  if (collector.overflow > 0)
    notes.push(`${collector.overflow} more denied calls were counted only: there were too many different ones`);
  return {
    cache: facts.cache.path,
    findings: attribute(explainRefusals(ours, facts, openWorld(), areas), outcome),
    elsewhere: count(located) - count(ours),
    notes,
  };
}

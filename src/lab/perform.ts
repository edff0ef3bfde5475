// Performs one experiment: the directory, the signals, the end.
import { arch, release, type } from "node:os";
import type { Context } from "../context.ts";
import type { Experiment } from "./experiment.ts";
import { Lab } from "./lab.ts";
import type { Need } from "./needs.ts";
import { makePlace, removePlace } from "./place.ts";
import { Interrupted } from "./program.ts";
import type { Claim, LabRecord, Shown } from "./record.ts";

export interface Performance {
  readonly record: LabRecord;
  readonly directory: string;
  /** Why something of the experiment is still there. */
  readonly left: readonly string[];
  /** The signal that ended it early. */
  readonly interrupted?: NodeJS.Signals;
}

export interface Audience {
  readonly onStart: (head: Omit<LabRecord, "steps" | "conclusions">) => void;
  readonly onStep: (number: number, title: string) => void;
  readonly onPart: (part: Shown | Claim) => void;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** @param keep leaves the directory there */
export async function perform(
  experiment: Experiment,
  options: { readonly keep: boolean; readonly startDaemon: boolean },
  audience: Audience,
  { env }: Context,
): Promise<Performance> {
  const directory = makePlace(env);
  const lab = new Lab({ directory, env, startDaemon: options.startDaemon, ...audience });
  // Ours now: SIGINT ends the program elsewhere, and would leave what is running.
  const before = signals.map((signal) => [signal, process.listeners(signal)] as const);
  const listeners = signals.map((signal) => [signal, () => lab.programs.stop(signal)] as const);
  for (const [signal, listener] of listeners) {
    process.removeAllListeners(signal);
    process.on(signal, listener);
  }
  let interrupted: NodeJS.Signals | undefined;
  const head = {
    name: experiment.name,
    summary: experiment.summary,
    method: experiment.method,
    versions: [`${type()} ${release().replace(/^(\d+\.\d+).*/, "$1")}`, arch()] as string[],
  };
  const left: string[] = [];
  try {
    head.versions.unshift(
      ...(await versionsOf(options.startDaemon ? [...experiment.needs, "dockerd"] : experiment.needs, lab)),
    );
    audience.onStart(head);
    await experiment.run(lab);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    interrupted = error.signal;
  } finally {
    left.push(...(await lab.close()));
    const kept = options.keep ? undefined : removePlace(directory);
    if (kept !== undefined) left.push(kept);
    for (const [signal, listener] of listeners) process.removeListener(signal, listener);
    for (const [signal, all] of before) for (const listener of all) process.on(signal, listener);
  }
  return {
    record: { ...head, ...lab.record() },
    directory,
    left,
    ...(interrupted === undefined ? {} : { interrupted }),
  };
}

/** What is experimented with: the first line of each program's own answer. */
async function versionsOf(needs: readonly Need[], lab: Lab): Promise<string[]> {
  const asked: Readonly<Record<string, readonly [string, ...string[]]>> = {
    go: [needs.includes("go") ? lab.go : "go", "version"],
    podman: ["podman", "--version"],
    runc: ["runc", "--version"],
    buildah: ["buildah", "--version"],
    dockerd: ["dockerd", "--version"],
  };
  const versions: string[] = [];
  for (const need of needs) {
    const argv = asked[need];
    if (argv === undefined) continue;
    const env = {
      HOME: lab.directory,
      GOTOOLCHAIN: "local",
      GOENV: "off",
      GOTELEMETRY: "off",
      GOCACHE: lab.at("none"),
    };
    const { stdout } = await lab.run(argv, { env });
    const [line = ""] = stdout.split("\n");
    versions.push(
      line
        .replace(/^go version (\S+).*/, "$1")
        .replace(/ version | \(image.*\)|, build.*/g, " ")
        .trim(),
    );
  }
  return versions.filter((version) => version !== "");
}

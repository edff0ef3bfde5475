// `run -- CMD`: a go command, unchanged and observed.
import { fstatSync } from "node:fs";
import { openEvents } from "../audit/events-place.ts";
import { type Observed, observe } from "../audit/observe.ts";
import { readOwnGo } from "../audit/own-go.ts";
import { dieBy } from "../child/forward.ts";
import type { Context } from "../context.ts";
import { UserError } from "../error.ts";
import { printable } from "../report/safe.ts";
import { writeStream } from "../ui/output.ts";

export interface RunOptions {
  /** A file, or false for --no-events. */
  readonly events?: string | false;
  /** False for --no-relay. */
  readonly relay: boolean;
  readonly retry: number;
  readonly verbose?: boolean;
}

/** Runs the command and takes over its exit status, or ends by the signal that ended it. */
export async function run(command: readonly string[], options: RunOptions, context: Context): Promise<number> {
  const { env, cwd } = context;
  const [name] = command;
  if (name === undefined)
    throw new UserError("there is no command after --", "give one, such as run -- go build ./...");
  const go = readOwnGo(env, undefined);
  const modcache = go.env["GOMODCACHE"];
  const events = openEvents({
    env,
    cwd,
    ...(options.events === undefined ? {} : { chosen: options.events }),
    ...(modcache === undefined ? {} : { modcache }),
  });
  const file = "file" in events ? events.file : undefined;
  const observed = await observe({
    command,
    env,
    cwd,
    events: file,
    go,
    relay: options.relay,
    retries: options.retry,
    canRepeat: canRepeatInput(),
    terminals: { stdout: context.stdout.isTTY === true, stderr: context.stderr.isTTY === true },
    say: (line) => void context.stderr.write(`gomodcache: ${printable(line)}\n`),
  });
  file?.close();
  if ("status" in observed) return told(name, observed, context);
  const ending = observed.attempts.at(-1)?.ending;
  if (ending !== undefined && "signal" in ending) return dieBy(ending.signal);
  return ending !== undefined && "status" in ending ? ending.status : 1;
}

async function told(name: string, { status, reason }: Extract<Observed, { status: number }>, context: Context) {
  const what = status === 127 ? "command not found" : "cannot be executed";
  await writeStream(context.stderr, `${printable(`gomodcache: ${name}: ${what}: ${reason}`)}\n`);
  return status;
}

/** A terminal gives what is typed next, and /dev/null nothing each time; a pipe or a file has been read. */
function canRepeatInput(): boolean {
  try {
    return fstatSync(0).isCharacterDevice();
  } catch {
    // Standard input is closed.
    return true;
  }
}

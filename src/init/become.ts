// Becomes a command as another user: what fixuid and gosu do at the start of a container.
import { spawnSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { type FoundCommand, findCommand, surelyStarts } from "../child/find-command.ts";
import { dieBy, runInPlace, takeDefault } from "../child/forward.ts";
import type { Context } from "../context.ts";
import { UserError } from "../error.ts";
import type { SubjectFacts } from "../facts/facts.ts";
import { toBytes } from "../host/bytes.ts";
import type { Environment } from "../host/container.ts";
import { printable } from "../report/safe.ts";
import { writeStream } from "../ui/output.ts";
import { dropTo } from "./drop.ts";

export interface BecomeRequest {
  /** The command and its arguments: at least one word. */
  readonly command: readonly string[];
  /** Who to become, as resolveSubject gives it; its umask does not count. */
  readonly owner: SubjectFacts;
  readonly umask: number;
  /** The module cache, for GOMODCACHE. Absolute. */
  readonly directory: string;
  /** False to stay the parent of the command, where node could become it. For tests. */
  readonly replace?: boolean;
}

type Execve = (file: string, argv: readonly string[], env: Environment) => never;

/**
 * Drops to the owner and becomes the command: groups, GID, UID, umask, then the command in place of this process.
 *
 * - Where node has process.execve (22.15, 23.11) and the file will surely start, this process becomes it: same PID, nothing of us
 *   stays. Else it runs as our child, gets the signals that we get, and we end as it ends: with its status, or by its signal
 *   (128 + its number as process 1, which no signal ends).
 * - A process that is not root and has the owner's UID keeps its GIDs.
 * - The environment is ours, but: GOMODCACHE is the cache. If the UID changes, USER and LOGNAME name the new user, or are gone
 *   where the UID has no name; HOME becomes the new user's home directory, or / without one, but only if the user cannot use
 *   the HOME that is set. gosu and su-exec always set HOME; an image that says ENV HOME=/app for whatever user has
 *   said more than /etc/passwd knows, while /root is of no use to anybody else.
 * - Standard streams are inherited, as blocking ones, and all signals have their default action. What node cannot give back:
 *   it raised the soft limit of open files to the hard one, and bytes of arguments and variables that are not UTF-8 are lost.
 * - As process 1 and parent of the command we reap no orphans: node waits for its own children only. Zombies of daemonized
 *   grandchildren stay until the container ends; `docker run --init` (or shareProcessNamespace in a pod) has a process 1 that reaps.
 *
 * @returns the exit status, if this process did not become the command: 127 if there is no such command, 126 if it cannot be
 * executed, both told on standard error
 * @throws {UserError} with status 4 if this process cannot give up its rights; the command is not run then, and this process must end
 */
export async function become(
  request: BecomeRequest,
  context: Pick<Context, "env" | "stdout" | "stderr">,
): Promise<number> {
  const { command, owner, umask, directory, replace = true } = request;
  const [name] = command;
  if (name === undefined) throw new UserError("there is no command after --", "give one, such as -- go build ./...");
  if (typeof toBytes(directory) !== "string" || directory.includes("\0"))
    throw new UserError(
      "the cache directory's name is not UTF-8: it cannot be given to a command",
      "choose a directory with an ordinary name",
    );
  // What this program still has to say comes before what the command says.
  await writeStream(context.stdout, "");
  await writeStream(context.stderr, "");
  const isOther = process.getuid?.() !== owner.subject.uid;
  dropTo(owner.subject);
  process.umask(umask);
  const env = environmentOf(owner, isOther, directory, context.env);
  const found = findCommand(name, env);
  if (!("file" in found)) return told(name, found, owner, context);
  const { execve } = process as { execve?: Execve };
  if (replace && execve !== undefined && surelyStarts(found.file)) {
    makeBlocking();
    takeDefault("SIGPIPE");
    execve.call(process, found.file, command, env);
  }
  const ending = await runInPlace(found.file, command, env);
  if ("status" in ending) return ending.status;
  if ("signal" in ending) return dieBy(ending.signal);
  const { code } = ending.error;
  const status = code === "ENOENT" ? 127 : 126;
  return told(name, { status, reason: reasonOf(code, found.file) }, owner, context);
}

function reasonOf(code: string | undefined, file: string): string {
  if (code === "ENOENT") return `the interpreter or loader that ${file} names does not exist`;
  if (code === "ENOEXEC") return `${file} is no program for this machine, nor a script that begins with #!`;
  return `${file} could not be started (${code})`;
}

async function told(
  name: string,
  { status, reason }: Extract<FoundCommand, { status: number }>,
  owner: SubjectFacts,
  { stderr }: Pick<Context, "stderr">,
): Promise<number> {
  const what = status === 127 ? "command not found" : "cannot be executed";
  const { uid, gid } = owner.subject;
  await writeStream(stderr, `${printable(`gomodcache: ${name}: ${what}, as user ${uid}:${gid}: ${reason}`)}\n`);
  return status;
}

/** To be called after the change of user: what that user can use is asked of the system. */
function environmentOf(owner: SubjectFacts, isOther: boolean, directory: string, former: Environment): Environment {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(former)) if (value !== undefined) env[name] = value;
  env["GOMODCACHE"] = directory;
  if (!isOther) return env;
  for (const name of ["USER", "LOGNAME"]) {
    if (owner.name === undefined) delete env[name];
    else env[name] = owner.name;
  }
  if (!isUsable(env["HOME"])) env["HOME"] = owner.home || "/";
  return env;
}

/** A home directory is of use if its user can make files in it: go keeps its build cache there. */
function isUsable(home: string | undefined): boolean {
  if (!home?.startsWith("/")) return false;
  try {
    accessSync(home, constants.W_OK | constants.X_OK);
    return statSync(home).isDirectory();
  } catch {
    return false;
  }
}

/**
 * Node makes pipes non-blocking when it writes to them, for everybody who shares them; few programs expect that. Node has no
 * fcntl(2), but each child that inherits a standard stream makes it blocking again before it executes anything (libuv,
 * uv__process_child_init). There is nothing to execute at "/".
 */
function makeBlocking(): void {
  spawnSync("/", [], { stdio: "inherit" });
}

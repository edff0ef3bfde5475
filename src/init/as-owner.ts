// Edits a file with the rights of its owner. A home directory is in its user's hands, who may put a link to another file, or
// another directory, in our way at any moment: with root's rights the edit could be led anywhere, with the user's own it can
// do nothing that the user could not do.
//
// Root does it in a child: one that hangs, on a file system that its user provides for instance, is killed. The child is
// started as root and drops its rights itself, after its code is loaded: node may stand in a directory that the user cannot
// read (/root/.nvm). It has no descriptor but its three pipes, and an empty environment. The user may disturb a process with
// the own UID, so that its answer is not trusted: it is only shown.
import { existsSync } from "node:fs";
import { type ExitStatus, exitStatus, UserError } from "../error.ts";
import { complaint, run } from "../host/run.ts";
import { editWord, isExecutable } from "../self.ts";
import type { Identity } from "./drop.ts";
import { type BlockEdit, type Edited, editBlock } from "./edit-file.ts";
import { appendGithub, type GithubEdit } from "./github-env.ts";

export type Edit = BlockEdit | GithubEdit;

/** What the child is told, as JSON. */
export interface Task {
  readonly identity: Identity;
  readonly umask: number;
  readonly edit: Edit;
}

/** What the child says, as JSON. */
export type Answer =
  | { readonly edited: Edited }
  | { readonly refused: { readonly message: string; readonly hint: string; readonly status: ExitStatus } };

/** Where the build puts the child's program, seen from the bundle's files. */
const editWorker = new URL("./init/edit-worker.js", import.meta.url);

/** Milliseconds for the child, node's start included. */
const timeout = 20_000;
/** The most bytes that the child may say. */
const maxOutput = 256 * 1024;

/** @throws {UserError} */
export function edit(task: Edit): Edited {
  return task.kind === "block" ? editBlock(task) : appendGithub(task);
}

/**
 * Does the edit as this user. What may be done where root is the user is for the caller to say.
 * @param umask for files and directories that are made
 * @param program the child's program, instead of that of the bundle
 * @throws {UserError}
 */
export function editAs(identity: Identity, umask: number, task: Edit, program: URL = editWorker): Edited {
  const self = process.geteuid?.();
  if (self === identity.uid) return withUmask(umask, () => edit(task));
  if (self !== 0) {
    throw new UserError(
      `only root can change files for user ${identity.uid}`,
      "run it as that user, or with sudo",
      exitStatus.privilege,
    );
  }
  if (!existsSync(program)) throw new Error(`${program.pathname} is missing: the package is incomplete`);
  const result = run(process.execPath, [isExecutable ? editWord : program.pathname], {
    env: {},
    timeout,
    maxOutput,
    input: JSON.stringify({ identity, umask, edit: task } satisfies Task),
  });
  const answer = result.status === 0 ? parse(result.stdout.toString()) : undefined;
  if (answer === undefined) {
    const reason = result.status === 0 ? "its answer makes no sense" : complaint(result);
    throw new UserError(
      `the edit as user ${identity.uid} failed: ${reason}`,
      "look at that user's home directory, or choose --persist none",
      exitStatus.incomplete,
    );
  }
  if ("edited" in answer) return answer.edited;
  throw new UserError(answer.refused.message, answer.refused.hint, answer.refused.status);
}

function withUmask<T>(umask: number, work: () => T): T {
  const before = process.umask(umask);
  try {
    return work();
  } finally {
    process.umask(before);
  }
}

/** An answer of the right shape, or undefined: the user can have made the child say anything. */
function parse(text: string): Answer | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { edited, refused } = (value ?? {}) as { edited?: Partial<Edited>; refused?: Record<string, unknown> };
  const isText = (part: unknown): part is string => typeof part === "string";
  if (edited && (edited.done === "written" || edited.done === "already") && isText(edited.path))
    return { edited: { done: edited.done, path: edited.path } };
  if (refused && isText(refused["message"]) && isText(refused["hint"])) {
    const status = refused["status"] === exitStatus.privilege ? exitStatus.privilege : exitStatus.usage;
    return { refused: { message: refused["message"], hint: refused["hint"], status } };
  }
  return undefined;
}

// Makes an owner's go commands use the cache from now on: go's own settings, the shell's start-up file, or the file of a CI step.
import { lstatSync } from "node:fs";
import { posix } from "node:path";
import type { Context } from "../context.ts";
import { UserError } from "../error.ts";
import type { SubjectFacts } from "../facts/facts.ts";
import { show, toBytes } from "../host/bytes.ts";
import { printable } from "../report/safe.ts";
import { editAs } from "./as-owner.ts";
import { homeOf, loginShell, nameOf, type Persisted, type PersistRequest, refuseReplaceable } from "./owner.ts";
import { persistInGo } from "./persist-go.ts";
import { exportLine, refuseControls, shellBlock } from "./shell-block.ts";
import { type StartFile, startFile } from "./start-file.ts";

export const persistWays = ["go-env", "shell", "github", "none"] as const;
export type PersistWay = (typeof persistWays)[number];

/**
 * Keeps the setting in the chosen way. Done a second time it changes nothing and says so.
 * What belongs to the owner is changed with the owner's rights, never with root's in the owner's stead.
 * @throws {UserError} if it cannot be kept that way; nothing is changed then
 */
export function persist(way: PersistWay, request: PersistRequest, context: Pick<Context, "env">): Persisted {
  switch (way) {
    case "go-env":
      return persistInGo(request, context);
    case "shell":
      return persistInShell(request, context);
    case "github":
      return persistForGithub(request, context);
    case "none":
      return { done: "none", where: "", message: notKept(request, context) };
  }
}

/** The line that makes the owner's login shell tell go where the cache is. */
export function lineToAdd(request: PersistRequest, context: Pick<Context, "env">): string {
  return exportLine(
    request.directory,
    posix.basename(loginShell(request, context)).endsWith("fish") ? "fish" : "posix",
  );
}

function notKept(request: PersistRequest, context: Pick<Context, "env">): string {
  const { directory, used, owner } = request;
  if (used === directory) return "";
  const now = used === undefined || used === "" ? "may use another cache" : `uses ${show(used)}`;
  return printable(
    `go of ${nameOf(owner)} ${now}, not ${show(directory)}, until this is set: ${lineToAdd(request, context)}`,
  );
}

function persistInShell(request: PersistRequest, context: Pick<Context, "env">): Persisted {
  const { directory, owner, umask } = request;
  refuseControls(directory);
  const home = homeOf(request, context);
  const file = startFile(loginShell(request, context), home, owner.self ? context.env : {}, directory);
  const octal = umask.toString(8).padStart(3, "0");
  const block = shellBlock({
    directory,
    dialect: file.dialect,
    command: request.command,
    ...(request.setUmask === true ? { umask: octal } : request.shared ? { umaskNote: octal } : {}),
  });
  if (owner.self && owner.subject.uid === 0) refuseReplaceable(file.path, request);
  const edited = editAs(
    owner.subject,
    owner.subject.umask,
    { kind: "block", path: file.path, home, block, line: exportLine(directory, file.dialect) },
    request.editProgram,
  );
  return { done: edited.done, where: edited.path, message: toldShell(edited.done, edited.path, file, owner) };
}

function toldShell(done: "written" | "already", path: string, file: StartFile, owner: SubjectFacts): string {
  const where = path === file.path ? show(path) : `${show(file.path)}, a link to ${show(path)},`;
  const what =
    done === "already"
      ? `${where} sets GOMODCACHE for ${nameOf(owner)} already`
      : `${where} sets GOMODCACHE for ${nameOf(owner)} now, in every shell that is started from here on`;
  return printable(file.caution === undefined ? what : `${what}; but ${file.caution}`);
}

function persistForGithub(request: PersistRequest, { env }: Pick<Context, "env">): Persisted {
  const path = env["GITHUB_ENV"];
  if (path === undefined || path === "" || !posix.isAbsolute(path)) {
    throw new UserError(
      path
        ? `GITHUB_ENV is no absolute path: ${printable(path)}`
        : "GITHUB_ENV is not set: this is no step of GitHub Actions",
      "choose --persist go-env, shell or none; under sudo, keep it with: sudo --preserve-env=GITHUB_ENV",
    );
  }
  const edited = editAs(
    ownerOf(path, request),
    0o077,
    { kind: "github", path, directory: request.directory },
    request.editProgram,
  );
  const message = edited.done === "already" ? "sets GOMODCACHE already" : "sets GOMODCACHE for the steps that follow";
  return { done: edited.done, where: path, message: printable(`GITHUB_ENV (${show(path)}) ${message}`) };
}

/** With whose rights the file is written. Root takes those of its owner: the directory may be another user's to change. */
function ownerOf(path: string, request: PersistRequest): { uid: number; gid: number; groups: number[] } {
  const own = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0, groups: process.getgroups?.() ?? [] };
  if (own.uid !== 0) return own;
  const stat = lstatSync(toBytes(path), { throwIfNoEntry: false });
  if (stat === undefined)
    throw new UserError(`GITHUB_ENV names ${show(path)}, which does not exist`, "choose another way to --persist");
  if (stat.uid !== 0) return { uid: stat.uid, gid: stat.gid, groups: [] };
  refuseReplaceable(path, request);
  return own;
}

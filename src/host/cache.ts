// The module cache as a whole: where it is, in which state, and what the subject may do with it.
import { posix } from "node:path";
import type { CacheFacts, CacheState, GoFacts } from "../facts/facts.ts";
import { Unseen } from "../permission/world.ts";
import type { Environment } from "./container.ts";
import { belowGoPath } from "./go-defaults.ts";
import { fill, type Stage } from "./outcome.ts";
import { readSpace } from "./space.ts";
import type { MachineWorld } from "./world.ts";

export interface CacheQuestion {
  /** The value of --cache-dir, absolute. */
  readonly chosen: string | undefined;
  /** The environment of the subject's go commands. */
  readonly variables: Environment;
  readonly go: GoFacts;
  readonly world: MachineWorld;
  readonly stage: Stage;
}

export function readCache(question: CacheQuestion): CacheFacts {
  const { world, stage } = question;
  const { path: given, origin } = locate(question);
  if (!posix.isAbsolute(given)) {
    return { path: given, realPath: given, origin, state: given === "" ? "unset" : "relative" };
  }
  const path = withoutTrailingSlash(posix.normalize(given));
  const real = world.realPath(path);
  if (real instanceof Unseen) return { path, realPath: path, origin, state: "unseen", unseen: real.reason };
  if (!posix.isAbsolute(real)) {
    const state: CacheState = real === "dangling" ? "dangling-link" : "missing";
    const above = existingAbove(path, world);
    return {
      path,
      realPath: path,
      origin,
      state,
      ...onFileSystem(above, world),
      creatable: stage.play((kernel) => kernel.mkdirAll(path, 0o777)),
      ...inWorkTree(above, world),
    };
  }
  const writable = stage.play((kernel) => {
    fill(kernel, path);
    fill(kernel, posix.join(path, "cache/download"));
  });
  // After the play, so that the entry has its ACL.
  const entry = world.whole(real);
  if (entry === "absent" || entry instanceof Unseen) {
    const unseen = entry === "absent" ? "it vanished while it was looked at" : entry.reason;
    return { path, realPath: real, origin, state: "unseen", unseen };
  }
  const isDirectory = entry.type === "directory";
  return {
    path,
    realPath: real,
    origin,
    state: isDirectory ? "directory" : "not-a-directory",
    entry,
    ...onFileSystem(real, world),
    ...(isDirectory ? { writable } : {}),
    ...inWorkTree(posix.dirname(real), world),
  };
}

function locate({ chosen, variables, go }: CacheQuestion): Pick<CacheFacts, "path" | "origin"> {
  if (chosen !== undefined) return { path: chosen, origin: "--cache-dir" };
  const variable = variables["GOMODCACHE"];
  if (variable) return { path: variable, origin: "GOMODCACHE" };
  const path = go.env["GOMODCACHE"] ?? "";
  const usual = belowGoPath(go.env["GOPATH"] ?? "", "pkg/mod");
  return { path, origin: go.source === "go env" || path !== usual ? "go env" : "default" };
}

function onFileSystem(path: string, world: MachineWorld): Pick<CacheFacts, "mount" | "space"> {
  const mount = world.mountAt(path);
  const space = world.look(path) instanceof Unseen ? undefined : readSpace(path);
  return { ...(mount === undefined ? {} : { mount }), ...(space === undefined ? {} : { space }) };
}

/** The innermost directory on the way to a path that exists, without links. */
export function existingAbove(path: string, world: MachineWorld): string {
  for (let at = path; at !== "/"; at = posix.dirname(at)) {
    const real = world.realPath(at);
    if (!(real instanceof Unseen) && posix.isAbsolute(real)) return real;
  }
  return "/";
}

/** `.git` is a directory, or a file in a work tree of `git worktree` or a submodule. */
function inWorkTree(from: string, world: MachineWorld): Pick<CacheFacts, "workTree"> {
  for (let at = from; ; at = posix.dirname(at)) {
    const git = world.look(posix.join(at, ".git"));
    if (git !== "absent" && !(git instanceof Unseen)) return { workTree: at };
    if (at === "/") return {};
  }
}

export function withoutTrailingSlash(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

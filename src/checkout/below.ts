// Module caches below a directory, whether git knows of them or not: those that are ignored end in images and archives too.
import { type Dirent, existsSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

export interface CachesBelow {
  /** Absolute, in order. */
  readonly caches: readonly string[];
  /** Directories that could not be listed and that, by their names, could be a module cache or a part of one. Absolute. */
  readonly closed: readonly string[];
  /** False if there were too many directories to look at all of them. */
  readonly complete: boolean;
}

/** More is no work tree. */
const mostDirectories = 200_000;

/** How people call a module cache and what is in it or above it. */
const likely = /^\.?(cache|download|go|go-?mod|go-?mod-?cache|go-?path|mod|modcache|pkg)$/i;

/**
 * Looks for directories with `cache/download` and `cache/lock`, as go makes them (cmd/go/internal/modfetch). Stays on the file system
 * and follows no links; `.git`, `node_modules` and what is in a cache are not looked into.
 */
export function cachesBelow(root: string): CachesBelow {
  const caches: string[] = [];
  const closed: string[] = [];
  const { dev } = lstatSync(root);
  const waiting = [root];
  let seen = 0;
  for (let at = waiting.pop(); at !== undefined && seen < mostDirectories; at = waiting.pop()) {
    seen += 1;
    let children: Dirent[];
    try {
      children = readdirSync(at, { withFileTypes: true });
    } catch {
      if (likely.test(at.slice(at.lastIndexOf("/") + 1))) closed.push(at);
      continue;
    }
    const isCache = existsSync(join(at, "cache/download")) && existsSync(join(at, "cache/lock"));
    if (isCache) caches.push(at);
    else
      for (const child of children) {
        if (!child.isDirectory() || child.name === ".git" || child.name === "node_modules") continue;
        const path = join(at, child.name);
        if (lstatSync(path, { throwIfNoEntry: false })?.dev === dev) waiting.push(path);
      }
  }
  return { caches: caches.sort(), closed: closed.sort(), complete: waiting.length === 0 };
}

// What is wrong with modules that somebody is deleting is no problem: go clean -modcache takes the records of all of them first, and
// their trees much later.
import { setTimeout } from "node:timers/promises";
import type { ModuleContent } from "../facts/content.ts";
import { escapePath } from "../gocache/escape.ts";
import type { PinnedDirectory } from "../tree/pinned-directory.ts";
import { isPresent } from "./check.ts";

/** Milliseconds between two looks, how many in a row must find the same, and when it is enough. */
const pause = 200;
const steadyLooks = 5;
const longest = 30_000;

/**
 * The modules that are still there. While a clean is under way it waits, until nothing goes any more; what an interrupted one has
 * left stays.
 * @param contents modules with problems
 */
export async function whatStays(
  cache: PinnedDirectory,
  contents: readonly ModuleContent[],
  signal?: AbortSignal,
): Promise<ModuleContent[]> {
  const stay = (from: readonly ModuleContent[]): ModuleContent[] =>
    from.filter(({ module, version }) =>
      isPresent(cache, { module: escapePath(module), version: escapePath(version) }),
    );
  let left = stay(contents);
  if (left.length === contents.length && !left.some(isOpened)) return left;
  let same = 0;
  for (let waited = 0; left.length > 0 && same < steadyLooks && waited < longest; waited += pause) {
    await setTimeout(pause);
    signal?.throwIfAborted();
    const now = stay(left);
    same = now.length === left.length ? same + 1 : 0;
    left = now;
  }
  return left;
}

/** modfetch.RemoveAll makes every directory 0777 before it deletes anything (cmd/go/internal/modfetch/fetch.go). */
function isOpened({ extracted }: ModuleContent): boolean {
  return extracted !== undefined && (extracted.mode & 0o777) === 0o777;
}

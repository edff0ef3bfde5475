// Finds the module versions of a cache: by the files in cache/download, and by the extracted trees, which are not entered.
import type { Stats } from "node:fs";
import { unescapePath } from "../gocache/escape.ts";
import { versionOf } from "../gocache/kind.ts";
import type { Missed } from "../tree/missed.ts";
import { type Pending, type Visitor, Walk, type WalkOptions } from "../tree/walk.ts";

/** A module version, escaped as it stands on disk. */
export interface Found {
  readonly module: string;
  readonly version: string;
  /** Bytes of its zip; 0 if it has none. */
  zipSize: number;
}

/** What a directory is to the search. */
interface Place {
  /** The path below `cache/download`, or below GOMODCACHE outside of `cache`. */
  readonly relative: string;
  readonly holds: "root" | "cache" | "downloads" | "versions" | "parents" | "nothing";
}

export interface Enumerated {
  readonly found: readonly Found[];
  readonly missed: Missed;
}

/** Names that a lock or a leftover alone gives no reason to look. */
const silent = /\.lock$/;

/**
 * @param cache GOMODCACHE without links
 * @param pause called every few milliseconds with the directory at hand; it may throw to end it
 */
export async function enumerate(
  cache: string,
  options: WalkOptions,
  pause: (path: string) => Promise<void>,
): Promise<Enumerated> {
  const finder = new Finder();
  const root: Place = { relative: "", holds: "root" };
  const walk = new Walk<Place>(finder, [{ path: cache, directory: root }], options);
  let next = performance.now() + slice;
  while (walk.advance(Number.POSITIVE_INFINITY, () => true)) {
    // What need not be listed is taken out before it is.
    const pending = walk.take(Number.POSITIVE_INFINITY);
    walk.giveBack(pending.filter(({ directory }: Pending<Place>) => directory.holds !== "nothing"));
    if (performance.now() < next) continue;
    await pause(walk.current);
    next = performance.now() + slice;
  }
  return { found: [...finder.found.values()], missed: walk.missed };
}

/** Milliseconds. */
const slice = 10;

class Finder implements Visitor<Place> {
  readonly found = new Map<string, Found>();

  enter(name: string, _path: string, _stats: unknown, { relative, holds }: Place): Place {
    const below = relative === "" ? name : `${relative}/${name}`;
    switch (holds) {
      case "root":
        if (name === "cache") return { relative: "", holds: "cache" };
        return this.outside(name, below);
      case "cache":
        return { relative: "", holds: name === "download" ? "downloads" : "nothing" };
      case "downloads":
        if (name === "@v") return { relative, holds: "versions" };
        return { relative: below, holds: below === "sumdb" || name.startsWith("@") ? "nothing" : "downloads" };
      case "parents":
        return this.outside(name, below);
      default:
        return { relative: below, holds: "nothing" };
    }
  }

  visit(name: string, { mode, size }: Pick<Stats, "mode" | "size">, { relative, holds }: Place): void {
    if (holds === "versions") {
      const version = silent.test(name) ? undefined : versionOf(name);
      if (version === undefined) return;
      const found = this.note(relative, version);
      if (found !== undefined && name.endsWith(".zip")) found.zipSize = size;
      return;
    }
    // A tree that is a link is one that could not be checked.
    if ((holds === "parents" || holds === "root") && (mode & 0o170000) === 0o120000) {
      this.outside(name, relative === "" ? name : `${relative}/${name}`);
    }
  }

  finish(): void {}

  /** A directory outside of `cache` is an extracted module, or leads to some. */
  private outside(name: string, relative: string): Place {
    const at = name.indexOf("@");
    if (at < 0) return { relative, holds: "parents" };
    const split = relative.length - name.length + at;
    if (at > 0) this.note(relative.slice(0, split), relative.slice(split + 1));
    return { relative, holds: "nothing" };
  }

  /** Names that go could not have written are none of its modules. */
  private note(module: string, version: string): Found | undefined {
    if (module === "" || unescapePath(module) === undefined || unescapePath(version) === undefined) return undefined;
    if (!version.startsWith("v")) return undefined;
    const key = `${module}@${version}`;
    let found = this.found.get(key);
    if (found === undefined) {
      found = { module, version, zipSize: 0 };
      this.found.set(key, found);
    }
    return found;
  }
}

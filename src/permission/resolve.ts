// Path resolution as path_resolution(7) describes it: each directory on the way must let the subject enter it.
import { mayAccess } from "./access.ts";
import type { Entry } from "./entry.ts";
import type { Subject } from "./subject.ts";
import { enforce, type KernelSettings, Refused, Unknowable, Unseen, type World } from "./world.ts";

export interface Resolved {
  /** The path without links on the way, and without a final link if links were followed. */
  readonly path: string;
  readonly entry: Entry | "absent";
  /** The directory that holds (or would hold) the entry. */
  readonly parent: { readonly path: string; readonly entry: Entry };
}

/** MAXSYMLINKS of include/linux/namei.h. */
const mostLinks = 40;
/** NAME_MAX and PATH_MAX of limits.h, in bytes. */
const longestName = 255;
const longestPath = 4095;

/** Called for each step of a resolution, so that a chain can be drawn. */
export type Step = (path: string, entry: Entry) => void;

export class Resolver {
  /** Directories that the subject may enter, by the path that was asked for: most paths share their parents. */
  private readonly entered = new Map<string, { path: string; entry: Entry }>();

  constructor(
    private readonly world: World,
    private readonly subject: Subject,
    private readonly settings: KernelSettings,
  ) {}

  /** Drops what is remembered, after something changed. */
  forget(): void {
    this.entered.clear();
  }

  /**
   * Resolves an absolute path.
   * @throws {Refused} if a directory on the way is missing, is none, or may not be entered
   * @throws {Unknowable} if that cannot be told
   */
  resolve(call: string, path: string, follow: boolean, step?: Step): Resolved {
    if (isLonger(path, longestPath)) throw tooLong(call, path);
    return this.walk(call, path, path, follow, { links: 0 }, step);
  }

  private walk(
    call: string,
    asked: string,
    path: string,
    follow: boolean,
    budget: { links: number },
    step?: Step,
  ): Resolved {
    const slash = path.lastIndexOf("/");
    const name = path.slice(slash + 1);
    if (name === "") {
      const root = this.look("/");
      if (root === "absent") throw new Unknowable("/", "it could not be read");
      step?.("/", root);
      return { path: "/", entry: root, parent: { path: "/", entry: root } };
    }
    if (isLonger(name, longestName)) throw tooLong(call, asked);
    const parent = this.enter(call, asked, slash === 0 ? "/" : path.slice(0, slash), budget, step);
    const real = parent.path === "/" ? `/${name}` : `${parent.path}/${name}`;
    const entry = this.look(real);
    if (entry === "absent") return { path: real, entry, parent };
    step?.(real, entry);
    if (entry.type !== "symlink" || !follow) return { path: real, entry, parent };
    return this.followLink(call, asked, { path: real, entry, parent }, budget, step);
  }

  private followLink(
    call: string,
    asked: string,
    link: Resolved & { entry: Entry },
    budget: { links: number },
    step?: Step,
  ): Resolved {
    budget.links += 1;
    const at = { path: link.path, entry: link.entry };
    if (budget.links > mostLinks) {
      throw new Refused(call, asked, "ELOOP", {
        ...at,
        need: "follow",
        by: "link-count",
        because: "too many symbolic links follow each other",
      });
    }
    const directory = link.parent.entry;
    const guarded = this.settings.protectedSymlinks > 0 && (directory.mode & 0o1002) === 0o1002;
    if (guarded && link.entry.uid !== this.subject.uid && link.entry.uid !== directory.uid) {
      const because = `fs.protected_symlinks=1 forbids following user ${link.entry.uid}'s link in a sticky world-writable directory`;
      throw new Refused(call, asked, "EACCES", { need: "follow", by: "protected-symlinks", because, ...at });
    }
    const target = this.world.target(link.path);
    if (target instanceof Unseen) throw new Unknowable(link.path, target.reason);
    if (/[^/.][^/]*\/\.\.(\/|$)/.test(target))
      throw new Unknowable(link.path, `its target ${target} goes up again after going down`);
    return this.walk(call, asked, normalise(link.parent.path, target), true, budget, step);
  }

  /** The directory behind a path, which the subject may enter. */
  private enter(
    call: string,
    asked: string,
    path: string,
    budget: { links: number },
    step?: Step,
  ): { path: string; entry: Entry } {
    const known = step === undefined ? this.entered.get(path) : undefined;
    if (known !== undefined) return known;
    const resolved = this.walk(call, asked, path, true, budget, step);
    if (resolved.entry === "absent") {
      throw new Refused(call, asked, "ENOENT", {
        path: resolved.path,
        need: "exist",
        by: "absent",
        because: "it does not exist",
      });
    }
    const at = { path: resolved.path, entry: resolved.entry };
    if (resolved.entry.type !== "directory") {
      throw new Refused(call, asked, "ENOTDIR", { need: "type", by: "type", because: "it is not a directory", ...at });
    }
    enforce(mayAccess(resolved.entry, this.subject, "execute"), call, asked, at, "execute");
    this.entered.set(path, at);
    return at;
  }

  private look(path: string): Entry | "absent" {
    const seen = this.world.look(path);
    if (seen instanceof Unseen) throw new Unknowable(path, seen.reason);
    return seen;
  }
}

/** Counts bytes only where they could matter: a UTF-16 unit is three bytes of UTF-8 at most. */
function isLonger(text: string, bytes: number): boolean {
  return text.length * 3 > bytes && new TextEncoder().encode(text).length > bytes;
}

function tooLong(call: string, path: string): Refused {
  return new Refused(call, path, "ENAMETOOLONG", { path, need: "exist", by: "type", because: "the name is too long" });
}

/** Joins a directory and a link's target. Leading `..` are taken textually, which is exact because the directory is free of links. */
export function normalise(directory: string, target: string): string {
  const parts = target.startsWith("/") ? [] : directory.split("/").filter((part) => part !== "");
  for (const part of target.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return `/${parts.join("/")}`;
}

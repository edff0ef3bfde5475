// System calls, played for one subject over a file system that is only looked at: what would open(2), mkdir(2), unlink(2),
// rename(2), chmod(2) answer? What they would create or remove is remembered in an overlay, so that a program's next call sees it.
import { mayAccess, mayOpen } from "./access.ts";
import { chmodEntry, createdEntry } from "./creation.ts";
import type { Entry } from "./entry.ts";
import { mayChangeMode, mayCreateInSticky, mayLook, mayMake, mayUnlink } from "./ownership.ts";
import { type Resolved, Resolver } from "./resolve.ts";
import type { Subject } from "./subject.ts";
import { enforce, type KernelSettings, Refused, refusal, Unknowable, Unseen, type World } from "./world.ts";

export interface OpenFlags {
  readonly read?: boolean;
  readonly write?: boolean;
  readonly create?: boolean;
  readonly exclusive?: boolean;
  /** Mode of a file that is created, before the umask. */
  readonly mode?: number;
}

/** Every method returns normally if the system call would succeed; it throws Refused if it would fail, Unknowable if that cannot be told. */
export class Kernel {
  private readonly resolver: Resolver;
  private readonly overlay = new Map<string, Entry | "absent">();

  constructor(
    private readonly world: World,
    readonly subject: Subject,
    private readonly settings: KernelSettings,
  ) {
    const seen: World = {
      look: (path) => this.overlay.get(path) ?? this.world.look(path),
      names: (path) => this.world.names(path),
      target: (path) => this.world.target(path),
    };
    this.resolver = new Resolver(seen, subject, settings);
  }

  /** stat(2): the entry that the path leads to, links followed. */
  stat(path: string): Entry {
    return this.look("stat", path, true);
  }

  lstat(path: string): Entry {
    return this.look("lstat", path, false);
  }

  private look(call: "stat" | "lstat", path: string, follow: boolean): Entry {
    const resolved = this.resolver.resolve(call, path, follow);
    const entry = this.present(call, path, resolved);
    enforce(mayLook(entry, this.subject), call, path, { path: resolved.path, entry }, "read");
    return entry;
  }

  /** The path with links resolved in its directory, but not its last component. */
  realParent(path: string): string {
    return this.resolver.resolve("lstat", path, false).path;
  }

  /** open(2). @returns the entry that was opened or created */
  open(path: string, flags: OpenFlags): Entry {
    const resolved = this.resolver.resolve("open", path, !(flags.create === true && flags.exclusive === true));
    if (resolved.entry === "absent") {
      if (flags.create !== true) return this.present("open", path, resolved);
      return this.make("open", path, resolved, { type: "file", mode: flags.mode ?? 0o666 });
    }
    const at = { path: resolved.path, entry: resolved.entry };
    if (flags.create === true && flags.exclusive === true)
      throw refusal("open", path, at, "EEXIST", "exist", "it exists already");
    if (resolved.entry.type === "directory" && (flags.write === true || flags.create === true)) {
      throw refusal("open", path, at, "EISDIR", "type", "it is a directory");
    }
    if (resolved.entry.type === "fifo")
      throw new Unknowable(resolved.path, "it is a FIFO: opening it waits for another process");
    if (resolved.entry.type === "socket") throw refusal("open", path, at, "ENXIO", "type", "it is a socket");
    if (flags.create === true)
      enforce(
        mayCreateInSticky(resolved.parent, resolved.entry, this.subject, this.settings.protectedRegular),
        "open",
        path,
        at,
        "write",
      );
    if (flags.read === true) enforce(mayAccess(resolved.entry, this.subject, "read"), "open", path, at, "read");
    if (flags.write === true) {
      const decision = mayOpen(resolved.entry, this.subject, flags.read === true ? ["read", "write"] : ["write"]);
      enforce(decision, "open", path, at, "write");
      if (resolved.entry.appendOnly === true)
        throw refusal("open", path, at, "EPERM", "write", "it is append-only (chattr +a)");
    }
    return resolved.entry;
  }

  /** execve(2), as far as permissions go. */
  execute(path: string): void {
    const resolved = this.resolver.resolve("execve", path, true);
    const entry = this.present("execve", path, resolved);
    enforce(mayAccess(entry, this.subject, "execute"), "execve", path, { path: resolved.path, entry }, "execute");
  }

  /** opendir(3) and readdir(3). @returns the names */
  readDirectory(path: string): string[] {
    const resolved = this.resolver.resolve("open", path, true);
    const entry = this.present("open", path, resolved);
    const at = { path: resolved.path, entry };
    if (entry.type !== "directory") throw refusal("readdir", path, at, "ENOTDIR", "type", "it is not a directory");
    enforce(mayAccess(entry, this.subject, "read"), "open", path, at, "read");
    const names =
      this.overlay.has(resolved.path) && this.world.look(resolved.path) === "absent"
        ? []
        : this.world.names(resolved.path);
    if (names instanceof Unseen) throw new Unknowable(resolved.path, names.reason);
    const prefix = resolved.path === "/" ? "/" : `${resolved.path}/`;
    const listed = new Set(names);
    for (const [overlaid, state] of this.overlay) {
      if (!overlaid.startsWith(prefix) || overlaid.indexOf("/", prefix.length) >= 0) continue;
      if (state === "absent") listed.delete(overlaid.slice(prefix.length));
      else listed.add(overlaid.slice(prefix.length));
    }
    return [...listed];
  }

  mkdir(path: string, mode: number): Entry {
    const resolved = this.resolver.resolve("mkdir", path, false);
    if (resolved.entry !== "absent") {
      throw refusal(
        "mkdir",
        path,
        { path: resolved.path, entry: resolved.entry },
        "EEXIST",
        "exist",
        "it exists already",
      );
    }
    return this.make("mkdir", path, resolved, { type: "directory", mode });
  }

  /** os.MkdirAll of Go: stat first, then each missing parent. */
  mkdirAll(path: string, mode: number): void {
    try {
      const entry = this.stat(path);
      if (entry.type === "directory") return;
      throw refusal("mkdir", path, { path, entry }, "ENOTDIR", "type", "it is not a directory");
    } catch (error) {
      if (!(error instanceof Refused) || error.call === "mkdir") throw error;
    }
    const parent = path.slice(0, path.lastIndexOf("/"));
    if (parent !== "") this.mkdirAll(parent, mode);
    try {
      this.mkdir(path, mode);
    } catch (error) {
      if (!(error instanceof Refused) || error.errno !== "EEXIST") throw error;
      // os.MkdirAll is content if a directory is there after all; else it reports mkdir's error.
      if (this.lstat(path).type !== "directory") throw error;
    }
  }

  /** unlink(2) or rmdir(2), whichever fits. */
  remove(path: string): void {
    const resolved = this.resolver.resolve("unlink", path, false);
    const entry = this.present("unlink", path, resolved);
    this.mayDelete("unlink", path, resolved, entry);
    if (entry.type === "directory") {
      if (this.hasChildren(resolved.path)) {
        throw refusal("rmdir", path, { path: resolved.path, entry }, "ENOTEMPTY", "exist", "it is not empty");
      }
      this.resolver.forget();
    }
    this.overlay.set(resolved.path, "absent");
  }

  /** rename(2) of a file within one file system. */
  rename(from: string, to: string): void {
    const source = this.resolver.resolve("rename", from, false);
    const moved = this.present("rename", from, source);
    this.mayDelete("rename", from, source, moved);
    const target = this.resolver.resolve("rename", to, false);
    // macOS asks for the new name even where it replaces another.
    if (target.entry === "absent" || target.entry.darwin !== undefined)
      this.mayCreate("rename", to, target, moved.type);
    if (target.entry !== "absent") this.mayDelete("rename", to, target, target.entry);
    this.overlay.set(source.path, "absent");
    this.overlay.set(target.path, moved);
  }

  /** Takes a tree as removed, after its removal was played elsewhere. */
  assumeRemoved(path: string): void {
    this.overlay.set(this.realParent(path), "absent");
    this.resolver.forget();
  }

  chmod(path: string, mode: number): void {
    const resolved = this.resolver.resolve("chmod", path, true);
    const entry = this.present("chmod", path, resolved);
    // The kernel of macOS asks for nothing if nothing changes (vnode_authattr() in bsd/vfs/vfs_subr.c).
    if (entry.darwin !== undefined && entry.mode === (mode & 0o7777)) return;
    enforce(mayChangeMode(entry, this.subject), "chmod", path, { path: resolved.path, entry }, "chmod");
    this.overlay.set(resolved.path, chmodEntry(entry, mode));
    this.resolver.forget();
  }

  private hasChildren(path: string): boolean {
    const names = this.world.look(path) === "absent" ? [] : this.world.names(path);
    if (names instanceof Unseen) throw new Unknowable(path, names.reason);
    if (names.some((name) => this.overlay.get(`${path}/${name}`) !== "absent")) return true;
    for (const [overlaid, state] of this.overlay) {
      if (state !== "absent" && overlaid.startsWith(`${path}/`)) return true;
    }
    return false;
  }

  private make(
    call: string,
    path: string,
    resolved: Resolved,
    created: { type: "file" | "directory"; mode: number },
  ): Entry {
    const parent = this.mayCreate(call, path, resolved, created.type);
    const entry = createdEntry(parent, this.subject, created);
    this.overlay.set(resolved.path, entry);
    this.resolver.forget();
    return entry;
  }

  /** The directory must let the subject write and enter it. @returns the directory */
  private mayCreate(call: string, path: string, resolved: Resolved, type: Entry["type"]): Entry {
    const at = resolved.parent;
    enforce(mayMake(at.entry, this.subject, type), call, path, at, "create");
    return at.entry;
  }

  private mayDelete(call: string, path: string, resolved: Resolved, entry: Entry): void {
    const { by, decision } = mayUnlink(resolved.parent.entry, entry, this.subject);
    enforce(decision, call, path, by === "directory" ? resolved.parent : { path: resolved.path, entry }, "delete");
  }

  private present(call: string, path: string, resolved: Resolved): Entry {
    if (resolved.entry !== "absent") return resolved.entry;
    throw new Refused(call, path, "ENOENT", {
      path: resolved.path,
      need: "exist",
      by: "absent",
      because: "it does not exist",
    });
  }
}

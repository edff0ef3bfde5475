// modfetch.RemoveAll: chmod 0777 on every directory (errors ignored), then os.RemoveAll (os/removeall_at.go).
import { mayAccess } from "../permission/access.ts";
import { chmodEntry } from "../permission/creation.ts";
import type { Entry } from "../permission/entry.ts";
import type { Kernel } from "../permission/kernel.ts";
import { mayChangeMode, mayUnlink } from "../permission/ownership.ts";
import type { Subject } from "../permission/subject.ts";
import { enforce, Unknowable, Unseen, type World } from "../permission/world.ts";

/**
 * Plays the removal of a tree. An absent tree is success.
 * @throws {Refused} for the first entry that stays
 * @throws {Unknowable} if a directory's content cannot be seen
 */
export function removeAll(kernel: Kernel, world: World, path: string): void {
  const slash = path.lastIndexOf("/");
  const parentPath = slash === 0 ? "/" : path.slice(0, slash);
  if (world.look(path) === "absent") return;
  const entry = kernel.lstat(path);
  const parent = kernel.stat(parentPath);
  const remover = new Remover(world, kernel.subject);
  if (entry.type === "directory" && remover.hasEntries(path)) {
    // os.RemoveAll opens the parent for reading unless a plain remove was enough.
    kernel.readDirectory(parentPath);
  }
  remover.remove({ path: parentPath, entry: parent }, { path: kernel.realParent(path), entry });
}

class Remover {
  constructor(
    private readonly world: World,
    private readonly subject: Subject,
  ) {}

  remove(parent: At, at: At): void {
    if (at.entry.type === "directory") this.removeContent(at);
    this.unlink(parent, at);
  }

  hasEntries(path: string): boolean {
    const names = this.world.names(path);
    return names instanceof Unseen || names.length > 0;
  }

  private removeContent(at: At): void {
    const opened = this.afterChmod(at.entry);
    const names = this.world.names(at.path);
    if (names instanceof Unseen) throw new Unknowable(at.path, names.reason);
    if (names.length === 0) return;
    enforce(mayAccess(opened, this.subject, "read"), "open", at.path, { path: at.path, entry: opened }, "read");
    for (const name of names) {
      const path = at.path === "/" ? `/${name}` : `${at.path}/${name}`;
      const entry = this.world.look(path);
      if (entry === "absent") continue;
      if (entry instanceof Unseen) throw new Unknowable(path, entry.reason);
      enforce(mayAccess(opened, this.subject, "execute"), "unlink", path, { path: at.path, entry: opened }, "execute");
      this.remove({ path: at.path, entry: opened }, { path, entry });
    }
  }

  private afterChmod(entry: Entry): Entry {
    return mayChangeMode(entry, this.subject).verdict === "yes" ? chmodEntry(entry, 0o777) : entry;
  }

  private unlink(parent: At, at: At): void {
    const call = at.entry.type === "directory" ? "rmdir" : "unlink";
    const { by, decision } = mayUnlink(parent.entry, at.entry, this.subject);
    enforce(decision, call, at.path, by === "directory" ? parent : at, "delete");
  }
}

interface At {
  readonly path: string;
  readonly entry: Entry;
}

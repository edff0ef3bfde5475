// The way from the root down to the directory at hand, each directory opened from the one above it, on the root's own mount.
import { closeSync } from "node:fs";
import { show } from "../host/bytes.ts";
import { type Undone, undone } from "./change.ts";
import { mountIdOf, pinDirectory, sitting } from "./pin.ts";
import type { Root } from "./root.ts";

/** How many directories deep a cache can be. */
export const deepest = 256;

/** A way that leads out of the tree. */
class Strayed extends Error {
  override readonly name = "Strayed";
}

export class Way {
  private readonly opened: { readonly name: string; readonly fd: number }[] = [];

  constructor(private readonly root: Root) {}

  /** Pins a directory by its names below the root. The descriptor is the way's own, until the next call. */
  enter(names: readonly string[]): number | Undone {
    try {
      return sitting(() => this.go(names));
    } catch (error) {
      return error instanceof Strayed ? { status: "skipped", reason: error.message } : undone(error);
    }
  }

  private go(names: readonly string[]): number {
    const { opened } = this;
    let same = 0;
    while (same < opened.length && same < names.length && opened[same]?.name === names[same]) same += 1;
    for (const { fd } of opened.splice(same)) closeSync(fd);
    if (names.length > deepest) throw new Strayed(`it lies more than ${deepest} directories deep`);
    for (const name of names.slice(same)) {
      const fd = pinDirectory(opened.at(-1)?.fd ?? this.root.fd, name);
      // The mount is asked for first: what is mounted there may never answer anything else.
      if (mountIdOf(fd) !== this.root.mountId) {
        closeSync(fd);
        throw new Strayed(`another file system is mounted on ${show(name)}`);
      }
      opened.push({ name, fd });
    }
    return opened.at(-1)?.fd ?? this.root.fd;
  }

  close(): void {
    for (const { fd } of this.opened.splice(0)) closeSync(fd);
  }
}

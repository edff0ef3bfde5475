// What a walk could not see. All of it is counted, the first of it is named.

/** Something that could not be looked at, and why. */
export interface Unread {
  readonly path: string;
  readonly reason: string;
}

/** How many are named. */
const mostNamed = 20;

export class Missed {
  /** Entries that were listed and then gone: somebody is deleting. */
  vanished = 0;
  /** Directories that could not be listed, and entries that could not be looked at. */
  unreadCount = 0;
  unread: Unread[] = [];
  /** Other file systems that were left out. */
  mountCount = 0;
  mounts: string[] = [];

  /** Notes the error of a system call. @throws the error again if it is none */
  note(path: string, error: unknown, what: string): void {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (code === "ENOENT" || code === "ENOTDIR") {
      this.vanished += 1;
      return;
    }
    this.unreadCount += 1;
    if (this.unread.length < mostNamed) this.unread.push({ path, reason: `${what} (${code})` });
  }

  leaveOut(mount: string): void {
    this.mountCount += 1;
    if (this.mounts.length < mostNamed) this.mounts.push(mount);
  }

  /** Adds what another thread missed. */
  add(other: Readonly<Pick<Missed, "vanished" | "unreadCount" | "unread" | "mountCount" | "mounts">>): void {
    this.vanished += other.vanished;
    this.unreadCount += other.unreadCount;
    this.unread = [...this.unread, ...other.unread].slice(0, mostNamed);
    this.mountCount += other.mountCount;
    this.mounts = [...this.mounts, ...other.mounts].slice(0, mostNamed);
  }
}

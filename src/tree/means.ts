// How entries are held fast while they are changed: what differs between systems, chosen once (`pin.ts`).

/** The system calls that a change is made of. A `directory` or `fd` is a descriptor that one of the `pin…` functions gave. */
export interface Means {
  /** True if descriptors of one thread serve all of them, so that several can change one tree. */
  readonly servesThreads: boolean;
  /** True if this was run as root against attackers on the system that it is made for. */
  readonly isProvenForRoot: boolean;
  /** Pins the file system's root. @throws if there is nothing by which entries can be reached through it */
  pinTop(): number;
  /** Pins an entry of whatever type; a link is pinned itself. @throws ENOENT and the like, {@link Unpinnable} */
  pin(directory: number, name: string): number;
  /** Pins a directory. @throws ENOTDIR or ELOOP if it is a link or anything else */
  pinDirectory(directory: number, name: string): number;
  /** Another descriptor of a pinned directory. */
  pinAgain(directory: number): number;
  /** The path, as node:fs takes it, of a name in a pinned directory; good until the next call, and only in a `sitting`. */
  pathAt(directory: number, name: string): string | Buffer;
  chmod(fd: number, mode: number): void;
  chown(fd: number, uid: number, gid: number): void;
  /** What tells the file systems of a tree apart. */
  mountIdOf(fd: number): number;
  /** How many descriptors may be open for a start. */
  mostPinned(most: number): number;
  /** The working directory for a child that is to be in a pinned directory; undefined if there is none, and a sitting has to do. */
  childDirectory(directory: number): string | undefined;
  /** Does synchronous work with pinned entries, and leaves the process as it was. */
  sitting<T>(work: () => T): T;
}

/** An entry that these means cannot pin; the message says why. */
export class Unpinnable extends Error {
  override readonly name = "Unpinnable";
  constructor(
    message: string,
    /** As of a system call. */
    readonly code: string,
  ) {
    super(message);
  }
}

/** A name, never a path: what a plan or a journal says must not lead out of the directory. */
export function checkedName(name: string): string {
  if (name === "" || name === "." || name === ".." || name.includes("/") || name.includes("\0"))
    throw new Error(`${JSON.stringify(name)} is not the name of an entry`);
  return name;
}

// Puts failed calls together: the same call of the same user on the same path is one, however often it was made.
import { posix } from "node:path";
import { fromBytes } from "../host/bytes.ts";
import type { MountNamespaces } from "./mount-namespaces.ts";
import type { Processes, Seen } from "./processes.ts";
import type { FailedCall, Wanted, WantedPath } from "./reading/call.ts";

export interface Refusal {
  readonly call: string;
  readonly errno: string;
  /** One, or two of which either may have been refused. */
  readonly paths: readonly RefusedPath[];
  readonly seen: Seen;
  readonly first: string | undefined;
  count: number;
}

export interface RefusedPath {
  /** Absolute, or as the program gave it if that is not known. */
  readonly path: string;
  /** The path as the program sees it, if that is another one: it is in a mount namespace of its own. */
  readonly inside?: string;
  /** True if nothing here is that path. */
  readonly isElsewhere?: true;
  readonly isAbsolute: boolean;
  readonly wanted: Wanted;
  readonly cut: boolean;
}

/** Different refusals that are kept; what comes after is only counted. */
const most = 20_000;

export class Collector {
  private readonly refusals = new Map<string, Refusal>();
  /** Refused calls that were not kept. */
  overflow = 0;

  /** @param namespaces given if the processes may still be there */
  constructor(
    private readonly processes: Processes,
    private readonly namespaces: MountNamespaces | undefined,
  ) {}

  private get live(): boolean {
    return this.namespaces !== undefined;
  }

  add(call: FailedCall): void {
    const paths = call.paths.map((path) => this.located(path, call.tid));
    const who =
      call.ids === undefined
        ? this.whoseOf(call.tid) + (call.changed === undefined ? "" : JSON.stringify(call.changed))
        : `${call.ids.uid}:${call.ids.gid}`;
    const names = paths.map(({ path }) => withoutDraw(path)).join("\0");
    const key = `${call.call}\0${call.errno}\0${who}\0${names}`;
    const known = this.refusals.get(key);
    if (known !== undefined) {
      known.count += 1;
      return;
    }
    if (this.refusals.size >= most) {
      this.overflow += 1;
      return;
    }
    const seen = this.processes.see(this.live ? call.tid : undefined, {
      ...(call.pid === undefined ? (this.live || call.tid === undefined ? {} : { pid: call.tid }) : { pid: call.pid }),
      ...(call.comm === undefined ? {} : { comm: call.comm }),
      ...(call.ids === undefined ? {} : { ids: call.ids }),
      ...(call.changed === undefined ? {} : { changed: call.changed }),
    });
    const first = timeOf(call.time, this.live);
    this.refusals.set(key, { call: call.call, errno: call.errno, paths, seen, first, count: 1 });
  }

  /** In the order of their first time. */
  all(): Refusal[] {
    return [...this.refusals.values()];
  }

  /** What tells the users of threads apart. */
  private whoseOf(tid: number | undefined): string {
    return this.live && tid !== undefined ? this.processes.whose(tid) : "";
  }

  private located({ path, directory, from, wanted, cut }: WantedPath, tid: number | undefined): RefusedPath {
    const name = fromBytes(Buffer.from(path, "latin1"));
    const rest = { wanted, cut: cut === true };
    if (name.startsWith("/")) return { isAbsolute: true, ...rest, ...this.here(posix.normalize(name), tid, "root") };
    const start =
      directory === undefined
        ? this.live
          ? this.processes.directory(tid, from)
          : undefined
        : fromBytes(Buffer.from(directory, "latin1"));
    if (start === undefined) return { path: name, isAbsolute: false, ...rest };
    return { isAbsolute: true, ...rest, ...this.here(posix.resolve(start, name), tid, "proc") };
  }

  private here(
    path: string,
    tid: number | undefined,
    start: "root" | "proc",
  ): Pick<RefusedPath, "path" | "inside" | "isElsewhere"> {
    if (this.namespaces === undefined) return { path };
    const here = this.namespaces.here(path, tid, start);
    if (here === undefined) return { path, isElsewhere: true };
    return here === path ? { path } : { path: here, inside: path };
  }
}

/** go draws a number for temporary files: V.info1234567890.tmp (cmd/go/internal/modfetch, tempFile); so does os.CreateTemp. */
function withoutDraw(path: string): string {
  return path.replace(/\d{4,}(?=(?:\.tmp|-tmp)?$|\/)/g, "*");
}

/** Seconds since 1970 as RFC 3339; what else a trace counts as it is. */
function timeOf(time: number | undefined, live: boolean): string | undefined {
  if (time !== undefined && time > 1e8 && time < 1e11) return new Date(time * 1000).toISOString();
  if (time !== undefined) return String(time);
  return live ? new Date().toISOString() : undefined;
}

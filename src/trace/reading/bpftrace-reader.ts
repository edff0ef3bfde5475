// Reads what the program of bpftrace-program.ts prints, with bpftrace -f json: one object a line.
import { chunkLength, chunks } from "./bpftrace-program.ts";
import type { FailedCall, Wanted, WantedPath } from "./call.ts";
import { errnoName } from "./errnos.ts";
import { type PathArgument, shapes, wantedByFlags, wantedByMode } from "./shapes.ts";
import { accessModeNames, openFlagNames } from "./syscall-numbers.ts";

export interface BpftraceOptions {
  readonly numbers: Readonly<Record<string, number>>;
  /** As process.arch says it. */
  readonly architecture: string;
  readonly onFailure: (call: FailedCall) => void;
  /** A failed call of the process that pings, by the path that it asked for. */
  readonly onPing: (path: string) => void;
  readonly pinging: number;
  /** Events that the kernel had no room for. */
  readonly onLost: (events: number) => void;
}

interface Begun {
  readonly head: RegExpExecArray;
  readonly first: string[];
  readonly second: string[];
}

const longestLine = 1 << 16;
const mostBegun = 10_000;
const head = /^f (\d+) (\d+) (\d+) -(\d+) (\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) ([0-9a-f]+) ([0-9a-f]+) ([\s\S]*)$/;

export class BpftraceReader {
  private rest = "";
  private readonly begun = new Map<string, Begun>();
  private readonly names: ReadonlyMap<number, string>;

  constructor(private readonly options: BpftraceOptions) {
    this.names = new Map(Object.entries(options.numbers).map(([name, id]) => [id, name]));
  }

  /** @param chunk bytes as characters (latin1) */
  push(chunk: string): void {
    this.rest += chunk;
    const lines = this.rest.split("\n");
    this.rest = lines.pop() ?? "";
    if (this.rest.length > longestLine) this.rest = "";
    for (const line of lines) this.take(line);
  }

  private take(line: string): void {
    let value: { type?: unknown; data?: unknown };
    try {
      value = JSON.parse(line) as typeof value;
    } catch {
      return;
    }
    if (value === null || typeof value !== "object") return;
    const { type, data } = value;
    if (type === "lost_events") {
      const { events } = (data ?? {}) as { events?: unknown };
      if (typeof events === "number") this.options.onLost(events);
    } else if (type === "printf" && typeof data === "string") this.printed(data);
  }

  private printed(text: string): void {
    const begins = head.exec(text);
    if (begins !== null) {
      if (this.begun.size < mostBegun) this.begun.set(begins[1] as string, { head: begins, first: [], second: [] });
      return;
    }
    const piece = /^([pq]) (\d+) (\d+) ([\s\S]*)$/.exec(text);
    if (piece !== null) {
      const call = this.begun.get(piece[2] as string);
      const list = piece[1] === "p" ? call?.first : call?.second;
      const index = Number(piece[3]);
      // The kernel may have had no room for some of it: what comes after a gap is not the path.
      if (list !== undefined && index < chunks && list.length === index) list.push(piece[4] as string);
      return;
    }
    const [, tid] = /^e (\d+)$/.exec(text) ?? [];
    const call = tid === undefined ? undefined : this.begun.get(tid);
    if (tid === undefined || call === undefined) return;
    this.begun.delete(tid);
    this.finish(call);
  }

  private finish({ head: [, tid, pid, id, errno, uid, gid, a, b, c, d, comm], first, second }: Begun): void {
    const name = this.names.get(Number(id));
    const error = errnoName(Number(errno));
    const shape = name === undefined ? undefined : shapes[name];
    if (Number(pid) === this.options.pinging) this.options.onPing(whole(first).path);
    if (name === undefined || shape === undefined || error === undefined) return;
    const numbers = [a, b, c, d].map((text) => BigInt(`0x${text}`));
    const paths = shape.paths.map((argument, index) => this.pathOf(argument, index === 0 ? first : second, numbers));
    if (shape.fd !== undefined) {
      paths.push({ path: "", from: descriptor(numbers[shape.fd.at] ?? 0n), wanted: shape.fd.needs });
    }
    this.options.onFailure({
      call: name,
      errno: error,
      paths,
      tid: Number(tid),
      pid: Number(pid),
      comm: comm ?? "",
      ids: { uid: Number(uid), gid: Number(gid) },
    });
  }

  private pathOf(argument: PathArgument, pieces: readonly string[], numbers: readonly bigint[]): WantedPath {
    const { path, cut } = whole(pieces);
    const found = { path, wanted: this.wanted(argument, numbers), ...(cut ? { cut: true as const } : {}) };
    if (path.startsWith("/")) return found;
    return { ...found, from: argument.at === undefined ? "cwd" : descriptor(numbers[argument.at] ?? 0n) };
  }

  private wanted({ needs }: PathArgument, numbers: readonly bigint[]): Wanted {
    if (typeof needs === "string") return needs;
    if ("mode" in needs) return wantedByMode(accessModeNames(Number(numbers[needs.mode] ?? 0n) & 7));
    const flags = Number((numbers[needs.flags] ?? 0n) & 0xffffffffn);
    return wantedByFlags(openFlagNames(flags, this.options.architecture));
  }
}

/** AT_FDCWD is -100, as an int in a register. */
function descriptor(value: bigint): number | "cwd" {
  const number = Number(BigInt.asIntN(32, value));
  return number === -100 ? "cwd" : number;
}

/** A piece that is shorter than it could be is the last. */
function whole(pieces: readonly string[]): { path: string; cut: boolean } {
  const last = pieces.findIndex((piece) => piece.length < chunkLength);
  return last < 0 ? { path: pieces.join(""), cut: true } : { path: pieces.slice(0, last + 1).join(""), cut: false };
}

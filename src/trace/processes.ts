// Who a thread is while it lives: proc_pid_status(5), proc_pid_cmdline(5), proc_pid_cwd(5).
import { readFileSync } from "node:fs";
import type { KnownBy, TracedProcess } from "../finding/trace.ts";
import { fromBytes } from "../host/bytes.ts";
import { readLink } from "../host/read-link.ts";
import { fileCapabilities, parseCapabilityMask, type Subject } from "../permission/subject.ts";
import type { ChangedIds } from "./reading/credentials.ts";

interface Thread extends Omit<Seen, "known"> {
  /** The real UID. */
  readonly real: number;
}

export interface Seen {
  readonly subject: Subject;
  readonly known: KnownBy;
  readonly process: TracedProcess;
}

/** What the tracer tells of a process. */
interface Told {
  readonly pid?: number;
  readonly comm?: string;
  readonly ids?: { readonly uid: number; readonly gid: number };
  readonly changed?: ChangedIds;
}

const mostRemembered = 10_000;
const mostArguments = 32;
/** Milliseconds. */
const ownerAge = 50;

export class Processes {
  private readonly owners = new Map<number, { ids: string; read: number }>();
  private readonly remembered = new Map<number, Omit<Seen, "known">>();

  /**
   * @param base the credentials that the command starts with
   * @param fixed whether nothing that the command starts can have others
   */
  constructor(
    private readonly base: Subject,
    private readonly fixed: boolean,
  ) {}

  /** The command's own process, whose words are known also after it ended. */
  remember(pid: number, argv: readonly string[]): void {
    this.remembered.set(pid, { subject: this.base, process: { pid, argv } });
  }

  /** Reads a thread's credentials at this moment, or tells what is known of it. */
  see(tid: number | undefined, told: Told = {}): Seen {
    const now = tid === undefined ? undefined : readThread(tid);
    if (tid !== undefined && now !== undefined) {
      const known = now.process.pid ?? tid;
      if (this.remembered.size < mostRemembered || this.remembered.has(known)) this.remembered.set(known, now);
      const isSame = told.ids === undefined || told.ids.uid === now.real;
      if (isSame) return { subject: now.subject, process: now.process, known: "process" };
    }
    const process: TracedProcess = {
      ...(this.remembered.get(told.pid ?? tid ?? -1)?.process ?? {}),
      ...(told.pid === undefined && tid === undefined ? {} : { pid: told.pid ?? (tid as number) }),
      ...(told.comm === undefined ? {} : { name: told.comm }),
    };
    const { ids, changed } = told;
    if (changed !== undefined) return { subject: changedSubject(this.base, changed), known: "process", process };
    if (this.fixed || ids?.uid === this.base.uid) return { subject: this.base, known: "inherited", process };
    const before = this.remembered.get(told.pid ?? tid ?? -1);
    if (before !== undefined && (ids === undefined || ids.uid === before.subject.uid))
      return { subject: before.subject, known: "inherited", process };
    const subject =
      ids === undefined ? this.base : { ...this.base, ...ids, groups: [], capabilities: new Set<never>() };
    return { subject, known: "unknown", process };
  }

  /** The user and group of a thread, as of the last moment: not read anew for each of many calls. */
  whose(tid: number): string {
    if (this.fixed) return "";
    const now = performance.now();
    const known = this.owners.get(tid);
    if (known !== undefined && now - known.read < ownerAge) return known.ids;
    const seen = readThread(tid)?.subject;
    const ids = seen === undefined ? (known?.ids ?? `${this.base.uid}:${this.base.gid}`) : `${seen.uid}:${seen.gid}`;
    if (this.owners.size >= mostRemembered) this.owners.clear();
    this.owners.set(tid, { ids, read: now });
    return ids;
  }

  /** Where a relative path of the thread starts, absolute; undefined if it has gone, or may not be looked at. */
  directory(tid: number | undefined, from: number | "cwd" | undefined): string | undefined {
    if (tid === undefined || from === undefined) return undefined;
    const target = readLink(`/proc/${tid}/${from === "cwd" ? "cwd" : `fd/${from}`}`);
    return target?.startsWith("/") ? target.replace(/ \(deleted\)$/, "") : undefined;
  }
}

/** Capabilities go with UID 0, and come with it: capabilities(7), "Effect of user ID changes on capabilities". */
function changedSubject(base: Subject, changed: ChangedIds): Subject {
  const subject = { ...base, ...changed };
  if (subject.uid === base.uid) return subject;
  return { ...subject, capabilities: new Set(subject.uid === 0 ? fileCapabilities : []) };
}

/** The credentials of a process; undefined if there is none, or if it may not be seen. */
export function credentialsOf(pid: number): Subject | undefined {
  return readThread(pid)?.subject;
}

function readThread(tid: number): Thread | undefined {
  try {
    const status = readFileSync(`/proc/${tid}/status`, "latin1");
    const field = (name: string): string => new RegExp(`^${name}:[ \\t]*(.*)$`, "m").exec(status)?.[1] ?? "";
    // Real, effective, saved, and that of the file system, which is the one that counts here.
    const [uid, gid] = [field("Uid"), field("Gid")].map((text) => Number(text.split(/\s+/)[3]));
    const pid = Number(field("Tgid"));
    if (!Number.isInteger(uid) || !Number.isInteger(gid) || pid === 0) return undefined;
    const argv = readArguments(pid);
    const name = field("Name");
    return {
      real: Number(field("Uid").split(/\s+/)[0]),
      subject: {
        uid: uid as number,
        gid: gid as number,
        groups: field("Groups").split(/\s+/).filter(Boolean).map(Number),
        capabilities: parseCapabilityMask(/^[0-9a-f]+$/i.exec(field("CapEff"))?.[0] ?? "0"),
        umask: Number.parseInt(field("Umask") || "22", 8),
      },
      process: { pid, ...(name === "" ? {} : { name }), ...(argv === undefined ? {} : { argv }) },
    };
  } catch {
    return undefined;
  }
}

function readArguments(pid: number): string[] | undefined {
  try {
    const words = fromBytes(readFileSync(`/proc/${pid}/cmdline`))
      .split("\0")
      .slice(0, -1);
    return words.length === 0 ? undefined : words.slice(0, mostArguments);
  } catch {
    return undefined;
  }
}

/** False for a process that ended, also if its parent has not asked yet how. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s*[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "latin1"));
  } catch {
    return false;
  }
}

// Which process a PID means: PIDs come again, so its start and the boot belong to it.
import { readFileSync, readlinkSync } from "node:fs";
import { type Platform, thisPlatform } from "./macos/tools.ts";

export interface ProcessIdentity {
  readonly pid: number;
  /**
   * When the process started: clock ticks since boot (proc_pid_stat(5), starttime), on macOS the second as ps(1) prints it. Empty if
   * there is no such process, `?` if it could not be told.
   */
  readonly started: string;
  /** The PID namespace that the PID belongs to; empty where there are none. */
  readonly namespace: string;
  readonly boot: string;
}

export function processIdentity(pid: number, platform: Platform = thisPlatform): ProcessIdentity {
  return platform.name === "linux" ? fromProc(pid) : fromTools(pid, platform);
}

function fromProc(pid: number): ProcessIdentity {
  const text = (path: string): string => {
    try {
      return readFileSync(path, "latin1");
    } catch {
      return "";
    }
  };
  const stat = text(`/proc/${pid}/stat`);
  // The name in parentheses may hold spaces; starttime is the 20th field after it.
  const started = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  return {
    pid,
    started,
    namespace: readlinkSync("/proc/self/ns/pid"),
    boot: text("/proc/sys/kernel/random/boot_id").trim(),
  };
}

function fromTools(pid: number, { tools }: Platform): ProcessIdentity {
  // Status 1: there is no such process.
  const { status, stdout } = tools.run("ps", ["-o", "lstart=", "-p", String(pid)]);
  const started = status === 0 ? stdout.toString().trim() : status === 1 ? "" : "?";
  const boot = tools.run("sysctl", ["-n", "kern.bootsessionuuid"]);
  return { pid, started, namespace: "", boot: boot.status === 0 ? boot.stdout.toString().trim() : "" };
}

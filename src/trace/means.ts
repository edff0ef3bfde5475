// Which tracer this machine allows, and what is missing for the other: ptrace(2), capabilities(7), kernel.yama.ptrace_scope, tracefs.
import { existsSync, readFileSync } from "node:fs";
import { UserError } from "../error.ts";
import { readLink } from "../host/read-link.ts";
import { complaint, run } from "../host/run.ts";
import { systemPath } from "../host/system-path.ts";
import { syscallNumbers } from "./reading/syscall-numbers.ts";

export type Backend = "strace" | "bpftrace";

/** A tracer that can be used, or why not and how to allow it. */
export type Means =
  | { readonly usable: true; readonly filter?: boolean }
  | { readonly missing: string; readonly allow: string };

export const tracefs = "/sys/kernel/tracing";
/** Of the initial PID namespace: PROC_PID_INIT_INO of include/linux/proc_ns.h. */
const initialPids = "pid:[4026531836]";

const strace = { PATH: systemPath, LC_ALL: "C" };

/** Tries strace on a program that does nothing: only that tells whether ptrace(2) is allowed here. */
export function straceMeans(): Means {
  const attempt = (filter: string[]) =>
    run("strace", ["-f", ...filter, "-o", "/dev/null", "-e", "trace=none", "true"], { env: strace });
  const first = attempt(["--seccomp-bpf"]);
  if (first.status === 0) return { usable: true, filter: true };
  if (first.error === "there is no such program")
    return {
      missing: "strace is not installed",
      allow: "install it: apt-get install strace, apk add strace, dnf install strace",
    };
  // strace knows the filter since 5.3; without it every system call stops twice.
  const second = attempt([]);
  if (second.status === 0) return { usable: true, filter: false };
  return { missing: `strace may not trace here: ${complaint(second)}`, allow: allowPtrace() };
}

function allowPtrace(): string {
  const tracer = field("TracerPid");
  if (tracer !== "0" && tracer !== "")
    return "this process is traced itself, and a process has one tracer only: run it outside of the other";
  const scope = text("/proc/sys/kernel/yama/ptrace_scope");
  if (scope === "3")
    return "kernel.yama.ptrace_scope is 3: nobody may trace until the next boot; use --backend bpftrace";
  if (scope === "2" && !hasCapability(19))
    return "kernel.yama.ptrace_scope is 2: run it with sudo, or set it to 1 (sysctl -w kernel.yama.ptrace_scope=1)";
  if (field("Seccomp") === "2")
    return "a seccomp filter (of the container) refuses ptrace: docker run --cap-add SYS_PTRACE, or in Kubernetes securityContext.capabilities.add: [SYS_PTRACE] and seccompProfile: Unconfined";
  return "docker run --cap-add SYS_PTRACE; in Kubernetes securityContext.capabilities.add: [SYS_PTRACE]";
}

/** @param needsTracefs false if it is going to be mounted */
export function bpftraceMeans(needsTracefs = true): Means {
  const version = run("bpftrace", ["--version"], { env: { PATH: systemPath } });
  if (version.status !== 0)
    return {
      missing: "bpftrace is not installed",
      allow: "install it: apt-get install bpftrace, dnf install bpftrace",
    };
  if (process.geteuid?.() !== 0)
    return {
      missing: "bpftrace runs as root only",
      allow: "run it with sudo; --as WHO runs the command as somebody else",
    };
  // CAP_SYS_ADMIN is 21, CAP_PERFMON 38, CAP_BPF 39.
  if (!hasCapability(21) && !(hasCapability(38) && hasCapability(39)))
    return {
      missing: "loading BPF programs is not allowed: no CAP_BPF with CAP_PERFMON, and no CAP_SYS_ADMIN",
      allow: "docker run --privileged --pid host, or in Kubernetes hostPID: true and securityContext.privileged: true",
    };
  if (syscallNumbers(process.arch) === undefined)
    return {
      missing: `the numbers of system calls of ${process.arch} are not known here`,
      allow: "use --backend strace",
    };
  if (readLink("/proc/self/ns/pid") !== initialPids)
    return {
      missing: "this is a PID namespace of its own, where BPF sees other process numbers than /proc",
      allow: "run it on the host, or with docker run --pid host (Kubernetes: hostPID: true)",
    };
  if (
    needsTracefs &&
    !existsSync(`${tracefs}/events/raw_syscalls`) &&
    !existsSync("/sys/kernel/debug/tracing/events/raw_syscalls")
  )
    return {
      missing: `tracefs is not mounted at ${tracefs}`,
      allow: `mount -t tracefs tracefs ${tracefs}, or give --mount-tracefs`,
    };
  return { usable: true };
}

/**
 * The tracer to be used: strace for a command (it tells every path whole, and costs nothing to start), bpftrace for what runs already
 * (strace without its filter would slow that down, and knows no control groups).
 * @throws {UserError} with status 4 if there is none, saying what is missing for each
 */
export function chooseBackend(
  wanted: Backend | "auto",
  attaches: "command" | "pid" | "cgroup",
  mounting: boolean,
): { backend: Backend; filter: boolean } {
  const order: Backend[] =
    attaches === "command" ? ["strace", "bpftrace"] : attaches === "pid" ? ["bpftrace", "strace"] : ["bpftrace"];
  if (wanted === "strace" && attaches === "cgroup")
    throw new UserError("strace cannot watch a control group", "use --backend bpftrace, or --pid PID");
  const missing: string[] = [];
  const allow: string[] = [];
  for (const backend of wanted === "auto" ? order : [wanted]) {
    const means = backend === "strace" ? straceMeans() : bpftraceMeans(!mounting);
    if ("usable" in means) return { backend, filter: means.filter !== false };
    missing.push(means.missing);
    allow.push(`${backend}: ${means.allow}`);
  }
  throw new UserError(`nothing can trace here: ${missing.join("; ")}`, allow.join("\n  "), 4);
}

function text(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}

function field(name: string): string {
  return new RegExp(`^${name}:\\s*(.*)$`, "m").exec(text("/proc/self/status") ?? "")?.[1] ?? "";
}

function hasCapability(bit: number): boolean {
  const mask = /^[0-9a-f]+$/i.exec(field("CapEff"))?.[0];
  return mask !== undefined && ((BigInt(`0x${mask}`) >> BigInt(bit)) & 1n) === 1n;
}

// tracefs, which bpftrace finds the kernel's tracepoints in.
import { existsSync } from "node:fs";
import { exitStatus, UserError } from "../error.ts";
import { complaint, run } from "../host/run.ts";
import { systemPath } from "../host/system-path.ts";
import { tracefs } from "./means.ts";

/** Mounts it, if it is not. @returns what takes it away again @throws {UserError} with status 4 if it cannot be mounted */
export function mountTracefs(): (() => void) | undefined {
  if (existsSync(`${tracefs}/events/raw_syscalls`)) return undefined;
  const env = { PATH: systemPath, LC_ALL: "C" };
  const mounted = run("mount", ["-t", "tracefs", "tracefs", tracefs], { env });
  if (mounted.status !== 0)
    throw new UserError(
      `tracefs cannot be mounted at ${tracefs}: ${complaint(mounted)}`,
      "mount it on the host, or use --backend strace",
      exitStatus.privilege,
    );
  return () => void run("umount", ["--lazy", tracefs], { env });
}

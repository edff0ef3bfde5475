// Go's own lock of a module version, taken while its files are removed: flock(2), which Node has not, by flock(1) on a descriptor
// that stays ours (cmd/go/internal/lockedfile/internal/filelock/filelock_unix.go).
import { spawnSync } from "node:child_process";
import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { systemPath } from "../host/system-path.ts";
import { openFile, pathAt } from "./pin.ts";

/** Held until it is closed; undefined if there is no lock file, so that nobody can hold it, or no flock(1). */
export type GoLock = { readonly release: () => void };

/** @returns the lock; `"held"` if a process has it; undefined if there is nothing to take or nothing to take it with */
export function takeGoLock(directory: number, name: string): GoLock | "held" | undefined {
  const { O_RDWR, O_NOFOLLOW, O_NONBLOCK } = constants;
  let fd: number;
  try {
    fd = openSync(pathAt(directory, name), O_RDWR | O_NOFOLLOW | O_NONBLOCK);
  } catch {
    try {
      fd = openFile(pathAt(directory, name));
    } catch {
      return undefined;
    }
  }
  const release = (): void => closeSync(fd);
  if (!fstatSync(fd).isFile()) {
    release();
    return undefined;
  }
  const { status, error } = spawnSync("flock", ["-x", "-n", "3"], {
    stdio: ["ignore", "ignore", "ignore", fd],
    env: { PATH: systemPath },
    timeout: 10_000,
  });
  if (error === undefined && status === 0) return { release };
  release();
  return error === undefined ? "held" : undefined;
}

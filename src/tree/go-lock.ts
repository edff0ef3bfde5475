// Go's own lock of a module version, taken while its files are removed: flock(2), which Node has not, on a descriptor that stays ours
// (cmd/go/internal/lockedfile/internal/filelock/filelock_unix.go): on Linux by flock(1), on macOS as the file is opened.
import { spawnSync } from "node:child_process";
import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { systemPath } from "../host/system-path.ts";
import { pathAt, sitting } from "./pin.ts";

/** Held until it is closed; undefined if there is no lock file, so that nobody can hold it, or nothing to take it with. */
export type GoLock = { readonly release: () => void };

/** O_EXLOCK of <sys/fcntl.h> on macOS: open(2) takes flock(2)'s exclusive lock, and with O_NONBLOCK fails with EAGAIN where it is held. */
const O_EXLOCK = 0x20;

/** @returns the lock; `"held"` if a process has it; undefined if there is nothing to take or nothing to take it with */
export function takeGoLock(directory: number, name: string): GoLock | "held" | undefined {
  const locksAtOpen = process.platform === "darwin";
  const fd = openLock(directory, name, locksAtOpen ? O_EXLOCK : 0);
  if (fd === "held" || fd === undefined) return fd;
  const release = (): void => closeSync(fd);
  if (!fstatSync(fd).isFile()) {
    release();
    return undefined;
  }
  if (locksAtOpen) return { release };
  const { status, error } = spawnSync("flock", ["-x", "-n", "3"], {
    stdio: ["ignore", "ignore", "ignore", fd],
    env: { PATH: systemPath },
    timeout: 10_000,
  });
  if (error === undefined && status === 0) return { release };
  release();
  return error === undefined ? "held" : undefined;
}

function openLock(directory: number, name: string, lockFlag: number): number | "held" | undefined {
  const { O_RDWR, O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = constants;
  for (const access of [O_RDWR, O_RDONLY]) {
    try {
      return sitting(() => openSync(pathAt(directory, name), access | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | lockFlag));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EAGAIN") return "held";
    }
  }
  return undefined;
}

// What a distribution of WSL is set to, and whether the work tree in question is on a Windows drive.
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { posix } from "node:path";
import type { Looked, WslFacts } from "../facts/facts.ts";
import { isDrvfs } from "../permission/mount.ts";
import { Unseen } from "../permission/world.ts";
import { confPath } from "../wsl/automount.ts";
import { fromBytes } from "./bytes.ts";
import { type Environment, type ReadText, wslGeneration } from "./container.ts";
import { isAbsent, unseenBecause } from "./read-text.ts";
import type { MachineWorld } from "./world.ts";

/** In bytes: a settings file that people write is smaller. */
const largestFile = 1024 * 1024;

/** @param directory absolute: the project's @returns undefined outside of WSL, and in a container on it */
export function readWsl(
  container: string | undefined,
  environment: Environment,
  text: ReadText,
  world: MachineWorld,
  directory: string,
): WslFacts | undefined {
  const generation = container === "wsl" ? wslGeneration(text, environment) : undefined;
  if (generation === undefined) return undefined;
  const workTree = workTreeAt(directory, world);
  return {
    generation,
    conf: readWhole(confPath),
    fstab: readWhole("/etc/fstab"),
    ...(workTree === undefined ? {} : { workTree }),
  };
}

/** The bytes of a file, links followed as init follows them; an empty text if there is none. */
function readWhole(path: string): Looked<string> {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (error) {
    return isAbsent(error) ? { value: "" } : { unseen: `${path}: ${unseenBecause(error).reason}` };
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return { unseen: `${path} is not a regular file` };
    if (stats.size > largestFile) return { unseen: `${path} is longer than ${largestFile} bytes` };
    const bytes = Buffer.alloc(largestFile);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = readSync(descriptor, bytes, length, bytes.length - length, null);
    return { value: fromBytes(bytes.subarray(0, length)) };
  } catch (error) {
    return { unseen: `${path}: ${unseenBecause(error).reason}` };
  } finally {
    closeSync(descriptor);
  }
}

function workTreeAt(directory: string, world: MachineWorld): WslFacts["workTree"] {
  const real = world.realPath(directory);
  if (real instanceof Unseen || !posix.isAbsolute(real)) return undefined;
  for (let path = real; ; path = posix.dirname(path)) {
    const mount = world.mountAt(path);
    if (mount === undefined || !isDrvfs(mount)) return undefined;
    const isRoot = ["go.mod", "go.work"].some((name) => isFile(world, posix.join(path, name)));
    if (isRoot) return { path, mount };
    if (path === "/") return undefined;
  }
}

function isFile(world: MachineWorld, path: string): boolean {
  const entry = world.look(path);
  return entry !== "absent" && !(entry instanceof Unseen) && entry.type === "file";
}

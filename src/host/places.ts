// The other directories that a go command touches, and whether the subject may read and fill them.
import { posix } from "node:path";
import type { GoFacts, Outcome, Place } from "../facts/facts.ts";
import { Unseen } from "../permission/world.ts";
import { existingAbove, withoutTrailingSlash } from "./cache.ts";
import type { Environment } from "./container.ts";
import { belowGoPath } from "./go-defaults.ts";
import type { Stage } from "./outcome.ts";
import { readSpace } from "./space.ts";
import type { MachineWorld } from "./world.ts";

/**
 * @param variables the environment of the subject's go commands
 * @returns only places with an absolute path: a setting such as GOCACHE=off names none
 */
export function readPlaces(go: GoFacts, variables: Environment, world: MachineWorld, stage: Stage): Place[] {
  const { env } = go;
  const temporary: [Place["name"], string] = env["GOTMPDIR"]
    ? ["GOTMPDIR", env["GOTMPDIR"]]
    : ["TMPDIR", variables["TMPDIR"] || "/tmp"];
  const wanted: readonly [Place["name"], string | undefined][] = [
    ["GOCACHE", env["GOCACHE"]],
    temporary,
    ["GOROOT", env["GOROOT"]],
    ["HOME", variables["HOME"]],
    ["GOPATH/pkg/sumdb", belowGoPath(env["GOPATH"] ?? "", "pkg/sumdb")],
    ["GOENV", env["GOENV"]],
  ];
  return wanted.flatMap(([name, path]) => {
    if (path === undefined || !posix.isAbsolute(path)) return [];
    return [readPlace(name, withoutTrailingSlash(posix.normalize(path)), world, stage)];
  });
}

function readPlace(name: Place["name"], path: string, world: MachineWorld, stage: Stage): Place {
  const writable = name === "GOENV" ? canRewrite(path, stage) : stage.canFill(path);
  const readable = stage.play((kernel) => {
    if (kernel.stat(path).type === "directory") kernel.readDirectory(path);
    else kernel.open(path, { read: true });
  });
  const real = world.realPath(path);
  const exists = !(real instanceof Unseen) && posix.isAbsolute(real);
  const entry = exists ? world.whole(real) : real instanceof Unseen ? real : "absent";
  const above = exists ? real : existingAbove(path, world);
  const mount = world.mountAt(above);
  const space = world.look(above) instanceof Unseen ? undefined : readSpace(above);
  return {
    name,
    path,
    ...(entry instanceof Unseen ? {} : { entry }),
    ...(mount === undefined ? {} : { mount }),
    ...(space === undefined ? {} : { space }),
    writable,
    readable,
  };
}

/** `go env -w` writes the file in place, after making its directory (cmd/go/internal/envcmd, writeEnvFile). */
function canRewrite(file: string, stage: Stage): Outcome {
  return stage.play((kernel) => {
    kernel.mkdirAll(posix.dirname(file), 0o777);
    kernel.open(file, { write: true, create: true, mode: 0o666 });
  });
}

// Where the go program is: on PATH, or in the places where installers put it.
import { posix } from "node:path";
import { Kernel } from "../permission/kernel.ts";
import type { Subject } from "../permission/subject.ts";
import { type KernelSettings, Refused, Unknowable, Unseen } from "../permission/world.ts";
import type { Environment } from "./container.ts";
import type { MachineWorld } from "./world.ts";

export interface FoundGo {
  readonly program?: string;
  /** A go that is there but that the subject may not execute, if there is no other. */
  readonly refused?: string;
}

/** @param chosen the program that the user asked for, instead of looking for one */
export function findGo(
  variables: Environment,
  chosen: string | undefined,
  world: MachineWorld,
  subject: Subject,
  settings: KernelSettings,
): FoundGo {
  const candidates = chosen?.includes("/")
    ? [chosen]
    : placesOf(variables, world).map((place) => posix.join(place, chosen ?? "go"));
  return world.settle(() => {
    const kernel = new Kernel(world, subject, settings);
    let refused: string | undefined;
    for (const program of candidates) {
      try {
        if (kernel.stat(program).type !== "file") continue;
        kernel.execute(program);
        return { program };
      } catch (error) {
        // What the model cannot tell, the attempt to run it will.
        if (error instanceof Unknowable) return { program };
        if (!(error instanceof Refused)) throw error;
        if (error.errno !== "ENOENT" && error.errno !== "ENOTDIR") refused ??= `${program}: ${error.denial.because}`;
      }
    }
    return refused === undefined ? {} : { refused };
  });
}

/** Relative entries of PATH are left out, as Go's own exec.LookPath refuses what it finds there. */
function placesOf(variables: Environment, world: MachineWorld): string[] {
  const { PATH: path = "", GOROOT: goRoot, HOME: home } = variables;
  const places = path.split(":");
  if (goRoot) places.push(posix.join(goRoot, "bin"));
  places.push("/usr/local/go/bin", "/usr/lib/go/bin", "/usr/lib/golang/bin", ...versions("/usr/lib", world));
  places.push("/opt/go/bin", "/opt/homebrew/bin", "/usr/local/bin", "/home/linuxbrew/.linuxbrew/bin", "/snap/bin");
  if (home && home !== "/") {
    places.push(
      posix.join(home, "go/bin"),
      posix.join(home, ".local/go/bin"),
      ...versions(posix.join(home, "sdk"), world),
    );
  }
  return [...new Set(places.filter((place) => posix.isAbsolute(place)))];
}

/** `go-1.22/bin`, `go1.26.8/bin` and so on in a directory, the newest first. */
function versions(directory: string, world: MachineWorld): string[] {
  const entry = world.look(directory);
  if (entry === "absent" || entry instanceof Unseen || entry.type !== "directory") return [];
  const names = world.names(directory);
  if (names instanceof Unseen) return [];
  return names
    .filter((name) => /^go-?\d/.test(name))
    .sort((a, b) => b.localeCompare(a, "en", { numeric: true }))
    .map((name) => posix.join(directory, name, "bin"));
}

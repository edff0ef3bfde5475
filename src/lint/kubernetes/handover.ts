// What one container leaves in a Go cache for another one with a different UID.

import { covers, related, tidy } from "../dockerfile/path.ts";
import { cacheNamed } from "../golang/cache-word.ts";
import { type GoCommand, goCommand, hasFlag } from "../golang/command.ts";
import { Remembered } from "../remembered.ts";
import { argumentsOf, hasOption, programOf, type ShellCommand } from "../shell/command.ts";
import { type Container, isSequential, type Mount } from "./container.ts";
import { environmentOf, type GoCacheVolume, isOurs, mountAt, placesOf } from "./go-cache.ts";

export interface Write {
  readonly command: ShellCommand;
  /** undefined if files are copied in. */
  readonly go?: GoCommand;
  readonly into: ReadonlySet<"modules" | "builds">;
}

/** Every pair of containers is asked about, and each mount belongs to one container. */
const known = new Remembered<Mount, readonly Write[]>();

/** The commands of a container that make files on a volume as the container's user. */
export function writesTo(container: Container, mount: Mount): readonly Write[] {
  const writes = known.get(mount) ?? (mount.readOnly ? [] : findWrites(container, mount));
  known.set(mount, writes);
  return writes;
}

function findWrites(container: Container, mount: Mount): Write[] {
  return container.commands.flatMap((command): Write[] => {
    if (command.as !== undefined) return [];
    const go = goCommand(command);
    if (go === undefined) return copiesTo(command, container, mount) ? [{ command, into: new Set(["modules"]) }] : [];
    const { modules, builds } = placesOf(container, command);
    const into = new Set<"modules" | "builds">();
    const on = (path: string | undefined): boolean => path !== undefined && mountAt(path, container) === mount;
    if ((go.fetches || hasFlag(go, "modcache")) && on(modules) && !hasFlag(go, "mod=vendor")) into.add("modules");
    if (go.compiles && on(builds)) into.add("builds");
    return into.size > 0 ? [{ command, go, into }] : [];
  });
}

function copiesTo(command: ShellCommand, container: Container, mount: Mount): boolean {
  const program = programOf(command);
  const { operands, options } = argumentsOf(command);
  const at = /^(cp|rsync|mv)$/.test(program)
    ? operands.at(-1)
    : program === "tar" && /x/.test(command.words[1]?.value ?? "")
      ? command.words[command.words.findIndex(({ value }) => value === "-C" || value === "--directory") + 1]
      : undefined;
  if (at === undefined || (program === "cp" && options.some(({ value }) => value.startsWith("--no-preserve=m"))))
    return false;
  const path = pathOf(at.value, container, command);
  return path !== undefined && covers(mount.path, path);
}

/** The absolute path that a word of a command names, with the variables that are told; undefined if one is not. */
export function pathOf(word: string, container: Container, command: ShellCommand): string | undefined {
  const env = environmentOf(container, command);
  let unknown = false;
  const whole = word.replace(/\$\((\w+)\)|\$\{(\w+)\}|\$(\w+)/g, (_, a?: string, b?: string, c?: string) => {
    const value = env.get(a ?? b ?? c ?? "");
    unknown ||= value === undefined;
    return value ?? "";
  });
  return unknown || /[$`]/.test(whole) || !whole.startsWith("/") ? undefined : tidy(whole);
}

/**
 * True if something after the last write gives the tree to another user, or could: then nothing is left behind.
 * @param later the init containers that run between the two
 */
export function givesAway(writer: Container, mount: Mount, last: Write, later: readonly Container[]): boolean {
  if (writer.commands.some((one) => opensUmask(one))) return true;
  const after = writer.commands.slice(writer.commands.indexOf(last.command) + 1);
  if (after.some((one) => changesAccess(one, writer, mount))) return true;
  return later.some((container) => {
    const there = container.mounts.find(({ volume }) => volume === mount.volume);
    if (there === undefined || !isSequential(container)) return false;
    // What an image does by itself is not known.
    if (container.commands.length === 0) return true;
    return container.commands.some((one) => changesAccess(one, container, there));
  });
}

function opensUmask(command: ShellCommand): boolean {
  return command.words[0]?.value === "umask" && /^(0?0?0?[02]|u=rwx,g=rwx.*)$/.test(command.words[1]?.value ?? "");
}

/** True if a container could give the volume to others: by a command that does, or by something that lint cannot look into. */
export function preparesVolume(container: Container, mount: Mount): boolean {
  if (mount.readOnly) return false;
  if (container.commands.length === 0) return (container.uid?.value ?? 0) === 0;
  const giving = /^(chown|chgrp|chmod|setfacl|install)$/;
  return container.commands.some(
    (one) => giving.test(programOf(one)) || changesAccess(one, container, mount) || opensUmask(one),
  );
}

/** True also for programs that lint cannot look into. */
function changesAccess(command: ShellCommand, container: Container, mount: Mount): boolean {
  const program = programOf(command);
  const first = command.words[0]?.value ?? "";
  if (/\.(sh|bash|py)$/.test(first) || first.startsWith("./") || first.startsWith("$") || program === "make")
    return true;
  if (isOurs({ ...container, commands: [command] })) return true;
  const { operands, options } = argumentsOf(command);
  if (program === "find") return /chown|chmod|chgrp/.test(command.words.map(({ value }) => value).join(" "));
  if (!/^(chown|chgrp|chmod|setfacl)$/.test(program) || !hasOption(options, "R", "recursive")) return false;
  if (program === "chmod" && !/^[0-7]?[0-7][2367][0-7]$|[goa].*[+=].*w/.test(operands[0]?.value ?? "")) return false;
  return operands.slice(1).some(({ value }) => {
    if (cacheNamed(value) !== undefined) return true;
    const path = pathOf(value, container, command);
    // A path that is not told may be this one.
    return path === undefined || related(path, mount.path);
  });
}

export interface Need {
  readonly words: string;
  readonly certain: boolean;
}

/** True if a command names no module: then go takes all that go.mod needs. */
const isForAll = ({ rest }: GoCommand): boolean => rest.every(({ value }) => value.startsWith("-") || value === "all");

/** Why a container must write what another one made on the volume; undefined if it could do with reading it. */
export function needOf(
  container: Container,
  mount: Mount,
  made: readonly Write[],
  cache: GoCacheVolume,
): Need | undefined {
  if (mount.readOnly) return undefined;
  const whole = made.some(({ go }) => go?.verb === "mod vendor" || (go?.verb === "mod download" && isForAll(go)));
  let need: Need | undefined;
  for (const { go, into } of writesTo(container, mount)) {
    if (go === undefined) return { words: "copies into it", certain: false };
    const { verb } = go;
    if (into.has("modules") && made.some((one) => one.into.has("modules"))) {
      if (verb === "clean") return { words: "go clean -modcache must delete from it", certain: true };
      if (verb === "get" || go.versioned) return { words: `go ${verb} must add modules to it`, certain: true };
      if (verb === "mod tidy" || !whole)
        need ??= { words: `go ${verb} must add what is missing in it`, certain: false };
    }
    if (into.has("builds") && made.some((one) => one.into.has("builds")))
      need ??= { words: `go ${verb} must write its results beside the others`, certain: false };
  }
  if (need !== undefined || container.commands.length > 0) return need;
  const name = cache.holds.has("modules") ? "GOMODCACHE" : "GOCACHE";
  const set = container.env.get(name);
  return set !== undefined && mountAt(set, container) === mount
    ? { words: `its ${name} is there, where it must be able to add`, certain: false }
    : undefined;
}

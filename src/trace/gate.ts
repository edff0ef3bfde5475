// The command behind a gate: a shell that waits for one word before it becomes the command, so that a tracer can be there first;
// and the change of user before it.
import { posix } from "node:path";
import { UserError } from "../error.ts";
import type { SubjectFacts } from "../facts/facts.ts";
import type { Environment } from "../host/container.ts";
import { systemProgram } from "../host/system-program.ts";
import { fileCapabilities, type Subject } from "../permission/subject.ts";

/** Descriptor 3 is the gate: without the word nothing is run. */
const wait = 'IFS= read -r word <&3 && [ "$word" = go ] || exit 125; exec 3<&-; exec "$@"';

/** What the shell calls itself where the command cannot be executed: `gomodcache: 1: exec: foo: not found`, with status 127 or 126. */
const name = "gomodcache";

/**
 * The command line of the gate.
 * @param other whose rights the command is to have, if not ours
 */
export function gateArgv(command: readonly string[], other: Subject | undefined): string[] {
  if (other === undefined) return ["/bin/sh", "-c", wait, name, ...command];
  const groups = [...new Set([other.gid, ...other.groups])].join(",");
  const kept = fileCapabilities.filter((capability) => other.capabilities.has(capability));
  const isRoot = other.uid === 0;
  return [
    setpriv(),
    `--reuid=${other.uid}`,
    `--regid=${other.gid}`,
    `--groups=${groups}`,
    ...(isRoot && kept.length < fileCapabilities.length
      ? [`--bounding-set=${["-all", ...kept.map((capability) => `+${capability}`)].join(",")}`]
      : []),
    "--inh-caps=-all",
    "--",
    "/bin/sh",
    "-c",
    `umask ${other.umask.toString(8)}; ${wait}`,
    name,
    ...command,
  ];
}

function setpriv(): string {
  const found = systemProgram("setpriv");
  if (found === undefined)
    throw new UserError("setpriv is not installed, so --as cannot be done", "install util-linux");
  return found;
}

/** The environment of the command of another user: ours, but that USER and LOGNAME name that user, and HOME is one it can use. */
export function gateEnvironment(owner: SubjectFacts, env: Environment, canUse: (path: string) => boolean): Environment {
  const { HOME: home } = env;
  const others: Record<string, string | undefined> = { ...env };
  for (const key of ["USER", "LOGNAME"]) others[key] = owner.name;
  if (home === undefined || !posix.isAbsolute(home) || !canUse(home)) others["HOME"] = owner.home || "/";
  return Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined));
}

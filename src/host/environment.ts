// Which environment variables count: those of this process for the user who runs it, and for another user only those that
// everybody on the machine gets.
import type { SubjectFacts } from "../facts/facts.ts";
import { type Environment, kindVariables, type ReadText } from "./container.ts";

/** Variables that say where things are, or who the user is. Go's own begin with GO. */
const looked = [
  ...["HOME", "USER", "LOGNAME", "PATH", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"],
  ...["SUDO_UID", "SUDO_GID", "SUDO_USER", "SUDO_HOME", "CGO_ENABLED", "GIT_CONFIG_GLOBAL", "RUNNER_TEMP"],
  ...["SNAP", "SNAP_NAME", "SNAP_REAL_HOME"],
  ...kindVariables,
];

const isGoVariable = (name: string): boolean => /^GO[A-Z0-9_]*$/.test(name);

/** The variables of this process that Go or the rules look at, only those that are set. */
export function pickEnvironment(environment: Environment): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && (isGoVariable(name) || looked.includes(name))) picked[name] = value;
  }
  return picked;
}

/**
 * The environment of the subject's go commands. Somebody else's is not ours: they have their own HOME and the usual PATH.
 * In a container the image gives variables to every process, whatever its user; they are in the environment of process 1.
 */
export function variablesOf(
  subject: SubjectFacts,
  environment: Environment,
  container: string | undefined,
  text: ReadText,
): Environment {
  if (subject.self) return environment;
  const variables: Record<string, string | undefined> = { PATH: environment["PATH"], HOME: subject.home };
  if (subject.name !== undefined) variables["USER"] = variables["LOGNAME"] = subject.name;
  if (container !== undefined && container !== "wsl") {
    for (const [name, value] of parseEnviron(text("/proc/1/environ") ?? "")) {
      if (isGoVariable(name) && environment[name] === value) variables[name] = value;
    }
  }
  return variables;
}

/** Reads /proc/PID/environ: NAME=value, each ended by a NUL byte. */
function parseEnviron(text: string): [string, string][] {
  return text.split("\0").flatMap((item): [string, string][] => {
    const equals = item.indexOf("=");
    return equals > 0 ? [[item.slice(0, equals), item.slice(equals + 1)]] : [];
  });
}

/** Who called sudo(8), if the one who runs this program is root by it. */
export function readSudo(
  environment: Environment,
  uid: number,
): { uid: number; gid: number; user: string } | undefined {
  const { SUDO_UID: caller, SUDO_GID: group, SUDO_USER: user } = environment;
  if (uid !== 0 || !/^\d{1,10}$/.test(caller ?? "") || !/^\d{1,10}$/.test(group ?? "")) return undefined;
  return { uid: Number(caller), gid: Number(group), user: user ?? String(caller) };
}

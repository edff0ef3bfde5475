// What rules about one directory share: where it is, who may repair it, and how.
import type { Facts, Outcome, Place } from "../../facts/facts.ts";
import type { Fix } from "../../finding/finding.ts";
import type { Entry } from "../../permission/entry.ts";
import { shellQuote } from "./say.ts";
import { setCommand, titleFor } from "./setting.ts";

/** True if the path is the directory or below it. */
export function isInside(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory === "/" ? "/" : `${directory}/`);
}

export function placeNamed(facts: Facts, name: Place["name"]): Place | undefined {
  return facts.places.find((place) => place.name === name);
}

/** The entry of a place, if it exists and was seen. */
export function existing(place: Place): Entry | undefined {
  return place.entry === "absent" ? undefined : place.entry;
}

/** `/go: others have r-x`: the component that refuses, and why. */
export function refusalOf(outcome: Outcome): string {
  const because = outcome.because ?? "access is refused";
  return outcome.at === undefined ? because : `${outcome.at}: ${because}`;
}

/** Prefixes a command that only root may run, unless it is root who reads it. */
export function asRoot(facts: Facts, command: string): string {
  return facts.self.uid === 0 ? command : `sudo ${command}`;
}

/** UID:GID of the subject, as chown(1) takes it. */
function subjectIds(facts: Facts): string {
  return `${facts.subject.subject.uid}:${facts.subject.subject.gid}`;
}

/** Gives the subject a cache of its own; the path is in the subject's home directory, as Go's default is. */
export function ownCacheFix(facts: Facts): Fix {
  return {
    title: titleFor(facts, "Use a module cache of your own"),
    disposition: "safe",
    command: setCommand(facts, "GOMODCACHE", ownCachePath(facts)),
  };
}

/** Another directory in the subject's home than the cache in question, as a shell is to read it. */
export function ownCachePath(facts: Facts): string {
  const usual = facts.subject.home !== undefined && facts.cache.path === `${facts.subject.home}/go/pkg/mod`;
  return usual ? '"$HOME/.cache/go-mod"' : '"$HOME/go/pkg/mod"';
}

/** Reads a cache that cannot be written as a proxy; go then checks every module against go.sum again. */
export function proxyFix(facts: Facts): Fix {
  const { command } = ownCacheFix(facts);
  const download = shellQuote(`file://${facts.cache.realPath}/cache/download`);
  const proxy = setCommand(facts, "GOPROXY", `${download},"$(go env GOPROXY)"`);
  return {
    title: titleFor(facts, "Use your own cache, and read this one as a module proxy"),
    disposition: "safe",
    command: `${command} && ${proxy}`,
  };
}

/** Takes back a directory that root left in the subject's home; undefined if it is somebody else's, or elsewhere. */
export function takeBackFix(facts: Facts, path: string, entry: Entry | undefined): Fix | undefined {
  const { home } = facts.subject;
  if (entry === undefined || entry.uid !== 0 || home === undefined || home === "/" || !isInside(path, home)) {
    return undefined;
  }
  return {
    title: "Give it back to the user whose home it is in",
    disposition: "safe",
    command: asRoot(facts, `chown -R -h ${subjectIds(facts)} ${shellQuote(path)}`),
  };
}

/** Makes one directory that the subject owns. Directories above that are missing too belong to root. */
export function makeFix(facts: Facts, path: string): Fix {
  const [uid, gid] = subjectIds(facts).split(":") as [string, string];
  return {
    title: "Make it, owned by the user who needs it",
    disposition: "safe",
    command: asRoot(facts, `install -d -m 0755 -o ${uid} -g ${gid} ${shellQuote(path)}`),
  };
}

/**
 * True if nothing was ever downloaded into the cache. A directory without subdirectories has two links on most file systems;
 * Btrfs always says one, so that there it is not known.
 */
export function isEmptyCache(facts: Facts): boolean {
  return facts.cache.state === "directory" && facts.cache.entry?.links === 2;
}

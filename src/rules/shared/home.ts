// A HOME that cannot hold what Go keeps below it is one cause of several failures; the rules that look at those leave it to home-missing.
import type { Facts, Outcome } from "../../facts/facts.ts";
import { isInside, placeNamed } from "./directory.ts";
import { subjectName } from "./say.ts";
import { ownVariable, setting } from "./setting.ts";

export interface BrokenHome {
  /** HOME as go sees it; empty if it is not set. */
  readonly home: string;
  /** A clause: `HOME is not set`. */
  readonly problem: string;
  /** The settings that go derives from it, and that fail for it. */
  readonly hurts: readonly ("GOMODCACHE" | "GOCACHE")[];
}

/** Says what is wrong with HOME, if something that go needs fails for it. */
export function brokenHome(facts: Facts): BrokenHome | undefined {
  const place = placeNamed(facts, "HOME");
  const home = facts.subject.self ? (facts.environment["HOME"] ?? "") : (facts.subject.home ?? place?.path ?? "");
  const hurts: BrokenHome["hurts"][number][] = [];
  if (facts.cache.state === "unset" && home === "") hurts.push("GOMODCACHE");
  if (facts.cache.state === "missing" && failsFor(home, facts.cache.path, facts.cache.creatable))
    hurts.push("GOMODCACHE");
  const buildCache = placeNamed(facts, "GOCACHE");
  if (home === "" && isWithoutBuildCache(facts)) hurts.push("GOCACHE");
  else if (buildCache !== undefined && failsFor(home, buildCache.path, buildCache.writable)) hurts.push("GOCACHE");
  if (hurts.length === 0) return undefined;
  return { home, problem: problemOf(home, place?.entry === "absent", facts), hurts };
}

/** True if the path is below HOME, and HOME itself or a directory above it is what refuses. */
function failsFor(home: string, path: string, outcome: Outcome | undefined): boolean {
  if (home === "" || outcome?.verdict !== "no" || !isInside(path, home)) return false;
  return outcome.at !== undefined && isInside(home, outcome.at);
}

/** Without HOME and XDG_CACHE_HOME, go has no place for GOCACHE, and `go env GOCACHE` prints `off`. */
function isWithoutBuildCache(facts: Facts): boolean {
  const value = setting(facts, "GOCACHE");
  return !ownVariable(facts, "GOCACHE") && !ownVariable(facts, "XDG_CACHE_HOME") && (value === "" || value === "off");
}

function problemOf(home: string, absent: boolean, facts: Facts): string {
  if (home === "") return "HOME is not set";
  if (home === "/") return "HOME is /";
  if (absent) return `HOME is ${home}, which does not exist`;
  return `HOME is ${home}, where ${subjectName(facts)} cannot create anything`;
}

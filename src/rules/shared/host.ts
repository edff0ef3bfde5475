// What rules share that know the kind of host: which kind it is, and whether one of them tells why a cache is closed.
import type { Facts } from "../../facts/facts.ts";
import type { HostKind, Subordinates } from "../../facts/host.ts";
import { isInside } from "./directory.ts";
import { brokenHome } from "./home.ts";

/** The evidence of a kind; undefined if the host is not of that kind. */
export function evidenceOf(facts: Facts, ...kinds: readonly HostKind[]): string | undefined {
  return facts.hosts?.find(({ kind }) => kinds.includes(kind))?.evidence;
}

/** True if the subject cannot add to the cache that is there, or cannot make it; a mount that forbids it is another matter. */
export function isCacheClosed({ cache }: Facts): boolean {
  if (cache.mount?.readOnly === true) return false;
  if (cache.state === "missing") return cache.creatable?.verdict === "no";
  return cache.state === "directory" && cache.writable?.verdict === "no";
}

/** An OpenShift pod's UID, at a cache that the image closes to it; a HOME that cannot hold a cache is what home-missing tells. */
export function isClosedToArbitraryUid(facts: Facts): boolean {
  if (evidenceOf(facts, "openshift") === undefined || !isCacheClosed(facts)) return false;
  return brokenHome(facts)?.hurts.includes("GOMODCACHE") !== true;
}

/** A dev container's user with a name and a home of its own, at a cache of a UID that nobody has: the UID that this user had in the image. */
export function isLeftByFormerUid(facts: Facts): boolean {
  const { subject, name, home } = facts.subject;
  const { entry, path } = facts.cache;
  if (evidenceOf(facts, "devcontainer") === undefined || !isCacheClosed(facts) || entry === undefined) return false;
  if (name === undefined || home === undefined || isInside(path, home)) return false;
  return entry.uid !== 0 && entry.uid !== subject.uid && !facts.userNames.has(entry.uid);
}

/** The range that a UID is in; undefined for a UID that has a name, or is in none. */
export function subordinatesOf(uid: number, facts: Facts): Subordinates | undefined {
  if (facts.subordinates === undefined || facts.userNames.has(uid)) return undefined;
  return facts.subordinates.find(({ from, count }) => uid >= from && uid < from + count);
}

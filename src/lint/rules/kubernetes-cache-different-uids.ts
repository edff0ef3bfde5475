// Containers of one pod write one Go cache as different users, and none gives its files to the other.
import { type Container, isSequential, nameOf } from "../kubernetes/container.ts";
import { type GoCacheVolume, goCacheVolumes } from "../kubernetes/go-cache.ts";
import { givesAway, needOf, writesTo } from "../kubernetes/handover.ts";
import type { Pod } from "../kubernetes/model.ts";
import type { LintDraft, LintRule } from "../rule.ts";
import { replaced } from "../yaml/edit.ts";

export const kubernetesCacheDifferentUids: LintRule<"kubernetes" | "tekton"> = {
  id: "kubernetes-cache-different-uids",
  severity: "error",
  title: "containers with different UIDs write one Go cache",
  kinds: ["kubernetes", "tekton"],
  check: ({ pods }) => pods.flatMap((pod) => goCacheVolumes(pod).flatMap((cache) => ofVolume(cache, pod))),
};

type User = GoCacheVolume["users"][number];

/** One cause is one finding: the first container of the volume that is hurt. */
function ofVolume(cache: GoCacheVolume, pod: Pod): LintDraft[] {
  for (const hurt of cache.users) {
    for (const maker of cache.users) {
      const draft = ofPair(maker, hurt, cache, pod);
      if (draft !== undefined) return [draft];
    }
  }
  return [];
}

function ofPair(maker: User, hurt: User, cache: GoCacheVolume, { containers }: Pod): LintDraft | undefined {
  const [by, uid] = [maker.container.uid?.value, hurt.container.uid?.value];
  // Root writes everywhere, unless it has no capabilities; a root init container has a rule of its own.
  if (by === undefined || uid === undefined || by === uid || uid === 0) return undefined;
  if (by === 0 && isSequential(maker.container)) return undefined;
  const [first, second] = [containers.indexOf(maker.container), containers.indexOf(hurt.container)];
  if (second < first && isSequential(hurt.container)) return undefined;
  const made = writesTo(maker.container, maker.mount);
  const last = made.at(-1);
  if (last === undefined || givesAway(maker.container, maker.mount, last, containers.slice(first + 1, second)))
    return undefined;
  const need = needOf(hurt.container, hurt.mount, made, cache);
  if (need === undefined) return undefined;
  return {
    message: `${nameOf(maker.container)} fills the cache as uid ${by}, and in ${nameOf(hurt.container)} ${need.words} as uid ${uid}: permission denied`,
    at: placeOf(hurt.container),
    subject: `uid ${uid}`,
    confidence: need.certain && second > first && isSequential(maker.container) ? "certain" : "likely",
    why: "What go makes belongs to whoever runs it, 0755 and 0644 under umask 022: the others can read it but not add to it",
    fixes: [fixOf(maker.container, hurt.container, uid)],
  };
}

const placeOf = ({ uid, at }: Container) =>
  uid?.level === "container" ? { start: uid.field.key?.start ?? uid.field.start, end: uid.field.end } : at;

function fixOf(maker: Container, hurt: Container, uid: number): LintDraft["fixes"][number] {
  const edits = maker.uid?.level === "container" ? replaced(maker.uid.field, String(uid)) : undefined;
  return {
    title: `Run ${nameOf(maker)} as uid ${uid} too, as ${nameOf(hurt)}, or give each a cache of its own`,
    disposition: "unsafe",
    ...(edits === undefined ? {} : { edits }),
  };
}

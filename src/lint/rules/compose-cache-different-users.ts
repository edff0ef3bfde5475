// Two services write one Go cache as different users: whoever comes first closes it to the other.
import type { ComposeFile, Service } from "../compose/model.ts";
import { type GoCacheVolume, goCacheVolumes } from "../kubernetes/go-cache.ts";
import { givesAway, needOf, preparesVolume, writesTo } from "../kubernetes/handover.ts";
import type { LintDraft, LintRule } from "../rule.ts";

export const composeCacheDifferentUsers: LintRule<"compose"> = {
  id: "compose-cache-different-users",
  severity: "error",
  title: "services with different users write one Go cache",
  kinds: ["compose"],
  check: (file) => (file.pod === undefined ? [] : goCacheVolumes(file.pod)).flatMap((cache) => ofVolume(cache, file)),
};

type User = GoCacheVolume["users"][number];

/** One cause is one finding: the first service that is hurt. */
function ofVolume(cache: GoCacheVolume, { services }: ComposeFile): LintDraft[] {
  // Whoever prepares it may have given it default ACLs, or to a group.
  if (cache.users.some(({ container, mount }) => preparesVolume(container, mount))) return [];
  for (const hurt of cache.users) {
    for (const maker of cache.users) {
      const draft = ofPair(maker, hurt, cache, services);
      if (draft !== undefined) return [draft];
    }
  }
  return [];
}

function ofPair(maker: User, hurt: User, cache: GoCacheVolume, services: readonly Service[]): LintDraft | undefined {
  const [by, uid] = [maker.container.uid?.value, hurt.container.uid?.value];
  if (by === undefined || uid === undefined || by === uid || uid === 0) return undefined;
  const made = writesTo(maker.container, maker.mount);
  const last = made.at(-1);
  if (last === undefined || givesAway(maker.container, maker.mount, last, [])) return undefined;
  const need = needOf(hurt.container, hurt.mount, made, cache);
  const user = services.find(({ container }) => container === hurt.container)?.user;
  if (need === undefined || user === undefined) return undefined;
  const who = by === 0 ? "root" : `uid ${by}`;
  return {
    message: `Service "${maker.container.name}" fills the cache "${cache.name}" as ${who}, and in "${hurt.container.name}" ${need.words} as uid ${uid}: permission denied`,
    at: { start: user.key?.start ?? user.start, end: user.end },
    subject: `uid ${uid}`,
    confidence: "likely",
    why: "What go makes belongs to whoever runs it, 0755 and 0644 under umask 022: the others can read it but not add to it",
    fixes: [
      {
        title: `Give "${maker.container.name}" the same user, or each service a volume of its own`,
        disposition: "unsafe",
      },
    ],
  };
}

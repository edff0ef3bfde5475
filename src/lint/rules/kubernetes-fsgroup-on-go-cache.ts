// fsGroup as a cure for a Go cache: it gives a group but no group write, and on a claim it takes Go's write protection away.
import { type Container, nameOf } from "../kubernetes/container.ts";
import { type GoCacheVolume, goCacheVolumes } from "../kubernetes/go-cache.ts";
import { writesTo } from "../kubernetes/handover.ts";
import type { Pod } from "../kubernetes/model.ts";
import type { LintDraft, LintRule } from "../rule.ts";
import { besides } from "../yaml/edit.ts";
import type { Field } from "../yaml/field.ts";

export const kubernetesFsgroupOnGoCache: LintRule<"kubernetes" | "tekton"> = {
  id: "kubernetes-fsgroup-on-go-cache",
  severity: "warning",
  title: "fsGroup does not make a Go cache shareable",
  kinds: ["kubernetes", "tekton"],
  check: ({ pods, file }) =>
    pods.flatMap((pod) => {
      const group = pod.securityContext?.get("fsGroup");
      if (group?.number() === undefined) return [];
      // One group, one finding: that of the first volume that it is wrong for.
      return goCacheVolumes(pod)
        .flatMap((cache) => ofVolume(cache, pod, group, file.text))
        .slice(0, 1);
    }),
};

function ofVolume(cache: GoCacheVolume, pod: Pod, group: Field, text: string): LintDraft[] {
  const at = { start: group.key?.start ?? group.start, end: group.end };
  const kind = cache.volume?.kind;
  const always = pod.securityContext?.get("fsGroupChangePolicy")?.text() !== "OnRootMismatch";
  const kept = kind === "persistentVolumeClaim" && cache.users.some(({ mount }) => !mount.readOnly);
  if (kept && always && cache.holds.has("modules")) {
    const edits = besides(group, "fsGroupChangePolicy: OnRootMismatch", text);
    const given = pod.securityContext?.get("fsGroupChangePolicy") !== undefined;
    return [
      {
        message: `fsGroup ${group.text()} opens the module cache on "${cache.name}" at every start: Go's 0444 files become 0664 and its 0555 directories 2775`,
        at,
        why: "The kubelet walks the whole volume before the first container and gives the group read and write, so that a build can change the source of modules, which only go mod verify notices; and the walk takes minutes on a large cache",
        confidence: "likely",
        fixes: [
          {
            title: "Walk only where the root of the volume is not right yet: fsGroupChangePolicy: OnRootMismatch",
            disposition: "unsafe",
            ...(edits === undefined || given || !group.own ? {} : { edits }),
          },
        ],
      },
    ];
  }
  const pair = kind === "emptyDir" ? writersApart(cache, pod) : undefined;
  if (pair === undefined) return [];
  return [
    {
      message: `fsGroup ${group.text()} does not let ${nameOf(pair[1])} write what ${nameOf(pair[0])} makes: under umask 022 the group may only read`,
      at,
      why: "It gives new files the group, by the setgid bit; group write comes from the umask of whoever makes them, and Go's own trees are closed whatever the umask",
      confidence: "likely",
      fixes: [
        { title: "One runAsUser for all containers of the cache, or umask 002 in each script", disposition: "unsafe" },
      ],
    },
  ];
}

/** Two containers that write the volume under UIDs that are known, different and not root's. */
function writersApart({ users }: GoCacheVolume, { containers }: Pod): [Container, Container] | undefined {
  const writers = users
    .filter(({ container, mount }) => container.uid !== undefined && writesTo(container, mount).length > 0)
    .map(({ container }) => container)
    .filter(({ commands }) => !commands.some(({ words }) => words[0]?.value === "umask"))
    .sort((a, b) => containers.indexOf(a) - containers.indexOf(b));
  for (const first of writers) {
    const other = writers.find(
      (one) =>
        one.uid?.value !== first.uid?.value && one.uid?.value !== 0 && writers.indexOf(one) > writers.indexOf(first),
    );
    if (other !== undefined && first.uid !== undefined) return [first, other];
  }
  return undefined;
}

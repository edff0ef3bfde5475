// A fresh named volume where the image has no directory is root's with 0755: a service with a user of its own cannot write it.
import type { ComposeFile, Service } from "../compose/model.ts";
import type { ServiceMount } from "../compose/mount.ts";
import { knownImage } from "../dockerfile/images.ts";
import { goCacheVolumes } from "../kubernetes/go-cache.ts";
import { preparesVolume } from "../kubernetes/handover.ts";
import type { LintDraft, LintFix, LintRule } from "../rule.ts";

export const composeCacheVolumeOfRoot: LintRule<"compose"> = {
  id: "compose-cache-volume-of-root",
  severity: "error",
  title: "a new volume for the cache belongs to root",
  kinds: ["compose"],
  check: (file) => file.services.flatMap((service) => ofService(service, file)),
};

/** What everybody may write in the official images: a volume takes owner and mode of the directory that it covers. */
const open = /^(\/go(\/(bin|src))?|\/tmp|\/var\/tmp)$/;

function ofService({ container, image, mounts, user }: Service, { pod, services }: ComposeFile): LintDraft[] {
  const uid = container.uid?.value;
  const family = knownImage(image ?? "")?.family;
  if (pod === undefined || user === undefined || uid === undefined || uid === 0) return [];
  if (family !== "golang" && family !== "distribution") return [];
  for (const cache of goCacheVolumes(pod)) {
    if (cache.volume?.kind !== "volume") continue;
    const mount = mounts.find(({ volume, readOnly }) => volume === cache.name && !readOnly);
    if (mount === undefined || open.test(mount.path)) continue;
    // It could be another service's first mount that decides, or one that gives it away.
    const others = services.filter((one) => one.container !== container);
    if (others.some((one) => decides(one, cache.name))) continue;
    return [
      {
        message: `The volume "${cache.name}" is new and root's with 0755 at ${mount.path}, which ${image} does not have: uid ${uid} cannot write it`,
        at: { start: mount.start, end: mount.end },
        subject: `uid ${uid}`,
        confidence: "likely",
        why: "A named volume takes the owner and the mode of the directory in the image that it covers; where there is none, the engine makes one for root",
        fixes: fixesOf(mount, family),
      },
    ];
  }
  return [];
}

/** True if the service may leave the volume to somebody else than root: not what runs as the same kind of user on a known image. */
function decides({ container, mounts, image }: Service, volume: string): boolean {
  const mount = container.mounts.find((one) => one.volume === volume);
  if (mount === undefined || mounts.every((one) => one.volume !== volume)) return false;
  return knownImage(image ?? "") === undefined || open.test(mount.path) || preparesVolume(container, mount);
}

function fixesOf({ at, path }: ServiceMount, family: string): LintFix[] {
  const words: LintFix = {
    title: "Let a service of root's give it to the user first: gomodcache generate compose prints one",
    disposition: "unsafe",
  };
  const whole = family === "golang" && /^\/go\/pkg(\/mod)?$/.test(path) && at !== undefined;
  if (!whole) return [words];
  const edits = [{ ...at, text: "/go" }];
  return [
    { title: "Mount it at /go, which is 1777 in the image, and so in a new volume", disposition: "unsafe", edits },
    words,
  ];
}

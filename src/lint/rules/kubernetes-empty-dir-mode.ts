// An emptyDir whose mode closes the Go cache on it to a container that is not root.
import { knownImage } from "../dockerfile/images.ts";
import { type Container, nameOf } from "../kubernetes/container.ts";
import { type GoCacheVolume, goCacheVolumes } from "../kubernetes/go-cache.ts";
import { writesTo } from "../kubernetes/handover.ts";
import type { Pod } from "../kubernetes/model.ts";
import type { LintDraft, LintRule } from "../rule.ts";
import { replaced } from "../yaml/edit.ts";

export const kubernetesEmptyDirMode: LintRule<"kubernetes" | "tekton"> = {
  id: "kubernetes-empty-dir-mode",
  severity: "error",
  title: "the mode of an emptyDir closes the Go cache on it",
  kinds: ["kubernetes", "tekton"],
  check: ({ pods }) => pods.flatMap((pod) => goCacheVolumes(pod).flatMap((cache) => ofVolume(cache, pod))),
};

/** The largest mode that the API server takes (KEP-5502): permission bits and the sticky bit. */
const largest = 0o1777;
const writeAndEnter = 0o3;

function ofVolume(cache: GoCacheVolume, pod: Pod): LintDraft[] {
  const field = cache.volume?.mode;
  const mode = field?.fileMode();
  // The kubelet gives fsGroup's group all rights to the directory (pkg/volume/volume_linux.go, SetVolumeOwnership).
  if (field === undefined || mode === undefined || mode > largest || pod.securityContext?.has("fsGroup") === true)
    return [];
  if ((mode & writeAndEnter) === writeAndEnter) return [];
  const groups = ((mode >> 3) & writeAndEnter) === writeAndEnter;
  const hurt = cache.users.find(
    ({ container, mount }) =>
      mount.subPath === "" && isOther(container, pod, groups) && writesTo(container, mount).length > 0,
  );
  if (hurt === undefined) return [];
  const uid = hurt.container.uid?.value;
  const octal = mode.toString(8).padStart(4, "0");
  // JSON has decimal numbers only.
  const edits = replaced(field, /^0o?\d/.test(field.written() ?? "") ? "0777" : `${0o777}`);
  return [
    {
      message: `The emptyDir "${cache.name}" has mode ${octal} and belongs to root: ${nameOf(hurt.container)} cannot write its Go cache there as uid ${uid}`,
      at: { start: field.key?.start ?? field.start, end: field.end },
      subject: `uid ${uid}`,
      why: "The kubelet makes the directory as root:root with this mode, 0777 where none is given",
      confidence: "likely",
      fixes: [
        {
          title: "Leave the directory open: a pod's emptyDir is nobody else's",
          disposition: "unsafe",
          ...(edits === undefined ? {} : { edits }),
        },
        { title: "Or let a group in: fsGroup in the pod's securityContext", disposition: "unsafe" },
      ],
    },
  ];
}

/** True if neither the owner's bits nor the group's are the container's: its user is not root, and its groups are known not to be. */
function isOther({ uid, gid, image }: Container, { securityContext }: Pod, groups: boolean): boolean {
  if (uid === undefined || uid.value === 0) return false;
  if (!groups) return true;
  // Without runAsGroup it is the group that the image's passwd says, or root's. Images may have users in root's group.
  const known = knownImage(image?.text() ?? "") !== undefined;
  return gid !== undefined && gid.value !== 0 && known && securityContext?.has("supplementalGroups") !== true;
}

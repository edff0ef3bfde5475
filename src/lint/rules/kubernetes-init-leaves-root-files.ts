// A root init container fills the cache, and what it leaves cannot be written by the UID that goes on.
import { type Container, capabilityNames, isSequential, nameOf } from "../kubernetes/container.ts";
import { goCacheVolumes } from "../kubernetes/go-cache.ts";
import { givesAway, type Need, needOf, type Write, writesTo } from "../kubernetes/handover.ts";
import type { Pod } from "../kubernetes/model.ts";
import type { LintDraft, LintFix, LintRule } from "../rule.ts";
import { appendedTo, replaced } from "../yaml/edit.ts";

export const kubernetesInitLeavesRootFiles: LintRule<"kubernetes" | "tekton"> = {
  id: "kubernetes-init-leaves-root-files",
  severity: "error",
  title: "a root init container leaves files in the cache that the next container cannot write",
  kinds: ["kubernetes", "tekton"],
  check: ({ pods, file }) => pods.flatMap((pod) => ofPod(pod, file.text)),
};

function ofPod(pod: Pod, text: string): LintDraft[] {
  return goCacheVolumes(pod).flatMap((cache) =>
    cache.users.flatMap(({ container: init, mount }) => {
      if (!isSequential(init) || init.uid?.value !== 0) return [];
      const made = writesTo(init, mount);
      const last = made.at(-1);
      if (last === undefined) return [];
      const order = pod.containers.indexOf(init);
      for (const { container, mount: there } of cache.users) {
        const place = pod.containers.indexOf(container);
        const uid = container.uid?.value;
        if (place <= order || uid === undefined || uid === 0) continue;
        if (givesAway(init, mount, last, pod.containers.slice(order + 1, place))) continue;
        const need = needOf(container, there, made, cache);
        if (need !== undefined) return [draftOf(init, container, uid, mount.path, last, need, pod, text)];
      }
      return [];
    }),
  );
}

function draftOf(
  init: Container,
  container: Container,
  uid: number,
  path: string,
  last: Write,
  need: Need,
  pod: Pod,
  text: string,
): LintDraft {
  return {
    message: `${nameOf(init)} fills the cache as root, and in ${nameOf(container)} ${need.words} as uid ${uid}: permission denied`,
    at: last.command,
    subject: `uid ${uid}`,
    confidence: need.certain ? "certain" : "likely",
    why: "An emptyDir is 0777 at its top only; what root makes in it is 0755 and 0644 under umask 022, and Go's own trees are 0555",
    fixes: fixesOf(init, container, uid, path, pod, text),
  };
}

function fixesOf(init: Container, container: Container, uid: number, path: string, pod: Pod, text: string): LintFix[] {
  const group = container.gid?.value ?? pod.securityContext?.get("fsGroup")?.number() ?? uid;
  const drop = capabilityNames(init, "drop");
  const bound = (drop.has("ALL") || drop.has("CHOWN")) && !capabilityNames(init, "add").has("CHOWN");
  const edits = bound ? undefined : appendedTo(init.script, `chown -R ${uid}:${group} ${path}`, text);
  const same = init.uid?.level === "container" ? replaced(init.uid.field, String(uid)) : undefined;
  return [
    {
      title: `Give it to uid ${uid} as the last step of ${nameOf(init)}`,
      disposition: "safe",
      ...(edits === undefined ? {} : { edits }),
    },
    {
      title: `Or run ${nameOf(init)} as uid ${uid} too`,
      disposition: "unsafe",
      ...(same === undefined ? {} : { edits: same }),
    },
  ];
}

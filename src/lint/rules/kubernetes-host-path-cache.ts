// A Go cache in a directory of the node: whoever came first owns it, and every pod of the node shares it.
import { nameOf } from "../kubernetes/container.ts";
import { goCacheVolumes } from "../kubernetes/go-cache.ts";
import type { LintRule } from "../rule.ts";

export const kubernetesHostPathCache: LintRule<"kubernetes" | "tekton"> = {
  id: "kubernetes-host-path-cache",
  severity: "warning",
  title: "a Go cache is a directory of the node",
  kinds: ["kubernetes", "tekton"],
  check: ({ pods }) =>
    pods.flatMap((pod) =>
      goCacheVolumes(pod).flatMap(({ name, volume, users }) => {
        // Whoever only reads it takes what the node's administrator put there.
        const writers = users.filter(({ mount }) => !mount.readOnly).map(({ container }) => container);
        // Root writes everywhere; who is hurt is another one.
        const writer = writers.find(({ uid }) => uid !== undefined && uid.value !== 0) ?? writers[0];
        if (volume?.kind !== "hostPath" || writer === undefined) return [];
        const uid = writer.uid?.value;
        return [
          {
            message: `The Go cache "${name}" of ${nameOf(writer)} is a hostPath: the node's directory belongs to root or to whoever came first, and fsGroup is ignored`,
            at: volume,
            ...(uid === undefined ? {} : { subject: `uid ${uid}` }),
            why: "DirectoryOrCreate makes it 0755 for root; all pods of the node write it, so that each can put code into the builds of the others; and each node has another one",
            fixes: [
              {
                title: "Take an emptyDir, or a PersistentVolumeClaim for a cache that stays",
                disposition: "unsafe" as const,
              },
              {
                title: "If it must be the node's, prepare it there, for the UID that the pods run as",
                disposition: "unsafe" as const,
                command: `sudo gomodcache init --cache-dir DIR --owner ${uid ?? "UID"}:${writer.gid?.value ?? uid ?? "GID"}`,
              },
            ],
          },
        ];
      }),
    ),
};

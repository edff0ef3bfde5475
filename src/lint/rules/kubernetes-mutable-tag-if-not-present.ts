// An image whose tag moves, kept by each node as it first came: pods of one Job differ in go and in users.

import { type Container, nameOf } from "../kubernetes/container.ts";
import { concernsGo } from "../kubernetes/go-cache.ts";
import type { LintDraft, LintRule } from "../rule.ts";
import { replaced } from "../yaml/edit.ts";

export const kubernetesMutableTagIfNotPresent: LintRule<"kubernetes" | "tekton"> = {
  id: "kubernetes-mutable-tag-if-not-present",
  severity: "advice",
  title: "a tag that moves is pulled only once",
  kinds: ["kubernetes", "tekton"],
  check: ({ pods }) => pods.flatMap(({ containers }) => containers.filter(concernsGo).flatMap(ofContainer)),
};

/** Tags that are made to move with every push. A version moves too, but rarely, and with the same users. */
const moving =
  /^(latest|stable|edge|main|master|trunk|dev|develop|nightly|canary|tip|alpine|bookworm|bullseye|trixie)$/;

function ofContainer(container: Container): LintDraft[] {
  const { image, pullPolicy } = container;
  const reference = image?.text() ?? "";
  if (pullPolicy?.text() !== "IfNotPresent" || reference.includes("@") || !/^[\w./:-]+$/.test(reference)) return [];
  const tag = /:([\w.-]+)$/.exec(reference)?.[1] ?? "latest";
  if (!moving.test(tag)) return [];
  const edits = replaced(pullPolicy, "Always");
  return [
    {
      message: `${nameOf(container)} takes ${reference} as each node happens to have it: the tag moves, and IfNotPresent never asks again`,
      at: { start: pullPolicy.key?.start ?? pullPolicy.start, end: pullPolicy.end },
      why: "Two nodes with two images may have two versions of go, and two users that fill one cache",
      fixes: [
        { title: `Name a version, or a digest: ${reference.replace(/:[\w.-]+$/, "")}@sha256:…`, disposition: "unsafe" },
        {
          title: "Or ask the registry each time: imagePullPolicy: Always",
          disposition: "unsafe",
          ...(edits === undefined ? {} : { edits }),
        },
      ],
    },
  ];
}

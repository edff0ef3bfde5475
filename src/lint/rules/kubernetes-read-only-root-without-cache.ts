// go in a container whose root file system is read-only, without a volume for what it must write.

import { knownImage } from "../dockerfile/images.ts";
import { type GoCommand, hasFlag } from "../golang/command.ts";
import { type Container, nameOf } from "../kubernetes/container.ts";
import { goCommands, mountAt, placesOf } from "../kubernetes/go-cache.ts";
import type { LintDraft, LintRule } from "../rule.ts";

export const kubernetesReadOnlyRootWithoutCache: LintRule<"kubernetes"> = {
  id: "kubernetes-read-only-root-without-cache",
  severity: "error",
  title: "go has nowhere to write under a read-only root file system",
  kinds: ["kubernetes"],
  check: ({ pods }) => pods.flatMap(({ containers }) => containers.flatMap(ofContainer)),
};

function ofContainer(container: Container): LintDraft[] {
  const { readOnlyRoot, image } = container;
  // Without an image it is a patch: the volumes are in what it is applied to.
  if (readOnlyRoot === undefined || image === undefined) return [];
  for (const go of goCommands(container)) {
    const closed = closedPlaces(go, container);
    if (closed.length === 0) continue;
    const names = closed.map(({ name, path }) => `${name} (${path})`).join(", ");
    return [
      {
        message: `${nameOf(container)} runs go ${go.verb} with a read-only root file system, and no volume is mounted for ${names}`,
        at: { start: readOnlyRoot.key?.start ?? readOnlyRoot.start, end: readOnlyRoot.end },
        confidence: "likely",
        why: "go must make a work directory, and write results and modules; the mode of a directory does not matter where the file system is read-only",
        fixes: [
          {
            title: `Mount an emptyDir, and point there: ${closed.map(({ name }) => name).join(", ")}`,
            disposition: "safe",
          },
        ],
      },
    ];
  }
  return [];
}

/** What the command must write and cannot. */
function closedPlaces(go: GoCommand, container: Container): { name: string; path: string }[] {
  const { modules, builds, temporary } = placesOf(container, go.command);
  const closed: { name: string; path: string }[] = [];
  const look = (name: string, path: string | undefined): void => {
    if (path?.startsWith("/") === true && mountAt(path, container)?.readOnly !== false) closed.push({ name, path });
  };
  if (go.compiles) {
    look("TMPDIR", temporary);
    look("GOCACHE", builds);
  }
  // Other images may have the modules in them; the official one has none.
  const empty = knownImage(container.image?.text() ?? "")?.family === "golang";
  const adds = go.verb === "get" || go.verb === "mod download" || go.versioned;
  if (adds && empty && !hasFlag(go, "mod=vendor")) look("GOMODCACHE", modules);
  return closed;
}

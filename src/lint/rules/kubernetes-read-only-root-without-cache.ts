// go in a container whose root file system is read-only, without a volume for what it must write.

import { knownImage } from "../dockerfile/images.ts";
import { type GoCommand, hasFlag } from "../golang/command.ts";
import { type Container, nameOf } from "../kubernetes/container.ts";
import { goCommands, mountAt, placesOf } from "../kubernetes/go-cache.ts";
import type { Pod } from "../kubernetes/model.ts";
import type { LintDraft, LintFix, LintRule, TextEdit } from "../rule.ts";
import { addedTo } from "../yaml/edit.ts";

export const kubernetesReadOnlyRootWithoutCache: LintRule<"kubernetes" | "tekton"> = {
  id: "kubernetes-read-only-root-without-cache",
  severity: "error",
  title: "go has nowhere to write under a read-only root file system",
  kinds: ["kubernetes", "tekton"],
  check: ({ pods, file }) =>
    pods.flatMap((pod) => pod.containers.flatMap((container) => ofContainer(container, pod, file.text))),
};

function ofContainer(container: Container, pod: Pod, text: string): LintDraft[] {
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
        // A volume for the results alone would let a project without vendored modules fail at the next thing.
        fixes: [fixOf(closedPlaces(go, container, true), go, container, pod, text)],
      },
    ];
  }
  return [];
}

const volume = "go-work";

/** An emptyDir at the temporary directory, which must exist, and the caches below it, which go makes. */
function fixOf(closed: readonly Closed[], go: GoCommand, container: Container, pod: Pod, text: string): LintFix {
  const title = `Mount an emptyDir, and point there: ${closed.map(({ name }) => name).join(", ")}`;
  const words: LintFix = { title, disposition: "safe" };
  const temporary = placesOf(container, go.command).temporary;
  const named = closed.filter(({ name }) => name !== "TMPDIR").map(({ name }) => name);
  // What the script or the environment sets would have to be changed there.
  if (temporary?.startsWith("/") !== true || container.openEnv) return words;
  if (named.some((name) => container.env.has(name) || go.command.assignments.some((one) => one.name === name)))
    return words;
  if (container.commands.some(({ assignments }) => assignments.some((one) => /^GO(MOD)?CACHE$/.test(one.name))))
    return words;
  const parts: (TextEdit[] | undefined)[] = [];
  if (mountAt(temporary, container)?.readOnly !== false) {
    const there = pod.volumes.get(volume);
    if (there !== undefined && there.kind !== "emptyDir") return words;
    const mount = `{name: ${volume}, mountPath: ${temporary}}`;
    parts.push(addedTo(container.field, "volumeMounts", mount, container.image, text));
    const list = pod.field.get(pod.list ?? "containers");
    if (there === undefined) parts.push(addedTo(pod.field, "volumes", `{name: ${volume}, emptyDir: {}}`, list, text));
  }
  if (named.length > 0) {
    const leaf = { GOCACHE: "go-build", GOMODCACHE: "go-mod" } as Readonly<Record<string, string>>;
    const items = named.map((name) => `{name: ${name}, value: ${temporary}/${leaf[name]}}`);
    // In a list of lines each has a line of its own.
    const one = items.map((item) => addedTo(container.field, "env", item, container.image, text));
    const flow = container.field.get("env");
    if (flow === undefined) parts.push(addedTo(container.field, "env", items.join(", "), container.image, text));
    else parts.push(...one);
  }
  const edits = parts.flatMap((part) => part ?? []);
  return parts.includes(undefined) ? words : { ...words, edits: joined(edits) };
}

/** Insertions at one place as one: their order is then not chance. */
function joined(edits: readonly TextEdit[]): TextEdit[] {
  const places = new Map<number, TextEdit>();
  for (const edit of edits) {
    const there = places.get(edit.start);
    places.set(edit.start, there === undefined ? edit : { ...there, text: there.text + edit.text });
  }
  return [...places.values()];
}

interface Closed {
  readonly name: string;
  readonly path: string;
}

/** What the command must write and cannot; and what it would have to if modules are missing, if `perhaps`. */
function closedPlaces(go: GoCommand, container: Container, perhaps = false): Closed[] {
  const { modules, builds, temporary } = placesOf(container, go.command);
  const closed: Closed[] = [];
  const look = (name: string, path: string | undefined): void => {
    if (path?.startsWith("/") === true && mountAt(path, container)?.readOnly !== false) closed.push({ name, path });
  };
  if (go.compiles) look("TMPDIR", temporary);
  if (go.loads) look("GOCACHE", builds);
  // Other images may have the modules in them; the official one has none.
  const empty = knownImage(container.image?.text() ?? "")?.family === "golang";
  const adds = go.verb === "get" || go.verb === "mod download" || go.versioned;
  if ((adds || (perhaps && go.fetches)) && empty && !hasFlag(go, "mod=vendor")) look("GOMODCACHE", modules);
  return closed;
}

// GOCACHE or GOMODCACHE, often by way of HOME, is where the container's UID cannot write in the official image.
import { covers } from "../dockerfile/path.ts";
import { type GoCommand, hasFlag } from "../golang/command.ts";
import { type Container, nameOf } from "../kubernetes/container.ts";
import { concernsGo, goCommands, homeOf, mountAt, placesOf, runsOfficialImage } from "../kubernetes/go-cache.ts";
import type { Pod } from "../kubernetes/model.ts";
import type { LintDraft, LintFix, LintRule } from "../rule.ts";
import { addedTo } from "../yaml/edit.ts";

export const kubernetesCacheNotWritable: LintRule<"kubernetes"> = {
  id: "kubernetes-cache-not-writable",
  severity: "error",
  title: "go's directories are where the UID of the container cannot write",
  kinds: ["kubernetes"],
  check: ({ pods, file }) =>
    pods.flatMap((pod) => pod.containers.flatMap((container) => ofContainer(container, pod, file.text))),
};

function ofContainer(container: Container, pod: Pod, text: string): LintDraft[] {
  // A read-only root file system has a rule of its own; and who is not a user of the image is known of the official one only.
  if (container.readOnlyRoot !== undefined || !runsOfficialImage(container)) return [];
  const uid = container.uid?.value as number;
  const [closed] = goCommands(container).flatMap((go) => closedPlace(go, container));
  if (closed === undefined) return [];
  const { name, path, go } = closed;
  const home = homeOf(container, go.command);
  const nameless = home === "/" && !container.env.has("HOME") && name === "GOCACHE" && path.startsWith("/.cache/");
  const since = nameless ? `, since uid ${uid} is not in the image's /etc/passwd and its HOME is therefore /` : "";
  const { uid: user, at } = container;
  return [
    {
      message: `${nameOf(container)}: ${name} is ${path}${since}: go ${go.verb} cannot write there`,
      at: user?.level === "container" ? { start: user.field.key?.start ?? user.field.start, end: user.field.end } : at,
      subject: `uid ${uid}`,
      confidence: "likely",
      why:
        name === "GOCACHE"
          ? "go neither compiles nor loads packages of modules without its build cache: failed to initialize build cache"
          : "go must make it, and all above it belongs to root: could not create module cache",
      fixes: [fixOf(closed, container, pod, text)],
    },
  ];
}

interface Closed {
  readonly name: "GOCACHE" | "GOMODCACHE";
  readonly path: string;
  readonly go: GoCommand;
}

/** What a command must write, and cannot. */
function closedPlace(go: GoCommand, container: Container): Closed[] {
  // su, sudo and the like: another user.
  if (go.command.as !== undefined) return [];
  const { builds, modules } = placesOf(container, go.command);
  if (go.loads && isRoots(builds, container)) return [{ name: "GOCACHE", path: builds, go }];
  const adds = (go.verb === "get" || go.verb === "mod download" || go.versioned) && !hasFlag(go, "mod=vendor");
  return adds && isRoots(modules, container) ? [{ name: "GOMODCACHE", path: modules, go }] : [];
}

/** What everybody may write in the official image: docker-library/golang makes /go 1777, its bases the others. */
const open = ["/go", "/tmp", "/var/tmp", "/dev/shm"];

/** What is sure to be root's there. A directory at the top that the image does not have cannot be made either. */
function isRoots(path: string | undefined, container: Container): path is string {
  if (path?.startsWith("/") !== true || mountAt(path, container) !== undefined) return false;
  // /run, /proc, /sys and the rest of /dev are made by the runtime.
  if (/^\/(run|proc|sys|dev|var\/run|var\/lock)(\/|$)/.test(path)) return false;
  return !open.some((one) => covers(one, path));
}

const shared = "go-cache";

function fixOf({ name, path, go }: Closed, container: Container, pod: Pod, text: string): LintFix {
  const { env, image, openEnv, field } = container;
  const set = env.has(name) || (name === "GOMODCACHE" && env.has("GOPATH"));
  const title = set
    ? `Mount an emptyDir at ${path}`
    : `Put the build cache where everybody may write: GOCACHE=/tmp/go-build`;
  const words: LintFix = { title, disposition: "safe" };
  // What a script sets would have to be changed there.
  const scripted = container.commands.some(({ assignments }) =>
    assignments.some((one) => /^(GO(MOD)?CACHE|GOPATH|HOME|XDG_CACHE_HOME)$/.test(one.name)),
  );
  if (scripted || openEnv || go.command.assignments.some((one) => one.name === name)) return words;
  if (!set) {
    const tmp = mountAt("/tmp", container);
    // An emptyDir is 0777; who may write a claim or a directory of the node is not in the file.
    if (tmp !== undefined && (tmp.readOnly || pod.volumes.get(tmp.volume)?.kind !== "emptyDir")) return words;
    const edits = addedTo(field, "env", "{name: GOCACHE, value: /tmp/go-build}", image, text);
    return edits === undefined ? words : { ...words, edits };
  }
  // Modules that one container downloads are the others' too: which of them share is for the reader to say.
  const alone = pod.containers.filter(concernsGo).length === 1;
  const there = pod.volumes.get(shared);
  if ((name === "GOMODCACHE" && !alone) || there !== undefined) return words;
  const parts = [
    addedTo(field, "volumeMounts", `{name: ${shared}, mountPath: ${path}}`, image, text),
    addedTo(pod.field, "volumes", `{name: ${shared}, emptyDir: {}}`, pod.field.get("containers"), text),
  ];
  return parts.includes(undefined) ? words : { ...words, edits: parts.flatMap((part) => part ?? []) };
}

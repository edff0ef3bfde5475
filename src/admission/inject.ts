// A pod that asks for it gets Go's caches: volumes, mounts, variables, a umask or an init step, a user. What is there is never changed but
// for the command that a umask needs, so that a second time adds nothing.
import { handOver } from "../generate/pod.ts";
import { type Asks, marker } from "./asks.ts";
import { injectContainer, type Place, runsGo } from "./container.ts";
import { isCostly, textsOf } from "./cost.ts";
import { copyOf, type Json, type JsonObject, objectsOf, own, textOf } from "./json.ts";
import { Draft, type Operation } from "./patch.ts";
import { asPod, type PodObject } from "./shape.ts";

export interface InjectSettings {
  /** An image with gomodcache-init for the init step; a POSIX shell's does it if absent. */
  readonly initImage?: string;
}

export interface Injection {
  /** With the changes made. */
  readonly pod: PodObject;
  readonly patch: readonly Operation[];
  /** What was asked and not done; each a sentence without a full stop. */
  readonly warnings: readonly string[];
}

const handOverName = "gomodcache-hand-over";

/** @param object of kind Pod, or the template of one; it is not changed */
export function inject(object: JsonObject, asks: Asks, settings: InjectSettings = {}): Injection | string {
  const draft = new Draft(copyOf(object));
  const pod = asPod(draft.object);
  if (pod === undefined) return "nothing is injected: this is no pod that Kubernetes would take";
  if (own(own(pod.spec, "os"), "name") === "windows") return "nothing is injected: it is a pod for Windows";
  const texts = textsOf(pod.spec);
  if (texts === undefined || isCostly(texts)) return "nothing is injected: the pod is too large to be looked at";
  const warnings: string[] = [];
  const places = containersOf(pod, asks, warnings);
  if (places.length === 0) {
    warnings.push(
      "nothing is injected: no container is known to run go; name yours in the annotation gomodcache.dev/containers",
    );
    return { pod, patch: [], warnings };
  }
  const volumes = new Set(places.flatMap((place) => injectContainer(draft, place, asks, warnings)));
  const handsOver = asks.variant === "init" && volumes.has("gomodcache");
  const named = new Set(objectsOf(own(pod.spec, "volumes")).map((volume) => textOf(own(volume, "name"))));
  // A volume of this name that the pod has, such as a claim, is what it wants.
  for (const name of volumes) if (!named.has(name)) draft.append(["spec", "volumes"], { name, emptyDir: {} });
  setUser(draft, asks, warnings);
  if (handsOver) addHandOver(draft, asks, settings);
  mark(draft, asks);
  return { pod, patch: draft.operations, warnings };
}

/** The containers that get the caches, where they are in the pod. */
function containersOf({ spec }: PodObject, { containers }: Asks, warnings: string[]): Place[] {
  const all = (["initContainers", "containers"] as const).flatMap((list) =>
    objectsOf(own(spec, list)).map((container, index) => ({ list, index, name: textOf(own(container, "name")) ?? "" })),
  );
  const ours = all.filter(({ name }) => name !== handOverName);
  if (containers === undefined)
    return ours.filter(({ list, index }) => runsGo((spec[list] as JsonObject[])[index] as JsonObject, list));
  for (const name of containers)
    if (!ours.some((one) => one.name === name)) warnings.push(`there is no container "${name}" to inject into`);
  return ours.filter(({ name }) => containers.includes(name));
}

/** The pod's user, where asked: for all containers, so that each may change what another one made. */
function setUser(draft: Draft, { uid, gid }: Asks, warnings: string[]): void {
  const wanted: [string, Json][] = [];
  if (uid !== undefined) wanted.push(["runAsUser", uid], ["runAsNonRoot", true]);
  if (gid !== undefined) wanted.push(["runAsGroup", gid]);
  for (const [name, value] of wanted) {
    const there = draft.at("spec", "securityContext", name) ?? undefined;
    if (there === value) continue;
    if (there !== undefined) {
      warnings.push(`the pod's securityContext.${name} stays ${JSON.stringify(there)}, though ${value} is asked`);
      continue;
    }
    if ((draft.at("spec", "securityContext") ?? null) === null) draft.set(["spec", "securityContext"], {});
    draft.set(["spec", "securityContext", name], value);
  }
}

/** A first step, as root, that gives the volume to the user: of use where it is a claim that root filled. */
function addHandOver(draft: Draft, { uid, gid, variant, cacheDir }: Asks, { initImage }: InjectSettings): void {
  const steps = objectsOf(draft.at("spec", "initContainers"));
  if (uid === undefined || steps.some((step) => own(step, "name") === handOverName)) return;
  const contract = variant === "group" ? "group" : "private";
  const { image, command } = handOver(
    { uid, gid: gid ?? uid, contract, ...(initImage === undefined ? {} : { initImage }) },
    cacheDir,
  );
  draft.prepend(["spec", "initContainers"], {
    name: handOverName,
    image,
    command: JSON.parse(command) as string[],
    // Only root may give files away; chown needs CHOWN, chmod of another user's file FOWNER, a closed directory DAC_OVERRIDE, setgid FSETID.
    securityContext: {
      runAsUser: 0,
      runAsGroup: 0,
      runAsNonRoot: false,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"], add: ["CHOWN", "FOWNER", "DAC_OVERRIDE", "FSETID"] },
    },
    volumeMounts: [{ name: "gomodcache", mountPath: cacheDir }],
  });
}

function mark(draft: Draft, { variant }: Asks): void {
  if (draft.at("metadata", "annotations", marker) === variant) return;
  if ((draft.at("metadata") ?? null) === null) draft.set(["metadata"], {});
  if ((draft.at("metadata", "annotations") ?? null) === null) draft.set(["metadata", "annotations"], {});
  draft.set(["metadata", "annotations", marker], variant);
}

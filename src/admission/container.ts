// One container that gets Go's caches.

import { knownImage } from "../lint/dockerfile/images.ts";
import { covers } from "../lint/dockerfile/path.ts";
import { type Container, readContainer } from "../lint/kubernetes/container.ts";
import { goCommands, isOurs, placesOf } from "../lint/kubernetes/go-cache.ts";
import type { Asks } from "./asks.ts";
import { fieldOf } from "./field.ts";
import { below, type JsonObject, objectsOf, own, textOf } from "./json.ts";
import type { Draft } from "./patch.ts";
import { underUmask } from "./umask.ts";

/** Where a container is in its pod's spec. */
export interface Place {
  readonly list: "containers" | "initContainers";
  readonly index: number;
  readonly name: string;
}

/** True if the container tells that it runs go: by the official image, its variables or its command. */
export function runsGo(container: JsonObject, list: Place["list"]): boolean {
  if (knownImage(textOf(own(container, "image")) ?? "")?.family === "golang") return true;
  const read = readContainer(fieldOf(container), list, undefined, "");
  return !isOurs(read) && (goCommands(read).length > 0 || ["GOMODCACHE", "GOCACHE"].some((name) => read.env.has(name)));
}

const temporary = "/tmp";

/** @returns the names of the volumes that it has mounted now */
export function injectContainer(draft: Draft, place: Place, asks: Asks, warnings: string[]): string[] {
  const at = ["spec", place.list, place.index] as const;
  const container = draft.at(...at) as JsonObject;
  const caches = [
    { name: "GOMODCACHE", dir: asks.cacheDir, volume: "gomodcache" },
    { name: "GOCACHE", dir: asks.buildCacheDir, volume: "gocache" },
  ];
  for (const { name, dir, volume } of caches) {
    const there = objectsOf(own(container, "env")).find((one) => own(one, "name") === name);
    const value = textOf(own(there, "value"));
    // What the container says about itself holds; the volume goes there.
    if (there !== undefined && (value === undefined || !/^\/[^:$]*$/.test(value))) {
      warnings.push(`container "${place.name}" sets ${name} in a way that is not known here: it gets no volume for it`);
      continue;
    }
    mount(draft, at, value ?? dir, volume);
    if (there === undefined) draft.append([...at, "env"], { name, value: dir });
  }
  if (below(container, "securityContext", "readOnlyRootFilesystem") === true)
    makeWritable(draft, at, readContainer(fieldOf(container), place.list, undefined, ""));
  if (asks.variant === "group") setUmask(draft, at, place, warnings);
  return objectsOf(own(container, "volumeMounts"))
    .map((one) => textOf(own(one, "name")) ?? "")
    .filter((name) => name === "gomodcache" || name === "gocache" || name === "gotmp");
}

type At = readonly ["spec", Place["list"], number];

/** A path that is on a volume already stays there. */
function mount(draft: Draft, at: At, path: string, volume: string): void {
  const mounts = objectsOf(draft.at(...at, "volumeMounts")).map((one) => textOf(own(one, "mountPath")) ?? "");
  if (mounts.some((there) => covers(there.replace(/\/+$/, "") || "/", path))) return;
  draft.append([...at, "volumeMounts"], { name: volume, mountPath: path });
}

/** Under a read-only root file system go also needs a directory for its work, and GOPATH, where it keeps what it knows of the checksum database. */
function makeWritable(draft: Draft, at: At, container: Container): void {
  if (placesOf(container).temporary !== temporary) return;
  mount(draft, at, temporary, "gotmp");
  if (!container.env.has("GOPATH")) draft.append([...at, "env"], { name: "GOPATH", value: `${temporary}/go` });
}

function setUmask(draft: Draft, at: At, { name }: Place, warnings: string[]): void {
  const command = draft.at(...at, "command") as string[] | null | undefined;
  const args = draft.at(...at, "args") as string[] | null | undefined;
  if ((command ?? []).length === 0) {
    warnings.push(
      `container "${name}" has no command, so that its umask cannot be set: write the image's entrypoint there`,
    );
    return;
  }
  const words = underUmask(command ?? [], args ?? undefined);
  if (words === undefined) return;
  draft.set([...at, "command"], [...words.command]);
  if (words.args !== undefined) draft.set([...at, "args"], [...words.args]);
  else if (args !== undefined) draft.remove([...at, "args"]);
}

// What a pod asks for with its labels and annotations.
import { tidy } from "../lint/dockerfile/path.ts";
import { below, textOf } from "./json.ts";

export const prefix = "gomodcache.dev";
/** Says at the pod what was done to it. */
export const marker = `${prefix}/injected`;

export const variants = ["same-uid", "group", "init"] as const;
export type Variant = (typeof variants)[number];

export interface Asks {
  readonly variant: Variant;
  /** GOMODCACHE and GOCACHE: absolute, tidy, neither within the other. */
  readonly cacheDir: string;
  readonly buildCacheDir: string;
  readonly uid?: number;
  readonly gid?: number;
  /** The names of the containers that get the cache; those that are known to run go if absent. */
  readonly containers?: readonly string[];
}

/** What is asked; `undefined` if nothing is, a text if what is asked cannot be done. */
export type Asked = Asks | string | undefined;

/** Not below GOPATH of the official image: its /go/pkg would then be made by the runtime, for root, and go could not keep sumdb there. */
const defaults = { cacheDir: "/var/cache/gomodcache", buildCacheDir: "/var/cache/go-build" } as const;

/** True, false, or undefined if the pod does not say. False wins over true. */
export function wantsInjection(metadata: unknown): boolean | undefined {
  const said = ["annotations", "labels"].map((map) => textOf(below(metadata, map, `${prefix}/inject`)));
  if (said.some((value) => value === "false" || value === "disabled")) return false;
  return said.some((value) => value === "true" || value === "enabled") ? true : undefined;
}

/** @param byNamespace true if the namespace asks for all of its pods */
export function asksOf(metadata: unknown, byNamespace: boolean): Asked {
  if (!(wantsInjection(metadata) ?? byNamespace)) return undefined;
  const told = (name: string): string | undefined =>
    textOf(below(metadata, "annotations", `${prefix}/${name}`))?.trim();
  const wrong = (name: string, want: string): string =>
    `nothing is injected: annotation ${prefix}/${name} is "${told(name)}", and must be ${want}`;
  const variant = told("variant") ?? "same-uid";
  if (!isVariant(variant)) return wrong("variant", variants.join(", "));
  const cacheDir = told("cache-dir") ?? defaults.cacheDir;
  if (!isPlace(cacheDir)) return wrong("cache-dir", "an absolute path of a directory of its own");
  const buildCacheDir = told("build-cache-dir") ?? defaults.buildCacheDir;
  if (
    !isPlace(buildCacheDir) ||
    `${cacheDir}/`.startsWith(`${buildCacheDir}/`) ||
    buildCacheDir.startsWith(`${cacheDir}/`)
  )
    return wrong("build-cache-dir", "an absolute path of a directory of its own, apart from the module cache");
  const ids: { uid?: number; gid?: number } = {};
  for (const name of ["uid", "gid"] as const) {
    const text = told(name);
    if (text === undefined) continue;
    // 2^31-1 is the largest that the API takes (pkg/apis/core/validation, IsValidUserID).
    if (!/^[1-9]\d{0,9}$/.test(text) || Number(text) > 2 ** 31 - 1)
      return wrong(name, "a number from 1 to 2147483647: not root");
    ids[name] = Number(text);
  }
  if (variant === "init" && ids.uid === undefined)
    return wrong("variant", `with ${prefix}/uid: whom the init step gives the volume to`);
  const containers = told("containers")
    ?.split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  return { variant, cacheDir, buildCacheDir, ...ids, ...(containers === undefined ? {} : { containers }) };
}

function isVariant(name: string): name is Variant {
  return (variants as readonly string[]).includes(name);
}

/** Directories that a volume would hide something in that the container cannot do without. */
const notOurs =
  /^\/(|bin|boot|dev(\/.*)?|etc(\/.*)?|home|lib|lib64|opt|proc(\/.*)?|root|run|sbin|srv|sys(\/.*)?|tmp|usr(\/(bin|lib|local|local\/go|local\/bin|sbin))?|var|go)$/;

/** Kubernetes forbids a colon in mountPath; the rest could not be written in a shell without quotes. */
function isPlace(path: string): boolean {
  return path.length <= 1024 && /^\/[\w.@+/-]*$/.test(path) && tidy(path) === path && !notOurs.test(path);
}

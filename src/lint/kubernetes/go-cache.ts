// Which volumes of a pod hold Go's caches, and where go looks for them in a container.
import { knownImage } from "../dockerfile/images.ts";
import { covers, tidy } from "../dockerfile/path.ts";
import { type GoCommand, goCommand } from "../golang/command.ts";
import { Remembered } from "../remembered.ts";
import type { ShellCommand } from "../shell/command.ts";
import type { Container, Mount } from "./container.ts";
import type { Pod, Volume } from "./model.ts";

export interface GoPlaces {
  readonly modules: string | undefined;
  readonly builds: string | undefined;
  /** Where go makes its work directory: GOTMPDIR, else TMPDIR, else /tmp. */
  readonly temporary: string | undefined;
}

/** A volume, or a subdirectory of one, that some container uses as a Go cache. */
export interface GoCacheVolume {
  readonly name: string;
  readonly volume: Volume | undefined;
  readonly holds: ReadonlySet<"modules" | "builds">;
  readonly users: readonly { readonly container: Container; readonly mount: Mount }[];
}

/**
 * As go/build and cmd/go find them: GOMODCACHE, else GOPATH/pkg/mod, else HOME/go/pkg/mod; GOCACHE, else XDG_CACHE_HOME/go-build, else
 * HOME/.cache/go-build. A UID that the image's passwd does not have gets HOME=/ from the container runtime.
 */
export function placesOf(container: Container, command?: ShellCommand): GoPlaces {
  const { openEnv, image } = container;
  const env = environmentOf(container, command);
  const known = knownImage(image?.text() ?? "");
  const read = (name: string, otherwise: () => string | undefined): string | undefined => {
    if (env.has(name) && env.get(name) !== "") return env.get(name);
    return openEnv ? undefined : otherwise();
  };
  const below = (base: string | undefined, rest: string): string | undefined =>
    base === undefined ? undefined : tidy(`${base}/${rest}`);
  const home = homeOf(container, command);
  const path = read("GOPATH", () => known?.env["GOPATH"] ?? below(home, "go"))?.split(":")[0];
  return {
    modules: read("GOMODCACHE", () => below(path, "pkg/mod")),
    builds: read("GOCACHE", () =>
      below(
        read("XDG_CACHE_HOME", () => below(home, ".cache")),
        "go-build",
      ),
    ),
    temporary: read("GOTMPDIR", () => read("TMPDIR", () => "/tmp")),
  };
}

/** HOME of a command: what is set, else what the runtime takes from the image's passwd, `/` for a UID that is not in it. */
export function homeOf(container: Container, command?: ShellCommand): string | undefined {
  const env = environmentOf(container, command);
  if (env.has("HOME") && env.get("HOME") !== "") return env.get("HOME");
  if (container.openEnv) return undefined;
  const user = container.uid?.value ?? (knownImage(container.image?.text() ?? "")?.user === "root" ? 0 : undefined);
  if (user === 0) return knownImage(container.image?.text() ?? "") === undefined ? undefined : "/root";
  return runsOfficialImage(container) ? "/" : undefined;
}

/** The accounts of Debian and Alpine are below this number, but for nobody's. */
const firstFreeUid = 1000;
const nobody = 65_534;

/** True if a UID that the official golang image has no account for runs in it: then it is known what is whose. */
export function runsOfficialImage({ image, uid }: Container): boolean {
  const number = uid?.value;
  if (number === undefined || number < firstFreeUid || number === nobody) return false;
  return knownImage(image?.text() ?? "")?.family === "golang";
}

/** The variables that a command sees: the container's, those that the script exported before, its own. */
export function environmentOf(container: Container, command?: ShellCommand): ReadonlyMap<string, string | undefined> {
  if (command === undefined) return container.env;
  const env = new Map(container.env);
  const set = ({ assignments }: ShellCommand): void => {
    for (const { name, value } of assignments) env.set(name, /[$`]/.test(value) ? undefined : value);
  };
  for (const one of container.commands) {
    if (one === command) break;
    if (one.words.length === 0 || one.words[0]?.value === "export") set(one);
  }
  set(command);
  return env;
}

/** The go commands of a container. */
export function goCommands({ commands }: Container): GoCommand[] {
  return commands.map(goCommand).filter((go) => go !== undefined);
}

/** The mount that a path is on; undefined if it is on the container's own file system. */
export function mountAt(path: string, { mounts }: Container): Mount | undefined {
  return mounts.filter((mount) => covers(mount.path, path)).sort((a, b) => b.path.length - a.path.length)[0];
}

const known = new Remembered<Pod, GoCacheVolume[]>();

export function goCacheVolumes(pod: Pod): readonly GoCacheVolume[] {
  const volumes = known.get(pod) ?? findVolumes(pod);
  known.set(pod, volumes);
  return volumes;
}

function findVolumes({ containers, volumes }: Pod): GoCacheVolume[] {
  const holds = new Map<string, { readonly name: string; readonly what: Set<"modules" | "builds"> }>();
  // Two subdirectories of a volume are two caches.
  const partOf = ({ volume, subPath }: Mount): string => `${volume}/${subPath}`;
  const add = (mount: Mount | undefined, what: "modules" | "builds"): void => {
    if (mount === undefined) return;
    const part = holds.get(partOf(mount)) ?? { name: mount.volume, what: new Set() };
    part.what.add(what);
    holds.set(partOf(mount), part);
  };
  for (const container of containers) {
    const { modules, builds } = placesOf(container);
    // Without a go command only what is set for go tells that it is go's.
    const told = (name: string): boolean => container.env.has(name);
    const runs = goCommands(container).length > 0;
    if (modules !== undefined && (runs || told("GOMODCACHE") || told("GOPATH")))
      add(mountAt(modules, container), "modules");
    if (builds !== undefined && (runs || told("GOCACHE"))) add(mountAt(builds, container), "builds");
    for (const mount of container.mounts) {
      if (/\/pkg\/mod(\/|$)/.test(mount.path)) add(mount, "modules");
      if (/\/go-build(\/|$)/.test(mount.path)) add(mount, "builds");
    }
  }
  return [...holds].map(([part, { name, what }]) => ({
    name,
    volume: volumes.get(name),
    holds: what,
    users: containers.flatMap((container) =>
      container.mounts.filter((mount) => partOf(mount) === part).map((mount) => ({ container, mount })),
    ),
  }));
}

/** True if the container runs go, or is ours. */
export function concernsGo(container: Container): boolean {
  return goCommands(container).length > 0 || isOurs(container);
}

/** True for an image of gomodcache, or a command of it. */
export function isOurs({ image, commands }: Container): boolean {
  return (
    /(^|\/)gomodcache(-init)?([:@]|$)/.test(image?.text() ?? "") ||
    commands.some(({ words }) => /(^|\/)gomodcache(-init)?$/.test(words[0]?.value ?? ""))
  );
}

// Which file systems are mounted where: proc_pid_mountinfo(5).
import { readFileSync } from "node:fs";
import type { Looked } from "../facts/facts.ts";
import type { Mount } from "../permission/mount.ts";
import { fromBytes } from "./bytes.ts";
import { readDarwinMounts } from "./macos/mounts.ts";
import { type Platform, thisPlatform } from "./macos/tools.ts";

/** Which directory of which file system is mounted where. */
export interface MountPlace {
  readonly mountPoint: string;
  /** `major:minor`, the same in every mount namespace. */
  readonly device: string;
  /** Absolute within the file system. */
  readonly root: string;
}

interface Line {
  readonly id: number;
  readonly parent: number;
  readonly place: MountPlace;
  readonly mount: Mount;
}

/** The mounts of this process. WSL1 shows little of mountinfo, so that the older table stands in for it. */
export function readMounts(platform: Platform = thisPlatform): Looked<readonly Mount[]> {
  if (platform.name === "darwin") return readDarwinMounts(platform.tools);
  let failure: string | undefined;
  for (const [path, parse] of [
    ["/proc/self/mountinfo", parseMountinfo],
    ["/proc/self/mounts", parseMounts],
  ] as const) {
    try {
      const mounts = parse(fromBytes(readFileSync(path)));
      if (mounts.length > 0) return { value: mounts };
      failure ??= `${path} lists no mount`;
    } catch (error) {
      failure ??= `${path} could not be read (${(error as NodeJS.ErrnoException).code})`;
    }
  }
  return { unseen: failure ?? "" };
}

/** Reads proc_mounts(5): no IDs are there, so that a mount below a hidden one cannot be told apart. */
export function parseMounts(text: string): Mount[] {
  return text.split("\n").flatMap((line) => {
    const [source, mountPoint, type, options] = line.split(" ");
    if (source === undefined || mountPoint === undefined || type === undefined || options === undefined) return [];
    return [mountOfFields(mountPoint, type, source, options.split(",").map(unescapeOctal))];
  });
}

function mountOfFields(mountPoint: string, type: string, source: string, options: readonly string[]): Mount {
  return {
    mountPoint: unescapeOctal(mountPoint),
    type: unescapeOctal(type),
    source: unescapeOctal(source),
    readOnly: options.includes("ro"),
    noexec: options.includes("noexec"),
    idmapped: options.includes("idmapped"),
    options: [...new Set(options)],
  };
}

/**
 * Reads mountinfo. Mounts that lie hidden below another one are left out, so that the longest mount point that
 * is a prefix of a path, and of equal ones the last, is the mount that the path is seen through.
 */
export function parseMountinfo(text: string): Mount[] {
  return parseLines(text).map(({ mount }) => mount);
}

/** Reads mountinfo for what is the same in every mount namespace. Hidden mounts are left out. */
export function parseMountPlaces(text: string): MountPlace[] {
  return parseLines(text).map(({ place }) => place);
}

function parseLines(text: string): readonly Line[] {
  const lines: Line[] = [];
  for (const line of text.split("\n")) {
    const parsed = parseLine(line);
    if (parsed !== undefined) lines.push(parsed);
  }
  return visible(lines);
}

function parseLine(line: string): Line | undefined {
  const fields = line.split(" ");
  // The optional fields (shared:1, master:2, …) end with a single hyphen.
  const hyphen = fields.indexOf("-", 6);
  if (hyphen < 0 || fields.length < hyphen + 4) return undefined;
  const [id, parent, device, root, mountPoint, own] = fields as [string, string, string, string, string, string];
  const [type, source, super_] = fields.slice(hyphen + 1) as [string, string, string];
  const ownOptions = own.split(",");
  const superOptions = super_.split(",").map(unescapeOctal);
  return {
    id: Number(id),
    parent: Number(parent),
    place: { mountPoint: unescapeOctal(mountPoint), device, root: unescapeOctal(root) },
    mount: {
      ...mountOfFields(mountPoint, type, source, [...ownOptions, ...superOptions]),
      idmapped: ownOptions.includes("idmapped"),
    },
  };
}

/** Space, tab, newline, backslash and # are written as `\ooo`: mangle() of fs/proc_namespace.c. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
}

/** Leaves out what is hidden: a mount whose own mount point leads, from the root mount down, into another one. */
function visible(lines: readonly Line[]): readonly Line[] {
  const ids = new Set(lines.map((line) => line.id));
  const root = lines.find(
    (line) => line.mount.mountPoint === "/" && (!ids.has(line.parent) || line.parent === line.id),
  );
  if (root === undefined) return lines;
  const children = new Map<number, Line[]>();
  for (const line of lines) {
    if (line === root) continue;
    const siblings = children.get(line.parent);
    if (siblings === undefined) children.set(line.parent, [line]);
    else siblings.push(line);
  }
  return lines.filter((line) => {
    let at = root;
    for (let crossed = 0; crossed <= lines.length; crossed += 1) {
      const next = nextMount(children.get(at.id) ?? [], line.mount.mountPoint);
      if (next === undefined) return at === line;
      at = next;
    }
    return false;
  });
}

/** The first mount that a walk along the path crosses into; of several on one point, the last. */
function nextMount(children: readonly Line[], path: string): Line | undefined {
  let next: Line | undefined;
  for (const child of children) {
    if (!isWithin(path, child.mount.mountPoint)) continue;
    if (next === undefined || child.mount.mountPoint.length <= next.mount.mountPoint.length) next = child;
  }
  return next;
}

/** Both absolute, without links. */
export function isWithin(path: string, directory: string): boolean {
  return directory === "/" || path === directory || (path.startsWith(directory) && path[directory.length] === "/");
}

/** The mount that a path (absolute, without links) is seen through. */
export function mountOf<M extends { readonly mountPoint: string }>(path: string, mounts: readonly M[]): M | undefined {
  let found: M | undefined;
  for (const mount of mounts) {
    if (found !== undefined && mount.mountPoint.length < found.mountPoint.length) continue;
    if (isWithin(path, mount.mountPoint)) found = mount;
  }
  return found;
}

/** The mount points strictly below a directory. */
export function mountPointsBelow(path: string, mounts: readonly Mount[]): string[] {
  const below = mounts.map((mount) => mount.mountPoint).filter((point) => point !== path && isWithin(point, path));
  return [...new Set(below)];
}

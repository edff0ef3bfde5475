// What go uses, besides the module cache: its build cache, temporary files, the checksum database's state, the project.
import { posix } from "node:path";
import type { Facts } from "../facts/facts.ts";
import type { Environment } from "../host/container.ts";

export interface Area {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

const names: Readonly<Record<string, string>> = {
  GOCACHE: "build cache",
  GOTMPDIR: "temporary files",
  TMPDIR: "temporary files",
  "GOPATH/pkg/sumdb": "checksum database",
  GOENV: "go's settings",
};

/**
 * The areas, the module cache first.
 * @param env of the command: what it sets counts more than what go said without it
 * @param project the directory that holds go.mod, if there is one
 */
export function areasOf(facts: Facts, env: Environment, project: string | undefined): Area[] {
  const { cache, places } = facts;
  const absolute = (path: string | undefined): path is string => path?.startsWith("/") === true;
  const own: [string, string | undefined][] = [
    ["module cache", cache.path],
    ["module cache", cache.realPath],
    ...["GOCACHE", "GOTMPDIR", "TMPDIR"].map((name): [string, string | undefined] => [
      names[name] as string,
      env[name],
    ]),
    ...places.map(({ name, path }): [string, string | undefined] => [names[name] ?? "", path]),
    ["project", project],
  ];
  return own.flatMap(([name, path]) => (name !== "" && absolute(path) ? [{ name, path: posix.normalize(path) }] : []));
}

/** Everybody uses /tmp: go's are the files there, and directories such as go-build123 and go-link-123. */
function isTemporary(name: string): boolean {
  return !name.includes("/") || /^(?:go-|gocoverage|cgo-|cc)[^/]*\//.test(name);
}

/** The innermost area that a path lies in, or is on the way to. */
export function areaOf(path: string, areas: readonly Area[]): Area | undefined {
  let found: Area | undefined;
  for (const area of areas) {
    const isIn =
      (path === area.path || path.startsWith(area.path === "/" ? "/" : `${area.path}/`)) &&
      (area.name !== "temporary files" || isTemporary(path.slice(area.path.length + 1)));
    if (isIn && (found === undefined || area.path.length > found.path.length)) found = area;
  }
  if (found !== undefined) return found;
  const above = path === "/" ? "/" : `${path}/`;
  return areas.find((area) => area.path.startsWith(above));
}

// list -m all and list -m -versions, played (cmd/go/internal/modload/{list,build,mvs}.go).
import type { ModuleVersion } from "./gomod.ts";
import { name } from "./modfetch.ts";
import { rootSelection } from "./modgraph.ts";
import { bestEffort, GoFailure } from "./outcome.ts";
import type { Play } from "./play.ts";
import { actualModule, hasLazyRoots, type Project } from "./project.ts";
import { isPseudoVersion, latestVersion } from "./version.ts";

/** go list -m all: the graph, and what there is to say about each module of it. */
export function playListModules(play: Play, project: Project): void {
  if (project.vendored) {
    play.ledger.fail({
      path: `${project.directory}/vendor`,
      need: "be absent",
      message: "go list -m: can't compute 'all' using the vendor directory",
    });
    return;
  }
  for (const module of play.graph(project).selected.values()) describe(play, project, module);
}

/** go list -m -versions, -u or @latest: the proxy is always asked; what cannot be kept is only a warning. */
export function playListVersions(play: Play, project: Project, wanted?: ModuleVersion): void {
  if (project.vendored) {
    const message = "go list -m: can't determine available versions using the vendor directory";
    play.ledger.fail({ path: `${project.directory}/vendor`, need: "be absent", message });
    return;
  }
  const roots = rootSelection(project);
  const paths = wanted === undefined ? [...roots.keys()] : [wanted.path];
  // Only a module that a lazily loading go.mod lists is found without the graph (listModules).
  const isListed = hasLazyRoots(project) && paths.every((path) => roots.has(path));
  const selected = isListed ? roots : play.graph(project).selected;
  for (const path of paths) {
    const module = selected.get(path);
    if (module !== undefined) describe(play, project, module);
    play.ledger.attempt(`to list the versions of ${path}`, () => listVersions(play, project, path));
    const actual = module === undefined ? undefined : actualModule(project, module);
    if (actual === undefined || "directory" in actual || actual.module === module) continue;
    // The versions of the replacement are listed too, and only a wrong checksum among them is an error.
    bestEffort(() => listVersions(play, project, actual.module.path));
  }
}

function describe(play: Play, project: Project, module: ModuleVersion): void {
  play.ledger.attempt(`for ${name(module)}`, () => moduleInfo(play, project, module));
}

/**
 * moduleInfo: a module's go.mod tells its version of Go, and its .info its time. Without a go.mod there is just less to say, and
 * what a replacement lacks is not reported either.
 * @throws {GoExit} for a checksum that does not match, {GoFailure} or {Refused} if the .info cannot be had
 */
export function moduleInfo({ fetcher, sums }: Play, project: Project, module: ModuleVersion): void {
  const actual = actualModule(project, module);
  if ("directory" in actual) return;
  if (sums.mayFetch(actual.module, "go.mod")) bestEffort(() => fetcher.goMod(actual.module));
  if (actual.module === module) fetcher.info(module);
  else bestEffort(() => fetcher.info(actual.module));
}

/** versions and CheckRetractions: the list of the versions; which of them are retracted, the go.mod of the latest one says. */
function listVersions(play: Play, project: Project, path: string): void {
  const listed = availableVersions(play, project, path);
  const excluded = new Set(
    project.mains.flatMap(({ goMod }) => goMod.exclude.filter((other) => other.path === path)).map((m) => m.version),
  );
  const replacedByAll = project.replace.some((other) => other.path === path && other.version === undefined);
  if (replacedByAll || !listed.some((version) => !excluded.has(version))) return;
  const latest = { path, version: latestVersion(listed) };
  const actual = actualModule(project, latest);
  const isReplaced = "directory" in actual || actual.module !== latest;
  if (isReplaced) bestEffort(() => play.fetcher.info(latest));
  else play.fetcher.info(latest);
  play.goModOf(actual, latest);
}

/** The versions that can be told without the network. A replaced module has those that are replaced, whatever the proxy says. */
function availableVersions(play: Play, project: Project, path: string): string[] {
  const replaced = project.replace.filter((other) => other.path === path);
  const own = replaced.flatMap(({ version }) => (version === undefined || isPseudoVersion(version) ? [] : [version]));
  try {
    const listed = play.upstream.versions(path);
    return listed === undefined ? [] : [...listed, ...own];
  } catch (error) {
    if (!(error instanceof GoFailure) || replaced.length === 0) throw error;
    return own;
  }
}

// build, vet, test, list, tidy and vendor, played.
import { Refused, Unseen } from "../permission/world.ts";
import { compiledFiles, embeddedFiles } from "./compile.ts";
import { nameMatches } from "./constraint.ts";
import { moduleInfo } from "./listing.ts";
import { type Load, loadProject } from "./load.ts";
import { name } from "./modfetch.ts";
import { rootSelection } from "./modgraph.ts";
import { bestEffort, goFails } from "./outcome.ts";
import { DiskReader } from "./packagereader.ts";
import type { LoadedFile, LoadedPackage } from "./packages.ts";
import { checkBuildPlaces } from "./places.ts";
import type { Play } from "./play.ts";
import { actualModule, isPruned, type Project, readProject } from "./project.ts";
import { removeAll } from "./removal.ts";
import { compareGo } from "./version.ts";

const build: Load = { anyPlatform: false, tests: "none", strict: true };
/** Every platform's imports, and those of tests. */
const everything: Load = { anyPlatform: true, tests: "main", strict: false };

export function playBuild(play: Play, project: Project): void {
  checkBuildPlaces(play, { executes: false });
  compile(play, project, loadProject(play, project, build));
}

/** go test compiles the tests of the main modules too, and runs them from a temporary directory. */
export function playTest(play: Play, project: Project): void {
  checkBuildPlaces(play, { executes: true });
  compile(play, project, loadProject(play, project, { ...build, tests: "main" }));
}

export function playList(play: Play, project: Project): void {
  for (const found of loadProject(play, project, build))
    play.ledger.attempt(`to list package ${found.importPath}`, () => void embeddedFiles(play, found));
}

/** go mod tidy looks at the imports of every platform and of tests, even those of the dependencies' packages, and writes go.mod and go.sum if they change. */
export function playTidy(play: Play, workspace: Project): void {
  const { kernel, ledger } = play;
  const project = withoutWorkspace(play, workspace);
  if (project === undefined) return;
  loadProject(play, { ...project, vendored: false }, { ...everything, tests: "all", resolves: true });
  // With lazy loading, modules that no package needs are dropped without a look at their go.mod files.
  if (!isPruned(project.go)) play.graph(project);
  for (const { directory } of project.mains) {
    for (const file of ["go.mod", "go.sum"]) {
      try {
        kernel.open(`${directory}/${file}`, { read: true, write: true, create: true });
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        ledger.unknown(
          `${directory}/${file}`,
          `go mod tidy fails if it must change ${directory}/${file}: ${error.denial.because}`,
        );
      }
    }
  }
}

/** go mod tidy works on one module, even inside a workspace. */
function withoutWorkspace(play: Play, project: Project): Project | undefined {
  if (project.work === undefined) return project;
  const own = readProject(play.machine, project.directory, { ...play.settings, workFile: "off" });
  if (own === undefined)
    play.ledger.fail({
      path: project.directory,
      need: "have a go.mod",
      message: `go.mod file not found in ${project.directory}`,
    });
  else if (own instanceof Unseen) play.ledger.unknown(project.directory, own.reason);
  else return own;
  return undefined;
}

/** go mod vendor removes the vendor directory and copies every file of the needed packages (cmd/go/internal/modcmd/vendor.go). */
export function playVendor(play: Play, project: Project): void {
  const { kernel, ledger } = play;
  if (project.work !== undefined) {
    const message = "'go mod vendor' cannot be run in workspace mode: run 'go work vendor', or set GOWORK=off";
    ledger.fail({ path: `${project.directory}/go.work`, need: "be absent", message });
    return;
  }
  for (const found of loadProject(play, { ...project, vendored: false }, everything)) {
    if (found.root.version === undefined) continue;
    ledger.attempt(`to copy package ${found.importPath}`, () => copyPackage(play, project, found));
  }
  // modules.txt tells the version of Go of all that go.mod lists, where that can be had.
  if (compareGo(project.go, "1.17") >= 0) {
    for (const module of rootSelection(project).values())
      ledger.attempt(`to describe ${name(module)}`, () => void bestEffort(() => moduleInfo(play, project, module)));
  }
  const vendor = `${project.directory}/vendor`;
  ledger.attempt("to write the vendor directory", () => {
    if (play.fetcher.mustStat(vendor)) removeAll(kernel, play.machine, vendor);
    else kernel.mkdirAll(vendor, 0o777);
  });
}

/** Licences and the like go along from every directory up to the module's own (copyMetadata). */
const metadata = /^(AUTHORS|CONTRIBUTORS|COPYLEFT|COPYING|COPYRIGHT|LEGAL|LICENSE|NOTICE|PATENTS)/;

function copyPackage(play: Play, project: Project, found: LoadedPackage): void {
  const { reader } = found.root;
  // Since 1.17 go.mod and go.sum stay behind. Test files are not copied, but read for their package clause.
  const stays = compareGo(project.go, "1.17") >= 0 ? /^go\.(mod|sum)$/ : /^$/;
  const embedsOfTests = compareGo(project.go, "1.22") < 0;
  const directory = (at: string): string[] => {
    if (reader instanceof DiskReader) play.kernel.readDirectory(reader.path(at));
    return [...reader.files(at).keys()];
  };
  const files: LoadedFile[] = [];
  for (const file of directory(found.directory)) {
    const ignored = /^[._]/.test(file);
    if (stays.test(file) || (file.endsWith("_test.go") && ignored)) continue;
    reader.compile(found.directory, file);
    // go/build reads every Go file of the package for what it embeds, whatever its platform, and without the index.
    if (!file.endsWith(".go") || ignored || !(reader instanceof DiskReader)) continue;
    const head = reader.head(found.directory, file);
    if (!file.endsWith("_test.go") || embedsOfTests) files.push({ name: file, source: head?.source });
    if (head !== undefined && head.source === undefined) {
      throw goFails(
        `${found.importPath}/${file}`,
        "be Go",
        `${file} of package ${found.importPath} is not Go source: its head cannot be parsed`,
      );
    }
  }
  for (let at = found.directory; at !== ""; ) {
    at = at.includes("/") ? at.slice(0, at.lastIndexOf("/")) : "";
    for (const file of directory(at)) if (metadata.test(file)) reader.compile(at, file);
  }
  for (const file of embeddedFiles(play, { ...found, files })) play.kernel.open(file, { read: true });
}

function compile(play: Play, project: Project, packages: readonly LoadedPackage[]): void {
  for (const found of packages) {
    play.ledger.attempt(`to compile package ${found.importPath}`, () => {
      if (found.root.version !== undefined && found.files.length === 0)
        throw goFails(found.importPath, "have Go files", `no non-test Go files in ${found.importPath}`);
      for (const file of compiledFiles(play, found)) found.root.reader.compile(found.directory, file);
      checkHeads(found);
      for (const file of embeddedFiles(play, found)) play.kernel.open(file, { read: true });
    });
  }
  checkTree(play, project, packages);
}

/** go's index knows a file as it was; the compiler meets it as it is. */
function checkHeads({ root: { reader }, directory, importPath, files }: LoadedPackage): void {
  if (!(reader instanceof DiskReader) || reader.mode !== "indexed") return;
  for (const { name } of files) {
    const head = reader.head(directory, name);
    if (head !== undefined && head.source === undefined)
      throw goFails(
        `${importPath}/${name}`,
        "be Go",
        `${name} of package ${importPath} is not Go source: its head cannot be parsed`,
      );
  }
}

/** A tree that lacks files of its zip, or has them in another size, may or may not build: that is not ours to tell. */
function checkTree(play: Play, project: Project, packages: readonly LoadedPackage[]): void {
  const { machine, ledger, fetcher } = play;
  for (const found of packages) {
    if (found.root.version === undefined) continue;
    const actual = actualModule(project, found.root.version);
    if ("directory" in actual) continue;
    const { zip } = fetcher.paths(actual.module);
    if (machine.look(zip) === "absent") continue;
    const entries = machine.zipEntries(zip);
    if (entries instanceof Unseen || entries.size === 0) continue;
    ledger.attempt(`to compile package ${found.importPath}`, () => {
      const files = found.root.reader.files(found.directory);
      if (files.size === 0) return;
      const prefix = `${name(actual.module)}/${found.directory === "" ? "" : `${found.directory}/`}`;
      for (const [path, size] of entries) {
        const file = path.slice(prefix.length);
        if (
          !path.startsWith(prefix) ||
          file.includes("/") ||
          !/\.(go|s|S|c|h|cc|cpp|m|syso)$/.test(file) ||
          file.endsWith("_test.go") ||
          !nameMatches(file, play.context)
        )
          continue;
        if (files.get(file) === size) continue;
        const state = files.has(file) ? "has another size than in" : "is missing, though it is in";
        ledger.unknown(
          `${fetcher.paths(actual.module).tree}/${found.directory}`,
          `${file} of package ${found.importPath} ${state} its zip: the package may not build`,
        );
      }
    });
  }
}

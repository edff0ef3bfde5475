// One go command, played as one subject: the parts that its operations share.
import { Kernel } from "../permission/kernel.ts";
import type { Subject } from "../permission/subject.ts";
import { type KernelSettings, Refused, Unseen } from "../permission/world.ts";
import type { BuildContext } from "./constraint.ts";
import { GoFileError, type GoMod, type ModuleVersion, parseGoMod } from "./gomod.ts";
import { flagValue, type GoMachine, type GoSettings } from "./machine.ts";
import { Fetcher, name } from "./modfetch.ts";
import { loadGraph, type ModuleGraph, rootSelection } from "./modgraph.ts";
import { GoFailure, goFails, Ledger } from "./outcome.ts";
import { type Actual, actualModule, hasLazyRoots, type Project } from "./project.ts";
import { Sums } from "./sums.ts";
import { Upstream } from "./upstream.ts";

export class Play {
  readonly ledger = new Ledger();
  readonly kernel: Kernel;
  readonly upstream: Upstream;
  readonly sums: Sums;
  readonly fetcher: Fetcher;
  readonly context: BuildContext;
  private graphLoaded: ModuleGraph | undefined;

  constructor(
    readonly machine: GoMachine,
    readonly settings: GoSettings,
    readonly project: Project | undefined,
    subject: Subject,
    kernelSettings: KernelSettings,
    options: { readonly: boolean },
  ) {
    this.kernel = new Kernel(machine, subject, kernelSettings);
    this.upstream = new Upstream(this.kernel, machine, settings, this.ledger);
    const readonly = options.readonly && project?.work === undefined && flagValue(settings.goflags, "mod") !== "mod";
    this.sums = new Sums(project?.sums, machine, this.ledger, readonly);
    this.fetcher = new Fetcher(this.kernel, machine, settings, this.sums, this.upstream, this.ledger);
    const tags = new Set((flagValue(settings.goflags, "tags") ?? "").split(",").filter((tag) => tag !== ""));
    this.context = { goos: settings.goos, goarch: settings.goarch, cgo: settings.cgo, goMinor: settings.goMinor, tags };
  }

  /** go reads go.mod, go.work and go.sum before anything else. */
  openProject(project: Project): void {
    const { ledger, kernel } = this;
    for (const { directory } of project.mains) {
      ledger.attempt("for the list of modules", () => kernel.open(`${directory}/go.mod`, { read: true }));
      ledger.attempt("for the modules' hashes", () => this.openIfThere(`${directory}/go.sum`));
    }
    if (project.work !== undefined) {
      ledger.attempt("for the list of modules", () => kernel.open(`${project.directory}/go.work`, { read: true }));
    }
  }

  private openIfThere(path: string): void {
    try {
      this.kernel.open(path, { read: true });
    } catch (error) {
      if (!(error instanceof Refused) || error.errno !== "ENOENT") throw error;
    }
  }

  /** goModSummary: the requirements of a dependency. Undefined if it could not be had; the ledger says why. */
  summary(project: Project, module: ModuleVersion): GoMod | undefined {
    const actual = actualModule(project, module);
    let summary: GoMod | undefined;
    this.ledger.attempt(`to know what ${name(module)} requires`, () => {
      if ("module" in actual) this.sums.mustHave(actual.module, "go.mod");
      summary = this.goModOf(actual, module);
    });
    return summary;
  }

  /** rawGoModSummary: a go.mod, whether go.sum lists it or not. @throws what makes it unavailable */
  goModOf(actual: Actual, module: ModuleVersion): GoMod {
    if ("module" in actual) return parse(this.fetcher.goMod(actual.module), module);
    const path = `${actual.directory}/go.mod`;
    this.kernel.open(path, { read: true });
    const text = this.machine.text(path);
    if (typeof text !== "string")
      throw goFails(path, "read", `${path}: ${text instanceof Unseen ? text.reason : "it vanished"}`);
    return parseGoMod(text);
  }

  /** The whole module graph, loaded once. */
  graph(project: Project): ModuleGraph {
    this.graphLoaded ??= loadGraph(project, (module) => this.summary(project, module));
    return this.graphLoaded;
  }

  /**
   * The module versions that packages come from: go.mod's own where it lists them all, else those of the graph. The roots of a
   * workspace are its own modules, so that the first package of another one loads the graph (modload, newRequirements).
   */
  selection(project: Project): ReadonlyMap<string, ModuleVersion> {
    return hasLazyRoots(project) ? rootSelection(project) : this.graph(project).selected;
  }
}

function parse(text: string, module: ModuleVersion): GoMod {
  try {
    return parseGoMod(text);
  } catch (error) {
    if (!(error instanceof GoFileError)) throw error;
    throw new GoFailure({ path: name(module), need: "be a go.mod", message: `${name(module)}: ${error.message}` });
  }
}

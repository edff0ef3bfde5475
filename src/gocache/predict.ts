// The predictor: plays one go command for one subject and tells how it ends.
import type { Reason } from "../finding/answer.ts";
import type { Verdict } from "../permission/decision.ts";
import type { Subject } from "../permission/subject.ts";
import type { KernelSettings } from "../permission/world.ts";
import { playBuild, playList, playTest, playTidy, playVendor } from "./building.ts";
import { playClean, playRead, playWrite } from "./caching.ts";
import type { ModuleVersion } from "./gomod.ts";
import { playListModules, playListVersions } from "./listing.ts";
import type { GoMachine, GoSettings } from "./machine.ts";
import { playDownload, playGet, playVerify } from "./modules.ts";
import { type Operation, projectless } from "./operation.ts";
import { Play } from "./play.ts";
import type { Project } from "./project.ts";
import { checkToolchain } from "./toolchain.ts";

export interface Question {
  readonly operation: Operation;
  readonly subject: Subject;
  readonly settings: GoSettings;
  readonly kernel: KernelSettings;
  /** Needed by every operation but those of `projectless`. */
  readonly project?: Project;
  /** The one module that `get` or `download` is about; without it, those of the project. */
  readonly module?: ModuleVersion;
  /** Why SELinux, AppArmor or the like could refuse what modes and ACLs grant. */
  readonly securityModule?: string;
}

export interface Prediction {
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  readonly warnings: readonly string[];
}

const writesGoMod: ReadonlySet<Operation> = new Set(["tidy", "get", "download", "verify"]);

const plays: Record<Operation, (play: Play, project: Project, module: ModuleVersion | undefined) => void> = {
  build: playBuild,
  // vet and build read the same files of dependencies.
  vet: playTest,
  test: playTest,
  list: playList,
  "list-modules": playListModules,
  "list-versions": playListVersions,
  download: playDownload,
  verify: playVerify,
  tidy: playTidy,
  vendor: playVendor,
  get: playGet,
  clean: playClean,
  read: playRead,
  write: playWrite,
};

/** Predicts the exit status of a go command: yes is 0. Anything that could not be seen and could matter makes it unknown. */
export function predict(machine: GoMachine, question: Question): Prediction {
  const { operation, subject, settings, kernel, project } = question;
  const play = new Play(machine, settings, project, subject, kernel, { readonly: !writesGoMod.has(operation) });
  const { ledger } = play;
  if (projectless.has(operation)) plays[operation](play, undefined as never, undefined);
  else if (project === undefined)
    ledger.unknown("go.mod", "there is no go.mod here or above: the modules that are needed are not known");
  else {
    play.openProject(project);
    checkToolchain(play, project);
    plays[operation](play, project, question.module);
  }
  const { failures, unknowns, warnings } = ledger;
  if (failures.length > 0) return { verdict: "no", reasons: failures, warnings };
  if (unknowns.length > 0) return { verdict: "unknown", reasons: unknowns, warnings };
  if (question.securityModule !== undefined) {
    const reason = { path: settings.cache, need: "be told", message: question.securityModule };
    return { verdict: "unknown", reasons: [reason], warnings };
  }
  return { verdict: "yes", reasons: [], warnings };
}

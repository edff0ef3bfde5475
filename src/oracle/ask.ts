// Puts a question to the predictor: the machine's facts and its live file system in, an answer out.
import { UserError } from "../error.ts";
import type { Facts } from "../facts/facts.ts";
import type { CanAnswer } from "../finding/answer.ts";
import { GoFileError, type ModuleVersion } from "../gocache/gomod.ts";
import { modulePaths } from "../gocache/layout.ts";
import type { GoSettings } from "../gocache/machine.ts";
import { goCommands, type Operation, projectless } from "../gocache/operation.ts";
import { Play } from "../gocache/play.ts";
import { type Prediction, predict } from "../gocache/predict.ts";
import { actualModule, type Project, readProject } from "../gocache/project.ts";
import { DiskMachine } from "../host/gomachine.ts";
import type { MachineWorld } from "../host/world.ts";
import { Unseen } from "../permission/world.ts";
import { goSettings } from "./settings.ts";

export interface Asked {
  readonly operation: Operation;
  /** Where the project is: the directory of its go.mod, or one below it. */
  readonly directory: string;
  readonly module?: ModuleVersion;
}

export class Oracle {
  readonly settings: GoSettings;
  private readonly machine: DiskMachine;

  constructor(
    private readonly facts: Facts,
    private readonly world: MachineWorld,
  ) {
    this.settings = goSettings(facts);
    this.machine = new DiskMachine(world, this.settings.goVersion, this.settings.buildCache);
  }

  /**
   * The project at or above a directory; undefined if there is none.
   * @throws {UserError} if its files cannot be read or understood
   */
  project(directory: string): Project | undefined {
    try {
      const project = readProject(this.machine, directory, this.settings);
      if (!(project instanceof Unseen)) return project;
      throw new UserError(
        `go.mod of ${directory} cannot be read: ${project.reason}`,
        "run as a user who may read the project, or with sudo",
      );
    } catch (error) {
      if (!(error instanceof GoFileError)) throw error;
      throw new UserError(
        `${directory}: ${error.message}`,
        "go itself rejects this file: correct it first (go mod edit -fmt shows where)",
      );
    }
  }

  /** The module versions that the project takes from the cache, as far as go.mod files tell; replacements applied. */
  modules(project: Project): ModuleVersion[] {
    const { facts, settings } = this;
    return this.world.settle(() => {
      const play = new Play(this.machine, settings, project, facts.subject.subject, facts.kernel, { readonly: false });
      const actual = [...play.selection(project).values()].map((module) => actualModule(project, module));
      return actual.flatMap((module) => ("module" in module ? [module.module] : []));
    });
  }

  /** Whether the cache holds everything of these modules, for whoever may read it. */
  isComplete(modules: readonly ModuleVersion[]): boolean {
    return modules.every((module) => {
      const { tree, zip, ziphash, partial, mod, info } = modulePaths(this.settings.cache, module);
      const there = [tree, zip, ziphash, mod, info].every((path) => isThere(this.world.look(path)));
      return there && !isThere(this.world.look(partial));
    });
  }

  ask(asked: Asked): CanAnswer {
    const { facts, settings } = this;
    const { operation } = asked;
    const project = projectless.has(operation) ? undefined : this.project(asked.directory);
    if (project === undefined && !projectless.has(operation)) {
      throw new UserError(
        `there is no go.mod at or above ${asked.directory}, so what ${operation} needs is not known`,
        "name the project: --for DIR",
      );
    }
    const prediction = this.world.settle<Prediction>(() =>
      predict(this.machine, {
        operation,
        subject: facts.subject.subject,
        settings,
        kernel: facts.kernel,
        ...(project === undefined ? {} : { project }),
        ...(asked.module === undefined ? {} : { module: asked.module }),
        ...(facts.securityModule === undefined ? {} : { securityModule: facts.securityModule }),
      }),
    );
    return this.answer(operation, project?.directory ?? settings.cache, this.withAcls(prediction));
  }

  /** Where an ACL could have decided and could not be read, neither yes nor no is known. */
  private withAcls(prediction: Prediction): Prediction {
    const state = this.world.aclState();
    if (!("unseen" in state) || prediction.verdict === "unknown") return prediction;
    const message = `access control lists could decide, and were not read: ${state.unseen}`;
    return {
      ...prediction,
      verdict: "unknown",
      reasons: [{ path: this.settings.cache, need: "be told", message }, ...prediction.reasons],
    };
  }

  private answer(operation: Operation, target: string, prediction: Prediction): CanAnswer {
    const { subject, name } = this.facts.subject;
    return {
      operation,
      goCommand: goCommands[operation],
      target,
      subject,
      ...(name === undefined ? {} : { subjectName: name }),
      ...prediction,
      warnings: [...prediction.warnings, ...this.withoutGo()],
    };
  }

  /** Says what the answer supposes where go could not be asked. */
  private withoutGo(): string[] {
    const { go } = this.facts;
    if (go.source === "go env") return [];
    const why = go.program === undefined ? "no go program was found" : (go.problem ?? "go did not answer");
    return [
      `${why}: the answer is for go 1.${this.settings.goMinor} with the settings of the environment and Go's defaults`,
    ];
  }
}

function isThere(seen: ReturnType<MachineWorld["look"]>): boolean {
  return seen !== "absent" && !(seen instanceof Unseen);
}

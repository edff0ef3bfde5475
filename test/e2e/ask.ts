// The predictor over the live file system of a lab, without the program around it.
import { spawnSync } from "node:child_process";
import type { ModuleVersion } from "../../src/gocache/gomod.ts";
import type { GoSettings } from "../../src/gocache/machine.ts";
import type { Operation } from "../../src/gocache/operation.ts";
import { type Prediction, predict } from "../../src/gocache/predict.ts";
import { type Project, readProject } from "../../src/gocache/project.ts";
import { DiskMachine } from "../../src/host/gomachine.ts";
import { readMounts } from "../../src/host/mounts.ts";
import { MachineWorld } from "../../src/host/world.ts";
import { Unseen } from "../../src/permission/world.ts";
import { goProgram, type TestUser } from "./lab.ts";

const environmentOfGo = JSON.parse(
  spawnSync(goProgram, ["env", "-json"], { cwd: "/", encoding: "utf8" }).stdout,
) as Record<string, string>;

/** The version of the machine's go, without "go": `1.26.8`. */
export const goVersion = (environmentOfGo["GOVERSION"] ?? "go1.0").replace(/^go/, "").split(/[ -]/)[0] as string;
export const goMinor = Number(goVersion.split(".")[1]);

export interface Asked {
  readonly user: TestUser;
  readonly operation: Operation;
  readonly project: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly goMinor?: number;
  readonly module?: ModuleVersion;
  /** Takes go's index of every module as there, as it is in the golden tables. */
  readonly allIndexed?: boolean;
}

export function ask(asked: Asked): Prediction {
  const mounts = readMounts();
  const world = new MachineWorld("value" in mounts ? mounts.value : []);
  const { environment } = asked;
  const buildCache = environment["GOCACHE"] ?? "";
  const settings: GoSettings = {
    goMinor: asked.goMinor ?? goMinor,
    goVersion: asked.goMinor === undefined ? goVersion : `1.${asked.goMinor}.0`,
    cache: environment["GOMODCACHE"] ?? "",
    buildCache,
    goroot: environmentOfGo["GOROOT"] ?? "",
    temporary: "/tmp",
    goproxy: environment["GOPROXY"] ?? "",
    noProxy: "",
    toolchain: "local",
    goos: environmentOfGo["GOOS"] ?? "linux",
    goarch: environmentOfGo["GOARCH"] ?? "amd64",
    cgo: environmentOfGo["CGO_ENABLED"] !== "0",
    goflags: [],
    workFile: "",
  };
  const machine = new DiskMachine(world, settings.goVersion, buildCache);
  if (asked.allIndexed === true) machine.indexed = () => true;
  const project = readProject(machine, asked.project, settings);
  if (project === undefined || project instanceof Unseen) throw new Error("the lab's project could not be read");
  const play = (): Prediction =>
    predict(machine, {
      operation: asked.operation,
      subject: { ...asked.user, capabilities: new Set() },
      settings,
      kernel: { protectedRegular: 0, protectedFifos: 0, protectedSymlinks: 0 },
      project: project as Project,
      ...(asked.module === undefined ? {} : { module: asked.module }),
    });
  return world.settle(play);
}

// Builders of Dockerfiles, and which of their RUN steps came from the cache.
import { mkdirSync, writeFileSync } from "node:fs";
import { posix } from "node:path";
import { systemPath } from "../host/system-path.ts";
import { DockerDaemon } from "./docker-daemon.ts";
import { makeImageRoot } from "./image.ts";
import type { Lab } from "./lab.ts";
import { must, type Ran } from "./program.ts";

/** A RUN step: its command, and whether it was taken from the cache. */
export interface RunStep {
  readonly command: string;
  readonly cached: boolean;
}

export interface Builder {
  readonly name: "buildah" | "legacy builder" | "BuildKit";
  /** As somebody would type it. */
  readonly command: string;
  /** @throws with what it said if it does not build */
  build(dockerfile: string): Promise<RunStep[]>;
}

export const baseImage = "lab:base";

/** buildah with storage of its own, and Docker's two builders if a daemon is to be started. */
export async function makeBuilders(lab: Lab): Promise<Builder[]> {
  const root = lab.at("image");
  makeImageRoot(root);
  const archive = lab.at("image.tar");
  must(await lab.run(["tar", "-C", root, "-cf", archive, "."]));
  const context = lab.makeDirectory("context");
  const file = posix.join(context, "Dockerfile");
  const builders = [await makeBuildah(lab, archive, context, file)];
  if (!lab.startDaemon) return builders;
  const daemon = new DockerDaemon(lab.at("docker"), lab.programs);
  lab.cleanup(() => daemon.stop());
  await daemon.start();
  must(await daemon.docker(["import", "--change", "ENV PATH=/bin", archive, baseImage]));
  for (const [name, kit] of [
    ["legacy builder", "0"],
    ["BuildKit", "1"],
  ] as const) {
    builders.push({
      name,
      command: `DOCKER_BUILDKIT=${kit} docker build .`,
      build: async (dockerfile) => {
        writeFileSync(file, dockerfile);
        const progress = kit === "1" ? ["--progress=plain"] : [];
        const ran = must(
          await daemon.docker(["build", "--network=none", ...progress, context], { DOCKER_BUILDKIT: kit }),
        );
        return kit === "1" ? stepsOfBuildKit(ran.output) : stepsOf(ran.output);
      },
    });
  }
  return builders;
}

async function makeBuildah(lab: Lab, archive: string, context: string, file: string): Promise<Builder> {
  const directory = lab.at("buildah");
  mkdirSync(directory);
  const storage = [
    "--root",
    posix.join(directory, "root"),
    "--runroot",
    posix.join(directory, "run"),
    "--storage-driver",
    "vfs",
  ];
  const env = { PATH: systemPath, HOME: directory, TMPDIR: directory, BUILDAH_ISOLATION: "chroot" };
  const buildah = async (...words: string[]): Promise<Ran> =>
    must(await lab.programs.run(["buildah", ...storage, ...words], { cwd: "/", env }));
  const container = (await buildah("from", "scratch")).stdout.trim();
  await buildah("add", "-q", container, archive, "/");
  await buildah("config", "--env", "PATH=/bin", container);
  await buildah("commit", "-q", container, baseImage);
  return {
    name: "buildah",
    command: "buildah build --layers .",
    build: async (dockerfile) => {
      writeFileSync(file, dockerfile);
      return stepsOf(
        (await buildah("bud", "--layers", "--pull-never", "--isolation", "chroot", "-f", file, context)).output,
      );
    },
  };
}

/** The legacy builder: `Step 3/7 : RUN …`, then ` ---> Using cache`. buildah: `STEP 3/7: RUN …`, then `--> Using cache ID`. */
export function stepsOf(output: string): RunStep[] {
  const parts = output.split(/^STEP \d+(?:\/\d+)? ?: |^Step \d+\/\d+ : /m).slice(1);
  return parts
    .filter((part) => part.startsWith("RUN "))
    .map((part) => ({ command: (part.split("\n")[0] as string).slice(4), cached: /^ ?-+> Using cache/m.test(part) }));
}

/** `#5 [2/4] RUN …`, and later `#5 CACHED` or `#5 DONE 0.1s`. Numbers come in any order, steps in that of the file. */
export function stepsOfBuildKit(output: string): RunStep[] {
  const steps = [...output.matchAll(/^#(\d+) \[(\d+)\/\d+\] RUN (.*)$/gm)];
  const once = new Map(
    steps.map(([, id, place, command]) => [id as string, { place: Number(place), command: command as string }]),
  );
  return [...once]
    .sort(([, a], [, b]) => a.place - b.place)
    .map(([id, { command }]) => ({ command, cached: new RegExp(`^#${id} CACHED$`, "m").test(output) }));
}

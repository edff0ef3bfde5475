// Does changing USER there and back cost the cache? The article's Dockerfile, and variants that leave nothing but USER to differ.
import { type Builder, baseImage, makeBuilders, type RunStep } from "../builders.ts";
import type { Experiment } from "../experiment.ts";
import type { Lab } from "../lab.ts";

export const dockerUserSwitch: Experiment = {
  name: "docker-user-switch",
  summary: "which build steps hit the cache after USER",
  method:
    "A widely read article has a Dockerfile that runs one command as root, another as user 1001, and the first again as root, and says that the third misses the cache since the UID is part of the key. The file is built, then variants in which only USER differs: by buildah, and with --start-daemon by Docker's legacy builder and BuildKit.",
  needs: ["root", "buildah", "busybox", "tar"],
  run,
};

interface Trial {
  readonly title: string;
  /** What was built before, if anything. */
  readonly before?: string;
  readonly file: string;
  /** Which of the RUN steps come from the cache, by builder. */
  readonly cached: Readonly<Record<Builder["name"], readonly boolean[]>>;
  readonly claim: string;
}

const lines = (...words: string[]): string => [`FROM ${baseImage}`, ...words].join("\n").concat("\n");
const same = (...cached: boolean[]): Trial["cached"] => ({
  buildah: cached,
  "legacy builder": cached,
  BuildKit: cached,
});
const article = lines(
  "USER root",
  "RUN touch /tmp/a",
  "USER 1001",
  "RUN touch /tmp/u",
  "USER root",
  "RUN touch /tmp/a",
);

const trials: readonly Trial[] = [
  {
    title: "The article's file, built for the first time",
    file: article,
    cached: same(false, false, false),
    claim: "the third RUN is not taken from the first one, which has the same words and the same user",
  },
  {
    title: "The same without USER",
    file: lines("RUN touch /tmp/c", "RUN touch /tmp/d", "RUN touch /tmp/c"),
    cached: same(false, false, false),
    claim: "nor is it where no user changes: what differs is the step before it, so the UID is not the reason",
  },
  {
    title: "The article's file again",
    file: article,
    cached: same(true, true, true),
    claim: "built twice, each step comes from the cache, whatever its user",
  },
  {
    title: "Only USER there and back lies between two steps",
    before: lines("USER root", "RUN touch /tmp/e", "RUN touch /tmp/f"),
    file: lines("USER root", "RUN touch /tmp/e", "USER 1001", "USER root", "RUN touch /tmp/f"),
    cached: { buildah: [true, false], "legacy builder": [true, false], BuildKit: [true, true] },
    claim:
      "BuildKit takes the second RUN from the cache, since USER makes no layer and the key has the same user again; the legacy builder and buildah do not, since each USER makes an image, so that the step before differs",
  },
  {
    title: "Nobody says USER before, and afterwards it is root by name",
    before: lines("RUN touch /tmp/g", "RUN touch /tmp/h"),
    file: lines("RUN touch /tmp/g", "USER root", "RUN touch /tmp/h"),
    cached: same(true, false),
    claim:
      "the second RUN runs although its UID is the same: BuildKit's key has the words of USER, the others' have one step more",
  },
];

async function run(lab: Lab): Promise<void> {
  const builders = await makeBuilders(lab);
  for (const trial of trials) {
    lab.step(trial.title);
    lab.shown("cat Dockerfile", trial.file);
    if (trial.before !== undefined) lab.shown("cat Dockerfile.before", trial.before);
    let held = true;
    for (const builder of builders) {
      if (trial.before !== undefined) await builder.build(trial.before);
      const steps = await builder.build(trial.file);
      const after = trial.before === undefined ? "" : "   # after Dockerfile.before";
      lab.shown(builder.command + after, steps.map(textOf).join(""));
      const cached = steps.map((step) => step.cached);
      held &&= JSON.stringify(cached) === JSON.stringify(trial.cached[builder.name]);
    }
    lab.claim(trial.claim, held);
  }
  lab.conclude(
    "The user is part of the key, but it is not what makes the article's third RUN miss: that is the step before it, as without any USER.",
  );
  lab.conclude(
    "USER costs cache only between different files, or where its words change: USER 1001 and USER app are two keys.",
  );
  lab.conclude(
    "The cache's key says nothing about permissions: a step that hits it has the files of whoever ran it then.",
  );
  if (builders.length === 1)
    lab.conclude("Only buildah was asked. With --start-daemon a Docker daemon of the lab's own shows the other two.");
}

const textOf = ({ command, cached }: RunStep): string => `${cached ? "CACHED" : "runs  "}  RUN ${command}\n`;

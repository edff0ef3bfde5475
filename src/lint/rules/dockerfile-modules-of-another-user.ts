// One user fills the module cache in the image, another one runs a go command that must add to it.
// A cache that is complete works for everybody under umask 022; so only commands that need more than what is there are told.
import { type Fetch, fetchesBefore, isMounted, runner } from "../dockerfile/fetched.ts";
import { goPlaces } from "../dockerfile/go-places.ts";
import { nameOf, ownerOf, sameUser } from "../dockerfile/history.ts";
import type { Dockerfile, Step } from "../dockerfile/model.ts";
import { oncePerStage } from "../dockerfile/once.ts";
import { mayWrite } from "../dockerfile/ownership.ts";
import { parentOf } from "../dockerfile/path.ts";
import type { User } from "../dockerfile/user.ts";
import { appended } from "../dockerfile/write.ts";
import { type GoCommand, goCommand, hasFlag } from "../golang/command.ts";
import type { Around, LintDraft, LintFix, LintRule } from "../rule.ts";

export const dockerfileModulesOfAnotherUser: LintRule<"dockerfile"> = {
  id: "dockerfile-modules-of-another-user",
  severity: "error",
  title: "modules are downloaded by one user and must be added to by another",
  kinds: ["dockerfile"],
  check: (model, around) => oncePerStage(model.stages, (step) => ofStep(step, model, around)),
};

function ofStep(step: Step, model: Dockerfile, around: Around): { key: string; draft: LintDraft }[] {
  for (const command of step.commands) {
    const go = goCommand(command);
    const user = runner(step, command);
    const { modules } = goPlaces(step, command);
    if (go === undefined || user === undefined || user.root || modules === undefined || isMounted(modules, step))
      continue;
    const foreign = fetchesBefore(step, modules, command);
    const first = foreign.find((fetch) => fetch.user !== undefined && sameUser(fetch.user, user) === false);
    if (first?.user === undefined) continue;
    const need = needOf(go, foreign, around);
    // Someone may have given the cache away since; "/go" is everybody's, so it is its pkg that counts.
    if (need === undefined || givenAway(modules, step, user)) continue;
    const inRun = step.instruction.keyword === "RUN";
    const draft: LintDraft = {
      message: `${nameOf(first.user)} fills the module cache ${modules} (line ${lineOf(model, first)}), and go ${go.verb} ${need.words} as ${nameOf(user)}: permission denied`,
      at: command,
      subject: nameOf(user),
      why: "What go makes belongs to whoever runs it, with mode 0755 or 0644 under umask 022. Others can read it, so that a complete cache builds; the first module that is missing must be written beside it",
      confidence: need.certain && inRun ? "certain" : "likely",
      fixes: [fixOf(foreign, user, modules)],
    };
    return [{ key: `${modules} ${user.text}`, draft }];
  }
  return [];
}

/** Why the command must write; undefined if what is there could be all that it needs. */
function needOf(
  go: GoCommand,
  before: readonly Fetch[],
  around: Around,
): { words: string; certain: boolean } | undefined {
  const { verb } = go;
  if (verb === "clean" && hasFlag(go, "modcache")) return { words: "must delete it", certain: true };
  const words = (one: GoCommand): string => one.command.words.map(({ value }) => value).join(" ");
  if (before.some((fetch) => words(fetch.go) === words(go))) return undefined;
  if (verb === "get" || go.versioned) return { words: "must add modules to it", certain: true };
  if (verb === "mod tidy") return { words: "looks for modules that only tests of modules need", certain: false };
  if (!go.fetches || hasFlag(go, "mod=vendor") || around.has("vendor/modules.txt") === true) return undefined;
  // Tools only: the project's own modules are still missing.
  if (before.every((fetch) => fetch.go.versioned)) {
    return { words: "must add the project's modules to it", certain: around.has("go.sum") === true };
  }
  const complete = before.some((fetch) => fetch.go.verb === "mod download" || fetch.go.verb === "mod vendor");
  if (complete || !(verb === "test" || verb === "vet" || verb === "mod download")) return undefined;
  const tested = before.some((fetch) => fetch.go.verb === verb || fetch.go.verb === "test");
  return tested ? undefined : { words: "may need modules that the build did not", certain: false };
}

function givenAway(modules: string, step: Step, user: User): boolean {
  // In a golang image everybody may write /go itself; asked as if it were not there, the answer tells whether somebody gave it away.
  const { image } = step.stage;
  const plain: Step =
    image === undefined ? step : { ...step, stage: { ...step.stage, image: { ...image, family: "distribution" } } };
  return mayWrite(modules, plain, user) !== "no";
}

function lineOf({ file }: Dockerfile, { step }: Fetch): number {
  return file.text.slice(0, step.instruction.start).split("\n").length;
}

/** The owner is changed in the layers that make the files, so that the image holds them once. */
function fixOf(before: readonly Fetch[], user: User, modules: string): LintFix {
  const title = `Give the cache to ${ownerOf(user)} in the instruction that fills it, or download as that user`;
  const steps = [...new Set(before.filter((fetch) => fetch.user?.root === true).map(({ step }) => step))];
  const everything = /\/pkg\/mod$/.test(modules) ? parentOf(modules) : modules;
  const edits = steps.map((step) => appended(step, `chown -R ${ownerOf(user)} ${everything}`));
  const complete = edits.filter((edit) => edit !== undefined);
  if (user.uid === undefined || complete.length !== edits.length || edits.length === 0)
    return { title, disposition: "safe" };
  return { title, disposition: "safe", edits: complete };
}

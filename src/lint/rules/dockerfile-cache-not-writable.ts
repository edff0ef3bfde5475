// GOMODCACHE or GOCACHE, often by way of HOME, is where the user of the instruction cannot write.
import { fetchesBefore, isMounted, runner } from "../dockerfile/fetched.ts";
import { goPlaces } from "../dockerfile/go-places.ts";
import { nameOf, ownerOf, userInstruction } from "../dockerfile/history.ts";
import type { Dockerfile, Step } from "../dockerfile/model.ts";
import { oncePerStage } from "../dockerfile/once.ts";
import { mayWrite } from "../dockerfile/ownership.ts";
import type { User } from "../dockerfile/user.ts";
import { lineBefore } from "../dockerfile/write.ts";
import { type GoCommand, goCommand, hasFlag } from "../golang/command.ts";
import type { Around, LintDraft, LintFix, LintRule } from "../rule.ts";

export const dockerfileCacheNotWritable: LintRule<"dockerfile"> = {
  id: "dockerfile-cache-not-writable",
  severity: "error",
  title: "go's directories are where the user of the image cannot write",
  kinds: ["dockerfile"],
  check: (model, around) => oncePerStage(model.stages, (step) => ofStep(step, model, around)),
};

function ofStep(step: Step, model: Dockerfile, around: Around): { key: string; draft: LintDraft }[] {
  for (const command of step.commands) {
    const go = goCommand(command);
    const user = runner(step, command);
    if (go === undefined || user === undefined || user.root) continue;
    const { builds, modules, home } = goPlaces(step, command);
    const refused = (path: string | undefined): path is string =>
      path !== undefined && !isMounted(path, step) && mayWrite(path, step, user) === "no";
    const variable =
      go.compiles && refused(builds)
        ? "GOCACHE"
        : mustFetch(go, step, modules, around) && refused(modules)
          ? "GOMODCACHE"
          : undefined;
    if (variable === undefined) continue;
    const path = (variable === "GOCACHE" ? builds : modules) as string;
    const byHome = home !== undefined && path.startsWith(home === "/" ? "/" : `${home}/`);
    const nameless = home === "/" ? `, since ${nameOf(user)} is not in /etc/passwd and its HOME is therefore /` : "";
    const read = byHome && variable === "GOCACHE" ? `${path}${nameless}` : path;
    const draft: LintDraft = {
      message: `${variable} is ${read}: go ${go.verb} cannot write there as ${nameOf(user)}`,
      at: command,
      subject: nameOf(user),
      why:
        variable === "GOCACHE"
          ? "go does not compile without its build cache: failed to initialize build cache"
          : "Nothing has filled this directory before, so go must make it: could not create module cache",
      // What a container is started with (volumes, another user) is not in the file.
      confidence: step.instruction.keyword === "RUN" ? "certain" : "likely",
      fixes: [fixOf(variable, path, step, user, model)],
    };
    return [{ key: `${variable} ${user.text}`, draft }];
  }
  return [];
}

/** True if nothing in the file could have filled the cache, and the command needs modules at all. */
function mustFetch(go: GoCommand, step: Step, modules: string | undefined, around: Around): modules is string {
  if (modules === undefined || !go.fetches || hasFlag(go, "mod=vendor")) return false;
  if (
    !go.versioned &&
    go.verb !== "get" &&
    (around.has("go.sum") === false || around.has("vendor/modules.txt") === true)
  )
    return false;
  return fetchesBefore(step, modules, go.command).length === 0;
}

function fixOf(variable: string, path: string, step: Step, user: User, model: Dockerfile): LintFix {
  if (variable === "GOCACHE") {
    return {
      title: "Put the build cache where everybody may write",
      disposition: "safe",
      edits: [lineBefore(model, step, "ENV GOCACHE=/tmp/.cache/go-build")],
    };
  }
  const title = `Make ${path} for ${ownerOf(user)} while root still runs`;
  const becomes = userInstruction(step);
  if (becomes === undefined || user.uid === undefined) return { title, disposition: "safe" };
  const line = `RUN mkdir -p ${path} && chown -R ${ownerOf(user)} ${path}`;
  return { title, disposition: "safe", edits: [lineBefore(model, becomes, line)] };
}

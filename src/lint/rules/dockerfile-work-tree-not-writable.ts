// A go command must write into the work tree (go.mod, go.sum, vendor, its output), which COPY and WORKDIR left to root.
import { runner } from "../dockerfile/fetched.ts";
import { environmentOf } from "../dockerfile/go-places.ts";
import { nameOf, ownerOf, stepsBefore, userInstruction } from "../dockerfile/history.ts";
import type { Dockerfile, Step } from "../dockerfile/model.ts";
import { oncePerStage } from "../dockerfile/once.ts";
import { mayWrite } from "../dockerfile/ownership.ts";
import { absolute, covers } from "../dockerfile/path.ts";
import type { User } from "../dockerfile/user.ts";
import { expand } from "../dockerfile/words.ts";
import { lineBefore } from "../dockerfile/write.ts";
import { type GoCommand, goCommand, hasFlag } from "../golang/command.ts";
import type { LintDraft, LintFix, LintRule, TextEdit } from "../rule.ts";

export const dockerfileWorkTreeNotWritable: LintRule<"dockerfile"> = {
  id: "dockerfile-work-tree-not-writable",
  severity: "error",
  title: "go must write into a work tree that belongs to root",
  kinds: ["dockerfile"],
  check: (model) => oncePerStage(model.stages, (step) => ofStep(step, model)),
};

function ofStep(step: Step, model: Dockerfile): { key: string; draft: LintDraft }[] {
  const { workdir } = step;
  if (step.instruction.keyword !== "RUN" || workdir === undefined) return [];
  for (const command of step.commands) {
    const go = goCommand(command);
    const user = runner(step, command);
    if (go === undefined || user === undefined || user.root) continue;
    // cd leads elsewhere, and so does -C.
    if (step.commands.some(({ words, start }) => words[0]?.value === "cd" && start < command.start)) return [];
    if (command.words[1]?.value.startsWith("-C") === true) continue;
    const written = writes(go, step);
    if (written === undefined) continue;
    const path = absolute(written, workdir, user.home);
    if (path === undefined || path === workdir || mayWrite(path, step, user) !== "no") continue;
    const copies = copiesInto(workdir, step);
    // A directory that no instruction here makes may come with the image.
    if (copies.length === 0 && !isMade(workdir, step)) continue;
    const draft: LintDraft = {
      message: `go ${go.verb} must write ${path}, which belongs to root: it fails as ${nameOf(user)}`,
      at: command,
      subject: nameOf(user),
      why: "COPY and ADD make everything root's, whatever USER is, and so does WORKDIR as long as root runs",
      fixes: [fixOf(copies, step, user, workdir, model)],
    };
    return [{ key: `${workdir} ${user.text}`, draft }];
  }
  return [];
}

/** What the command writes, relative to the directory it runs in. */
function writes(go: GoCommand, step: Step): string | undefined {
  const { verb, rest } = go;
  if (/^mod (tidy|init|edit|vendor)$/.test(verb)) {
    const prints = verb === "mod edit" && (hasFlag(go, "json") || hasFlag(go, "print"));
    return prints || hasFlag(go, "diff") ? undefined : verb === "mod vendor" ? "vendor" : "go.mod";
  }
  if (verb === "get") return "go.mod";
  const flags = `${environmentOf(step, go.command).get("GOFLAGS") ?? ""} ${rest.map(({ value }) => value).join(" ")}`;
  if (go.fetches && /(^|\s)--?mod=mod(\s|$)/.test(flags)) return "go.mod";
  if (verb !== "build") return undefined;
  const at = rest.findIndex(({ value }) => /^--?o(=|$)/.test(value));
  const output = at < 0 ? undefined : (rest[at]?.value.match(/^--?o=(.*)$/)?.[1] ?? rest[at + 1]?.value);
  // Without -o only a build of one main package writes, and which is main the file does not tell.
  if (output === undefined || output === "/dev/null" || /[`(]/.test(output)) return undefined;
  return expand(output, (name) => environmentOf(step, go.command).get(name));
}

/** The COPY and ADD of the build context into a directory, without an owner. */
function copiesInto(workdir: string, step: Step): Step[] {
  return stepsBefore(step).filter(({ instruction, workdir: at, env }) => {
    if (!/^(COPY|ADD)$/.test(instruction.keyword)) return false;
    if (instruction.flags.some(({ name }) => name === "chown" || name === "from" || name === "chmod")) return false;
    const target = expand(instruction.words.at(-1)?.value ?? "", (name) => env.get(name));
    const whole = target === undefined ? undefined : absolute(target, at, undefined);
    return whole !== undefined && (covers(workdir, whole) || whole === workdir);
  });
}

function isMade(workdir: string, step: Step): boolean {
  return stepsBefore(step).some(({ instruction }) => instruction.keyword === "WORKDIR") && workdir !== "/go";
}

function fixOf(copies: readonly Step[], step: Step, user: User, workdir: string, model: Dockerfile): LintFix {
  const owner = ownerOf(user);
  const title = `Give what is copied, and ${workdir} itself, to ${owner}`;
  const becomes = userInstruction(step);
  if (user.uid === undefined || becomes === undefined || copies.some(({ stage }) => stage !== step.stage))
    return { title, disposition: "safe" };
  const edits: TextEdit[] = copies.map(({ instruction }) => {
    const at = instruction.start + instruction.keyword.length;
    return { start: at, end: at, text: ` --chown=${owner}` };
  });
  // A directory that is already there keeps its owner.
  edits.push(lineBefore(model, becomes, `RUN mkdir -p ${workdir} && chown ${owner} ${workdir}`));
  return { title, disposition: "safe", edits };
}

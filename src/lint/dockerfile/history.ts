// What came before a step in the image that it works on: the steps of the stages that it goes on from, then those of its own.
import type { Stage, Step } from "./model.ts";
import type { User } from "./user.ts";

/** All earlier steps, the first of the first stage first. */
export function stepsBefore(step: Step): Step[] {
  const own = step.stage.steps.slice(0, step.stage.steps.indexOf(step));
  return [...stepsOf(step.stage.parent), ...own];
}

function stepsOf(stage: Stage | undefined): Step[] {
  return stage === undefined ? [] : [...stepsOf(stage.parent), ...stage.steps];
}

/** True if two users are the same; undefined if that is not known. */
export function sameUser(a: User, b: User): boolean | undefined {
  if (a.text === b.text || (a.root && b.root)) return true;
  if (a.root !== b.root) return false;
  return a.uid === undefined || b.uid === undefined ? undefined : a.uid === b.uid;
}

/** `uid 1001`, or `user app` where the number is not known. */
export function nameOf(user: User): string {
  if (user.root) return "root";
  return user.uid === undefined ? `user ${user.text}` : `uid ${user.uid}`;
}

/** For chown, --chown and USER: `1001:1001`, or the name. */
export function ownerOf({ text, uid, gid }: User): string {
  return uid === undefined ? text : `${uid}:${gid ?? uid}`;
}

/** The USER instruction, run by root until then, that makes the step's user; undefined if there is none in its stage. */
export function userInstruction(step: Step): Step | undefined {
  const { steps } = step.stage;
  const before = steps.slice(0, steps.indexOf(step)).filter(({ instruction }) => instruction.keyword === "USER");
  const last = before.at(-1);
  return last?.user?.root === true ? last : undefined;
}

/** True if nothing else goes on from the stage or comes after it: what is pushed. */
export function isFinal(stage: Stage, stages: readonly Stage[]): boolean {
  let last = stages.at(-1);
  while (last !== undefined && last !== stage) last = last.parent;
  return last === stage;
}

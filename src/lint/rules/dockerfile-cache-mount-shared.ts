// Two users write into one cache mount: the second one meets files of the first.
import { goPlaces } from "../dockerfile/go-places.ts";
import { nameOf, sameUser } from "../dockerfile/history.ts";
import type { Step } from "../dockerfile/model.ts";
import type { Mount } from "../dockerfile/mount.ts";
import { related } from "../dockerfile/path.ts";
import type { User } from "../dockerfile/user.ts";
import { goCommand } from "../golang/command.ts";
import type { LintDraft, LintRule } from "../rule.ts";

export const dockerfileCacheMountShared: LintRule<"dockerfile"> = {
  id: "dockerfile-cache-mount-shared",
  severity: "error",
  title: "two users write into one cache mount",
  kinds: ["dockerfile"],
  check: ({ stages }) => {
    const first = new Map<string, User>();
    const drafts: LintDraft[] = [];
    for (const step of stages.flatMap(({ steps }) => steps)) {
      for (const mount of writingMounts(step)) {
        const { user } = step;
        if (user === undefined) continue;
        const key = keyOf(mount);
        const before = first.get(key);
        if (before === undefined) first.set(key, user);
        else if (sameUser(before, user) === false) drafts.push(draft(mount, before, user));
      }
    }
    return drafts;
  },
};

/**
 * BuildKit keeps one directory for each id together with owner and mode (solver/llbsolver/mounts: the key of a cache mount holds the
 * directory it is made from); the id is the target if it is not given.
 */
function keyOf({ options, target }: Mount): string {
  return [options.get("id") ?? target, options.get("uid"), options.get("gid"), options.get("mode")].join("\0");
}

function writingMounts(step: Step): Mount[] {
  if (step.instruction.keyword !== "RUN" || step.user === undefined) return [];
  return step.mounts.filter(({ type, target, options }) => {
    if (type !== "cache" || target === undefined || options.has("ro") || options.get("readonly") === "true")
      return false;
    // A user who cannot write a mount of root's at all is another finding.
    if (step.user?.root === false && !options.has("uid") && !options.has("mode")) return false;
    return step.commands.some((command) => {
      const go = goCommand(command);
      const { modules, builds } = goPlaces(step, command);
      const hit = (path: string | undefined): boolean => path !== undefined && related(path, target);
      return (
        command.as === undefined && ((go?.fetches === true && hit(modules)) || (go?.compiles === true && hit(builds)))
      );
    });
  });
}

function draft({ flag, options, target }: Mount, before: User, user: User): LintDraft {
  const id = options.get("id");
  const own = `${id ?? (target as string).replace(/^\//, "").replaceAll("/", "-")}-${user.root ? "root" : user.text}`;
  const kept = flag.value
    .split(",")
    .filter((field) => !/^["']?id=/i.test(field))
    .join(",");
  const fields = kept.startsWith("type=cache")
    ? kept.replace("type=cache", `type=cache,id=${own}`)
    : `${kept},id=${own}`;
  return {
    message: `${nameOf(user)} and ${nameOf(before)} fill the same cache mount ${id ?? target}: each meets files that the other may not change`,
    at: flag,
    subject: `${nameOf(before)} and ${nameOf(user)}`,
    why: "go makes its files with the owner of the process and umask 022. Sooner or later one of the two needs a lock file or a directory of the other, on a day when the cache is not complete",
    fixes: [
      {
        title: "Give each user a cache mount of their own",
        disposition: "safe",
        edits: [{ start: flag.start, end: flag.end, text: `--mount=${fields}` }],
      },
    ],
  };
}

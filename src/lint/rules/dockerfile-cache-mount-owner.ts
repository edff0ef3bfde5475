// RUN --mount=type=cache on GOMODCACHE or GOCACHE under a user who is not root: the directory is 0:0 0755 unless the mount says otherwise.

import { goPlaces } from "../dockerfile/go-places.ts";
import type { Step } from "../dockerfile/model.ts";
import type { Mount } from "../dockerfile/mount.ts";
import type { User } from "../dockerfile/user.ts";
import { goCommand } from "../golang/command.ts";
import type { LintDraft, LintRule } from "../rule.ts";

export const dockerfileCacheMountOwner: LintRule<"dockerfile"> = {
  id: "dockerfile-cache-mount-owner",
  severity: "error",
  title: "a cache mount belongs to another user than the one who runs go",
  kinds: ["dockerfile"],
  check: ({ stages }) => stages.flatMap(({ steps }) => steps.flatMap(ofStep)),
};

function ofStep(step: Step): LintDraft[] {
  const { user } = step;
  if (step.instruction.keyword !== "RUN" || user === undefined || user.root) return [];
  return step.mounts.flatMap((mount) => ofMount(mount, step, user));
}

function ofMount(mount: Mount, step: Step, user: User): LintDraft[] {
  const { flag, target, type, options } = mount;
  if (type !== "cache" || target === undefined || options.has("ro") || options.get("readonly") === "true") return [];
  const use = useOf(step, target);
  if (use === undefined) return [];
  const uid = options.get("uid");
  if (uid !== undefined && (/\D/.test(uid) || user.uid === undefined || Number(uid) === user.uid)) return [];
  // Others may write, or the group, which the user could be in.
  const mode = /^[0-7]{3,4}$/.test(options.get("mode") ?? "")
    ? Number.parseInt(options.get("mode") as string, 8)
    : 0o755;
  if ((mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && options.has("gid"))) return [];
  const who = user.uid === undefined ? `user ${user.text}` : `uid ${user.uid}`;
  const owner = uid === undefined ? "root, who owns a cache mount unless uid says otherwise" : `uid ${uid}`;
  return [
    {
      message: `${use.variable} ${target} is a cache mount of ${owner}: go cannot write there as ${who}`,
      at: flag,
      subject: who,
      why: `BuildKit and buildah make the directory of a new cache mount as 0:0 with mode 0755, whatever USER is. ${use.variable === "GOCACHE" ? "go stops when it cannot write its build cache" : "go stops at the first module that it must download"}`,
      confidence: use.certain ? "certain" : "likely",
      fixes: [fixOf(mount, user)],
    },
  ];
}

/** Which of go's directories the mount is for, and whether a command here certainly needs to write it. */
function useOf(step: Step, target: string): { variable: "GOMODCACHE" | "GOCACHE"; certain: boolean } | undefined {
  const covers = (path: string | undefined): boolean =>
    path !== undefined && (path === target || path.startsWith(`${target}/`) || target.startsWith(`${path}/`));
  let found: { variable: "GOMODCACHE" | "GOCACHE"; certain: boolean } | undefined;
  for (const command of step.commands) {
    if (command.as !== undefined) continue;
    const go = goCommand(command);
    const places = goPlaces(step, command);
    if (covers(places.builds) && (go === undefined || go.compiles))
      found = { variable: "GOCACHE", certain: go !== undefined || found?.certain === true };
    else if (covers(places.modules) && (go === undefined || go.fetches))
      found = { variable: "GOMODCACHE", certain: go !== undefined || found?.certain === true };
    if (found?.certain === true) break;
  }
  return found;
}

function fixOf({ flag, options }: Mount, user: User): LintDraft["fixes"][number] {
  const { uid, gid = uid } = user;
  if (uid === undefined)
    return { title: "Add uid and gid to the mount: the numbers of the user who runs go", disposition: "safe" };
  const has = (name: string): boolean => options.has(name);
  const kept = flag.value
    .split(",")
    .filter((field) => !/^["']?(uid|gid)=/i.test(field))
    .join(",");
  const other = has("uid") ? ", with an id of its own, since the old directory keeps its owner" : "";
  const id = has("uid") && !has("id") ? `,id=go-${uid}` : "";
  return {
    title: `Give the mount to ${uid}:${gid}${other}`,
    disposition: "safe",
    edits: [{ start: flag.start, end: flag.end, text: `--mount=${kept}${id},uid=${uid},gid=${gid}` }],
  };
}

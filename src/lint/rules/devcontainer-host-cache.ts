// The host's own module cache bound into a devcontainer that works as another user: the files of two users get mixed.
import type { Devcontainer, DevMount } from "../devcontainer/model.ts";
import { userOf } from "../devcontainer/user.ts";
import { cacheNamed } from "../golang/cache-word.ts";
import type { LintRule } from "../rule.ts";

export const devcontainerHostCache: LintRule<"devcontainer"> = {
  id: "devcontainer-host-cache",
  severity: "warning",
  title: "the host's cache is written by another user",
  kinds: ["devcontainer"],
  check: (model) => {
    const why = whyAnother(model);
    if (why === undefined || !model.plain) return [];
    return model.mounts.filter(isHostCache).map(({ source, start, end }) => ({
      message: `${source} is your own cache, and the container writes it as ${why}: go on the host is then denied`,
      at: { start, end },
      subject: "whoever works on the host",
      confidence: "likely" as const,
      why: "A bind mount keeps the numbers of owners: what the container makes is of its UID on the host too, unless the engine maps users",
      fixes: [
        {
          title: "Take a volume: source=gomodcache,target=/go/pkg/mod,type=volume (gomodcache generate devcontainer)",
          disposition: "unsafe" as const,
        },
        {
          title: "What is there already is repaired on the host",
          disposition: "safe" as const,
          command: "sudo gomodcache init --deep",
        },
      ],
    }));
  },
};

/** With updateRemoteUserUID, which is the default, a user who is not root gets the UID of whoever opens it on Linux. */
function whyAnother(model: Devcontainer): string | undefined {
  const user = userOf(model);
  if (user === undefined) return undefined;
  if (user === "root") return "root";
  return model.updatesUid ? undefined : `${user}, whose UID is the image's, since updateRemoteUserUID is false`;
}

function isHostCache({ type, source }: DevMount): boolean {
  if (type !== "bind") return false;
  const path = source.replace(/\$\{localEnv:(\w+)[^}$]*\}/g, "$$$1");
  return cacheNamed(path) !== undefined;
}

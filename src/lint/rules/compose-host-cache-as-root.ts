// The module cache of whoever starts the services, mounted into a container that is root: root's files stay in it.
import type { ComposeFile, Service } from "../compose/model.ts";
import { cacheNamed } from "../golang/cache-word.ts";
import type { LintDraft, LintRule } from "../rule.ts";

export const composeHostCacheAsRoot: LintRule<"compose"> = {
  id: "compose-host-cache-as-root",
  severity: "warning",
  title: "a container of root's writes into the user's own cache",
  kinds: ["compose"],
  check: ({ services }: ComposeFile) => services.flatMap(ofService),
};

function ofService({ container, mounts }: Service): LintDraft[] {
  if (container.uid?.value !== 0) return [];
  const mount = mounts.find(({ kind, readOnly, volume }) => kind === "bind" && !readOnly && isUsersCache(volume));
  if (mount === undefined) return [];
  return [
    {
      message: `Service "${container.name}" is root and mounts ${mount.volume} of the host: what go makes there is root's, and your next go command is denied`,
      at: { start: mount.start, end: mount.end },
      subject: "whoever starts the services",
      confidence: "likely",
      why: "A bind mount has no users of its own: UID 0 in the container is UID 0 on the host, unless the engine is rootless",
      fixes: [
        {
          title:
            "Take a named volume, or run the service as yourself: user: UID:GID, with HOME and GOCACHE where it can write",
          disposition: "unsafe",
        },
        {
          title: "What is there already is repaired on the host",
          disposition: "safe",
          command: "sudo gomodcache init --deep",
        },
      ],
    },
  ];
}

/** `~/go/pkg/mod`, `${HOME}/go`, `${GOPATH:-~/go}/pkg/mod`, `$GOMODCACHE`; not a directory of the project. */
function isUsersCache(source: string): boolean {
  return (
    /^(~|\$|\/home\/|\/Users\/|\/root\/)/.test(source) && !/^\$\{?PWD/.test(source) && cacheNamed(source) !== undefined
  );
}

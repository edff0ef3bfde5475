// A volume at the module cache of a devcontainer: new ones are root's, and the user of the container is not.
import type { Devcontainer, DevMount } from "../devcontainer/model.ts";
import { isDevImage, userOf } from "../devcontainer/user.ts";
import { covers } from "../dockerfile/path.ts";
import { cacheNamed } from "../golang/cache-word.ts";
import type { LintDraft, LintRule } from "../rule.ts";
import { argumentsOf, programOf, type ShellCommand } from "../shell/command.ts";

export const devcontainerCacheVolumeOfRoot: LintRule<"devcontainer"> = {
  id: "devcontainer-cache-volume-of-root",
  severity: "error",
  title: "the volume for the cache belongs to root",
  kinds: ["devcontainer"],
  check: (model) => {
    const user = userOf(model);
    if (!model.plain || !isDevImage(model) || user === undefined || user === "root") return [];
    return model.mounts
      .filter((mount) => mount.type === "volume" && holdsCache(mount, model) && !isPrepared(mount, model))
      .map((mount) => draft(mount, user, model));
  },
};

/** Directories that the images do not have; /go is there, and the user's. */
function holdsCache({ target }: DevMount, { env }: Devcontainer): boolean {
  const set = [env.get("GOMODCACHE"), env.get("GOCACHE")];
  return (cacheNamed(target) ?? "GOPATH") !== "GOPATH" || (target !== "/go" && set.includes(target));
}

/** A command that gives it away, or could: then nothing is said. */
function isPrepared({ target }: DevMount, { commands }: Devcontainer): boolean {
  return commands.some((command) => {
    const program = programOf(command);
    if (/\.(sh|bash|py)$|^(make|just|task|gomodcache|gomodcache-init)$/.test(program) || isUnknown(command))
      return true;
    if (!/^(chown|chmod|chgrp|setfacl|install|find)$/.test(program)) return false;
    return argumentsOf(command).operands.some(({ value }) => {
      const path = value.replace(/\/+$/, "") || "/";
      return /[$~*]/.test(path) || !path.startsWith("/") || covers(path, target) || covers(target, path);
    });
  });
}

const isUnknown = ({ words }: ShellCommand): boolean =>
  /[$/]/.test(words[0]?.value.replace(/^\/(usr\/)?bin\//, "") ?? "");

function draft({ target, start, end }: DevMount, user: string, { field, file }: Devcontainer): LintDraft {
  const command = `sudo chown "$(id -u):$(id -g)" '${target}'`;
  const free = field?.get("onCreateCommand") === undefined;
  const mounts = field?.get("mounts");
  const line = `"onCreateCommand": ${JSON.stringify(command)}`;
  const edits =
    free && mounts !== undefined && !/['"\\]/.test(target) ? inLine(mounts.key?.start, line, file.text) : undefined;
  return {
    message: `The volume at ${target} is root's with 0755, since the image has no such directory: ${user} cannot write it`,
    at: { start, end },
    subject: user,
    confidence: "likely",
    why: "could not create module cache: permission denied; updateRemoteUserUID gives the home directory to the user, and no volume",
    fixes: [
      {
        title: `Give its top to the user when the container is made: ${command}`,
        disposition: "safe",
        ...(edits === undefined ? {} : { edits }),
      },
    ],
  };
}

/** A member before another one: on a line of its own if that one is. */
function inLine(at: number | undefined, line: string, text: string): LintDraft["fixes"][number]["edits"] {
  if (at === undefined) return undefined;
  const before = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  return [{ start: at, end: at, text: /^[ \t]+$/.test(before) ? `${line},${end}${before}` : `${line}, ` }];
}

// Root without its capabilities is told to give the cache away: chown fails, whatever id says.

import { covers } from "../dockerfile/path.ts";
import { cacheNamed } from "../golang/cache-word.ts";
import { type Container, capabilityNames, nameOf } from "../kubernetes/container.ts";
import { goCacheVolumes, isOurs } from "../kubernetes/go-cache.ts";
import { pathOf } from "../kubernetes/handover.ts";
import type { Pod } from "../kubernetes/model.ts";
import type { LintDraft, LintFix, LintRule } from "../rule.ts";
import { argumentsOf, programOf, type ShellCommand } from "../shell/command.ts";
import { besides } from "../yaml/edit.ts";

export const kubernetesRootWithoutCapabilities: LintRule<"kubernetes" | "tekton"> = {
  id: "kubernetes-root-without-capabilities",
  severity: "error",
  title: "root has no capability to change the owner of the cache",
  kinds: ["kubernetes", "tekton"],
  check: ({ pods, file }) =>
    pods.flatMap((pod) => pod.containers.flatMap((container) => ofContainer(container, pod, file.text))),
};

/** What changing owners and then modes of a tree takes (capabilities(7)): files of others are closed to root too. */
const needed = ["CHOWN", "DAC_OVERRIDE", "FOWNER"];

function ofContainer(container: Container, pod: Pod, text: string): LintDraft[] {
  if (container.uid?.value !== 0 || container.privileged) return [];
  const drop = capabilityNames(container, "drop");
  const add = capabilityNames(container, "add");
  const lost = add.has("ALL") ? [] : needed.filter((name) => (drop.has("ALL") || drop.has(name)) && !add.has(name));
  if (!lost.includes("CHOWN")) return [];
  const command = container.commands.find((one) => changesOwner(one, container, pod));
  if (command === undefined) return [];
  return [
    {
      message: `${nameOf(container)} is root without ${lost.map((name) => `CAP_${name}`).join(", ")}: ${programOf(command)} of the cache fails with "Operation not permitted"`,
      at: command,
      subject: "root",
      why: "Root's powers are capabilities; without them UID 0 is a user like any other, who may give nothing away",
      fixes: fixesOf(container, lost, text),
    },
  ];
}

function changesOwner(command: ShellCommand, container: Container, pod: Pod): boolean {
  const mounts = goCacheVolumes(pod).flatMap(({ users }) =>
    users.filter((one) => one.container === container).map(({ mount }) => mount),
  );
  const words = command.words.map(({ value }) => value);
  if (isOurs({ ...container, commands: [command] }))
    return mounts.length > 0 && (/-init$/.test(programOf(command)) || /^(init|fix)$/.test(words[1] ?? ""));
  if (programOf(command) !== "chown") return false;
  const [owner, ...paths] = argumentsOf(command).operands;
  // What belongs to root already stays with root.
  if (owner === undefined || /^(0|root)(:(0|root)?)?$/.test(owner.value)) return false;
  return paths.some(({ value }) => {
    const path = pathOf(value, container, command);
    if (path === undefined) return mounts.length > 0 && cacheNamed(value) !== undefined;
    return mounts.some((mount) => covers(mount.path, path));
  });
}

function fixesOf({ capabilities }: Container, lost: readonly string[], text: string): LintFix[] {
  const list = lost.join(", ");
  const added = capabilities?.get("add");
  const last = added?.items().at(-1);
  const inList =
    added?.style === "FLOW" && last !== undefined ? [{ start: last.end, end: last.end, text: `, ${list}` }] : undefined;
  const drop = capabilities?.get("drop");
  const edits = added === undefined ? drop && besides(drop, `add: [${list}]`, text) : inList;
  return [
    {
      title: `Add ${list} to this container alone`,
      disposition: "unsafe",
      ...(edits === undefined || capabilities?.own !== true ? {} : { edits }),
    },
    { title: "Or do without it: one runAsUser for all containers of the cache", disposition: "unsafe" },
  ];
}

// go.mod is copied alone, and the modules are downloaded: nothing compares them with go.sum.

import type { Step } from "../dockerfile/model.ts";
import { goCommand } from "../golang/command.ts";
import type { Around, LintDraft, LintRule } from "../rule.ts";

export const dockerfileGoSumNotCopied: LintRule<"dockerfile"> = {
  id: "dockerfile-go-sum-not-copied",
  severity: "warning",
  title: "modules are downloaded without go.sum",
  kinds: ["dockerfile"],
  check: ({ file, stages }, around) => {
    const directory = file.path.slice(0, file.path.lastIndexOf("/") + 1);
    return stages.flatMap(({ steps }) =>
      steps.flatMap((step, index) => ofCopy(step, steps.slice(index + 1), directory, around)),
    );
  },
};

function ofCopy({ instruction }: Step, after: readonly Step[], directory: string, around: Around): LintDraft[] {
  const { keyword, flags, heredocs, words, json } = instruction;
  if (!/^(COPY|ADD)$/.test(keyword) || heredocs.length > 0 || json !== undefined) return [];
  if (flags.some(({ name }) => name === "from")) return [];
  const sources = words.slice(0, -1);
  const copied = (name: string): boolean => sources.some(({ value }) => value.split("/").at(-1) === name);
  const module = sources.find(({ value }) => value.split("/").at(-1) === "go.mod");
  if (module === undefined || copied("go.sum") || sources.some(({ value }) => /[*?[]|\/$|^\.$/.test(value))) return [];
  const sum = module.value.replace(/go\.mod$/, "go.sum");
  // The build context is the repository, or the directory of the Dockerfile. A module without dependencies has no go.sum.
  const there = [sum, directory + sum].some((path) => around.has(path.replace(/^\.?\//, "")) === true);
  const known = around.has(sum) !== undefined;
  if (known && !there) return [];
  // Until something else could bring it.
  for (const step of after) {
    const text = step.instruction.body;
    if (/^(COPY|ADD)$/.test(step.instruction.keyword)) {
      if (/go\.sum|[*]|(^|\s)\.\/?\s/.test(text) || step.instruction.flags.some(({ name }) => name === "from"))
        return [];
    }
    if (step.mounts.length > 0) return [];
    const go = step.commands.map(goCommand).find((one) => one?.verb === "mod download");
    if (go?.rest.some(({ value }) => !value.startsWith("-"))) return [];
    if (go === undefined) continue;
    return [
      {
        message: `${module.value} is copied without ${sum}: go mod download takes what it gets, and the layer stays when go.sum changes`,
        at: module,
        why: "go compares a module with go.sum only if it is there. Without it the checksum database alone vouches for public modules, and nothing for private ones",
        confidence: known ? "certain" : "likely",
        fixes: [
          {
            title: `Copy ${sum} too`,
            disposition: known ? "safe" : "unsafe",
            edits: [{ start: module.end, end: module.end, text: ` ${sum}` }],
          },
        ],
      },
    ];
  }
  return [];
}

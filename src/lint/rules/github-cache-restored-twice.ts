// Two steps of one job restore go's caches: tar cannot put files over those that are 0444 in directories that are 0555.
import { type Restore, restoresOf } from "../github/cache.ts";
import { inputOf } from "../github/job.ts";
import type { Job } from "../github/model.ts";
import type { LintDraft, LintFix, LintRule, TextEdit } from "../rule.ts";
import { besides, replaced } from "../yaml/edit.ts";

export const githubCacheRestoredTwice: LintRule<"github-workflow"> = {
  id: "github-cache-restored-twice",
  severity: "warning",
  title: "two steps of a job restore go's caches",
  kinds: ["github-workflow"],
  check: ({ jobs, file }, around) =>
    jobs.flatMap((job) => {
      const restores = restoresOf(job, around);
      return restores.flatMap((second) => {
        const first = restores.find(({ holds }) => [...holds].some((one) => second.holds.has(one)));
        return first === undefined || first === second ? [] : [draft(first, second, job, file.text)];
      });
    }),
};

function draft(first: Restore, second: Restore, job: Job, text: string): LintDraft {
  const shared = [...second.holds].filter((one) => first.holds.has(one));
  // Their owner may replace files of directories that are writable.
  const closed = shared.includes("modules") && !/-modcacherw/.test(job.env.get("GOFLAGS") ?? "");
  const what = shared.length === 2 ? "the module cache and the build cache" : `the ${shared[0]?.slice(0, -1)} cache`;
  return {
    message: closed
      ? `${second.name} restores ${what} that ${first.name} has restored: tar stops at every file of a module with "Cannot open: File exists"`
      : `${second.name} restores ${what} that ${first.name} has restored: it is downloaded, unpacked and saved twice`,
    at: { start: second.field.start, end: second.field.end },
    severity: closed ? "warning" : "advice",
    confidence: "likely",
    why: "Extracted modules are 0444 in directories that are 0555, so that tar cannot replace them; the second restore fails after all of the download, with tens of thousands of lines, and counts as a miss",
    fixes: fixesOf(first, second, text),
  };
}

/** The step that was written for the cache stays; what setup-go or the linter does besides is switched off. */
function fixesOf(first: Restore, second: Restore, text: string): LintFix[] {
  const linter = [second, first].find(({ by }) => by === "golangci-lint-action");
  if (linter !== undefined) {
    const edits = withInputs(linter, ["skip-pkg-cache: true", "skip-build-cache: true"], text);
    return [
      {
        title:
          "Let golangci-lint-action keep its own results only, or take version 5 or later, which does so by itself",
        disposition: "safe",
        ...(edits === undefined ? {} : { edits }),
      },
    ];
  }
  const setup = [second, first].find(({ by }) => by === "setup-go");
  const other = setup === second ? first : second;
  if (setup === undefined) return [{ title: "Restore it in one step only", disposition: "safe" }];
  const edits = withInputs(setup, ["cache: false"], text);
  return [
    {
      title: `Switch the cache of setup-go off (cache: false), and leave it to ${other.name}`,
      // If the other step has less, something is built or downloaded again.
      disposition: [...setup.holds].every((one) => other.holds.has(one)) ? "safe" : "unsafe",
      ...(edits === undefined ? {} : { edits }),
    },
    { title: "Or remove the step for actions/cache: setup-go keeps both caches by itself", disposition: "unsafe" },
  ];
}

/** Inputs of a step set to values; undefined if they come from elsewhere. */
function withInputs({ step, field }: Restore, lines: readonly string[], text: string): TextEdit[] | undefined {
  const { inputs } = step;
  const names = lines.map((line) => line.slice(0, line.indexOf(":")));
  const there = names.filter((name) => inputs?.get(name) !== undefined);
  if (there.length > 0) {
    const [name = "", ...more] = there;
    if (more.length > 0 || names.length > 1 || inputOf(step, name) === undefined) return undefined;
    return replaced(inputs?.get(name), (lines[0] as string).slice(name.length + 2));
  }
  if (inputs === undefined) return besides(field, `with: {${lines.join(", ")}}`, text);
  const [before] = [...inputs.entries().values()];
  if (!inputs.own || before === undefined || !inputs.has(inputs.names()[0] ?? "")) return undefined;
  const parts = lines.flatMap((line) => besides(before, line, text) ?? []);
  const at = { start: before.key?.start ?? 0, end: before.key?.start ?? 0 };
  return [{ ...at, text: parts.map((part) => part.text).join("") }];
}

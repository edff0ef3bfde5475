// A runner that stays, with the module cache in the work tree: the next checkout cannot delete what Go made read-only.
import { knownImage } from "../dockerfile/images.ts";
import { commandsIn } from "../github/job.ts";
import { isSelfHosted, type Job } from "../github/model.ts";
import { goCommand } from "../golang/command.ts";
import type { LintDraft, LintRule } from "../rule.ts";
import { programOf } from "../shell/command.ts";
import { besides } from "../yaml/edit.ts";
import type { Field } from "../yaml/field.ts";

export const githubCacheInWorkTree: LintRule<"github-workflow"> = {
  id: "github-cache-in-work-tree",
  severity: "error",
  title: "a runner of one's own keeps a module cache in its work tree",
  kinds: ["github-workflow"],
  check: ({ jobs, file }) =>
    jobs.filter((job) => isSelfHosted(job) && !cleansUp(job)).flatMap((job) => ofJob(job, file.text)),
};

const inWorkTree = /^(\$\{\{\s*github\.workspace\s*\}\}|\/__w\/)/;

function ofJob(job: Job, text: string): LintDraft[] {
  const { container, field, env } = job;
  for (const map of [container?.get("env"), field.get("env")]) {
    for (const name of ["GOMODCACHE", "GOPATH"]) {
      const place = map?.get(name);
      if (map === undefined || place === undefined || !inWorkTree.test(place.text() ?? "")) continue;
      if (container === undefined) {
        // An expression could say it too.
        const flags = env.has("GOFLAGS") ? env.get("GOFLAGS") : "";
        return flags === undefined || /-modcacherw/.test(flags) ? [] : [readOnly(name, place, map, text, flags)];
      }
      return leavesRoot(job) ? [ofRoot(name, place)] : [];
    }
  }
  return [];
}

function readOnly(name: string, place: Field, map: Field, text: string, flags: string): LintDraft {
  const edits = flags === "" && map.own && map.has(name) ? besides(place, "GOFLAGS: -modcacherw", text) : undefined;
  return {
    message: `${name} is in the work tree of a runner that stays: the next checkout fails with EACCES on directories that Go made 0555`,
    at: { start: place.key?.start ?? place.start, end: place.end },
    subject: "the runner's user",
    confidence: "likely",
    why: "actions/checkout empties the work tree before each job, as the runner's user, who cannot delete from a directory that nobody may write; then every job of this repository fails on that machine",
    fixes: [
      {
        title: "Leave the directories writable for their owner: GOFLAGS: -modcacherw",
        disposition: "safe",
        ...(edits === undefined ? {} : { edits }),
      },
      { title: "Or keep the cache in ${{ runner.temp }}, which the runner empties itself", disposition: "unsafe" },
    ],
  };
}

function ofRoot(name: string, place: Field): LintDraft {
  return {
    message: `${name} is in the work tree of a runner that stays, and the container is root: the runner's user cannot delete what it leaves`,
    at: { start: place.key?.start ?? place.start, end: place.end },
    subject: "the runner's user",
    confidence: "likely",
    why: "The work tree is a directory of the machine, and in it root's files stay root's: the next job without a container fails at its checkout",
    fixes: [
      {
        title:
          "Leave GOMODCACHE in the container's own file system, or run it as the runner's user: options: --user UID",
        disposition: "unsafe",
      },
    ],
  };
}

/** Only what is known of the image, and only where no option names another user. */
function leavesRoot({ image, container }: Job): boolean {
  const options = container?.get("options");
  return knownImage(image ?? "")?.user === "root" && !/(^|\s)(-u|--user)/.test(options?.text() ?? "$");
}

function cleansUp(job: Job): boolean {
  return commandsIn(job).some((command) => {
    const go = goCommand(command);
    const program = programOf(command);
    return (
      (go?.verb === "clean" && go.rest.some(({ value }) => value === "-modcache")) || /^(chmod|chown)$/.test(program)
    );
  });
}

// A job's container runs as a user who owns neither the runner's work directory nor the home that is mounted for it.
import { commandsIn } from "../github/job.ts";
import { isHosted, type Job } from "../github/model.ts";
import { goCommand } from "../golang/command.ts";
import type { LintDraft, LintRule } from "../rule.ts";

export const githubContainerUser: LintRule<"github-workflow"> = {
  id: "github-container-user",
  severity: "error",
  title: "the container's user owns neither the work directory nor HOME",
  kinds: ["github-workflow"],
  check: ({ jobs, file }) => jobs.flatMap((job) => ofJob(job, file.text)),
};

/** The user `runner` of GitHub's Ubuntu machines. */
const runner = "1001";

function ofJob(job: Job, text: string): LintDraft[] {
  const options = job.container?.get("options");
  const value = options?.text();
  const ubuntu = isHosted(job) && job.labels?.every((label) => label.startsWith("ubuntu-")) === true;
  if (options === undefined || value === undefined || !ubuntu || !buildsGo(job)) return [];
  const match = /(?:^|\s)(?:--user[= ]|-u[= ]?)["']?(\d+)(?=[:\s"']|$)/.exec(value);
  const uid = match?.[1];
  if (match === null || uid === undefined || uid === "0" || uid === runner) return [];
  const quotes = options.style === "QUOTE_DOUBLE" || options.style === "QUOTE_SINGLE" ? 1 : 0;
  const at = options.start + quotes + match.index + match[0].length - uid.length;
  const exact = options.own && text.slice(at, at + uid.length) === uid;
  return [
    {
      message: `The container runs as uid ${uid}, and the runner's directories belong to uid ${runner}: checkout cannot write to /__w, nor go to the cache in HOME=/github/home`,
      at: exact ? { start: at, end: at + uid.length } : options,
      subject: `uid ${uid}`,
      confidence: "likely",
      why: "GitHub mounts the machine's work directory as /__w and a home as /github/home; both are 0755 and the machine's user's: EACCES: permission denied, open '/__w/_temp/_runner_file_commands/…'",
      fixes: [
        {
          title: `Run it as the runner's user: --user ${runner}, or leave the option out to be root`,
          disposition: "unsafe",
          ...(exact ? { edits: [{ start: at, end: at + uid.length, text: runner }] } : {}),
        },
      ],
    },
  ];
}

function buildsGo(job: Job): boolean {
  return commandsIn(job).some((one) => goCommand(one)?.compiles === true);
}

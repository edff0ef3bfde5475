// A GitHub workflow as its jobs and their steps, and a composite action as one job, of which only the caller knows where it runs.
// Expressions (`${{ … }}`) are values that nobody knows before it runs.
import type { LintFile, Span } from "../file.ts";
import { aboutGo } from "../golang/about.ts";
import { type Scripted, Unreadable } from "../model.ts";
import type { Assignment, ShellCommand } from "../shell/command.ts";
import type { Field } from "../yaml/field.ts";
import { oncePerPlace, readDocuments } from "../yaml/read.ts";
import { readScript } from "../yaml/script.ts";
import { environmentIn, settingsIn } from "../yaml/settings.ts";

/** GitHub itself takes no more than 256 by a matrix. */
const mostJobs = 2_000;

/** It ends before the next one begins, so that a text of beginnings takes no longer than others. */
const expression = /\$\{\{(?:(?!\}\}|\$\{\{)[\s\S])*\}\}/g;

export interface Action {
  /** `actions/setup-go`, in small letters; without what follows the repository. */
  readonly name: string;
  /** `restore` of `actions/cache/restore`; empty if there is none. */
  readonly path: string;
  /** The major version, from the tag or from the comment behind a commit; undefined if neither tells. */
  readonly major: number | undefined;
  readonly field: Field;
}

export interface Step {
  readonly field: Field;
  readonly action?: Action;
  readonly inputs?: Field;
  /** True if an `if` may skip it. */
  readonly conditional: boolean;
  readonly commands: readonly ShellCommand[];
}

export interface Job {
  readonly name: string;
  readonly field: Field;
  readonly steps: readonly Step[];
  /** What `runs-on` asks for; undefined if an expression decides. */
  readonly labels?: readonly string[];
  readonly container?: Field;
  /** True for the steps of a composite action: its caller has the runner, the container and the environment. */
  readonly composite: boolean;
  /** The image of the container, if it is known. */
  readonly image?: string;
  /** The workflow's and the job's; undefined is a value that only the run knows. */
  readonly env: ReadonlyMap<string, string | undefined>;
}

export interface Workflow extends Scripted {
  readonly jobs: readonly Job[];
}

export function readWorkflow(file: LintFile): Workflow | Unreadable {
  const { text } = file;
  if (!aboutGo.test(text)) return { file, blocks: [], commands: [], jobs: [] };
  const documents = readDocuments(text);
  if (documents instanceof Unreadable) return documents;
  const jobs: Job[] = [];
  const variables: Assignment[] = [];
  for (const root of documents) {
    variables.push(...settingsIn(root.get("env")));
    for (const [name, field] of root.get("jobs")?.entries() ?? []) {
      if (jobs.length > mostJobs) return new Unreadable(`it has more than ${mostJobs} jobs`);
      jobs.push(jobOf(name, field, root, text));
      variables.push(...settingsIn(field.get("env")), ...settingsIn(field.get("container", "env")));
      for (const step of field.get("steps")?.items() ?? []) variables.push(...settingsIn(step.get("env")));
    }
    const runs = root.get("runs");
    // Those of JavaScript and of a container have no steps. GitHub's runner does not look at the letters' case.
    if (runs?.get("using")?.text()?.toLowerCase() !== "composite") continue;
    jobs.push(jobOf("runs", runs, root, text));
    for (const step of runs.get("steps")?.items() ?? []) variables.push(...settingsIn(step.get("env")));
  }
  const commands = oncePerPlace(jobs.flatMap(({ steps }) => steps.flatMap((step) => step.commands)));
  return { file, blocks: commands.map(spanOf), jobs, commands, variables: oncePerPlace(variables) };
}

/** True if the job runs on a machine of GitHub's, which is thrown away after it. */
export function isHosted({ labels }: Job): boolean {
  return labels !== undefined && labels.length > 0 && labels.every((label) => hosted.test(label));
}

/** True if the job says that it runs on a machine of the user's own. */
export function isSelfHosted({ labels }: Job): boolean {
  return labels?.includes("self-hosted") === true;
}

const hosted = /^(ubuntu|macos|windows)-(latest|\d[\w.-]*)$/;

function jobOf(name: string, field: Field, root: Field, text: string): Job {
  const container = field.get("container");
  const image = container?.get("image")?.text() ?? container?.text();
  const env = new Map<string, string | undefined>();
  for (const one of [root.get("env"), field.get("env"), container?.get("env")]) {
    for (const [key, value] of environmentIn(one)) env.set(key, value?.includes("${{") === true ? undefined : value);
  }
  const labels = labelsOf(field.get("runs-on"));
  const usual = field.get("defaults", "run", "shell") ?? root.get("defaults", "run", "shell");
  const windows = labels?.some((label) => /^windows-/.test(label)) === true;
  return {
    name,
    field,
    composite: field.get("using") !== undefined,
    steps: (field.get("steps")?.items() ?? []).map((step) => stepOf(step, usual, windows, text)),
    env,
    ...(labels === undefined ? {} : { labels }),
    ...(container === undefined ? {} : { container }),
    ...(image === undefined || image.includes("${{") ? {} : { image }),
  };
}

/** A name, a list of names, or a map with `labels`. */
function labelsOf(field: Field | undefined): string[] | undefined {
  const from = field?.get("labels") ?? field;
  if (from === undefined) return undefined;
  const one = from.text();
  const labels = one === undefined ? from.items().map((item) => item.text() ?? "${{") : [one];
  return labels.some((label) => label.includes("${{")) ? undefined : labels;
}

function stepOf(field: Field, usual: Field | undefined, windows: boolean, text: string): Step {
  const uses = field.get("uses");
  const action = uses === undefined ? undefined : actionOf(uses, text);
  const inputs = field.get("with");
  const shell = (field.get("shell") ?? usual)?.text();
  // On Windows a step is PowerShell's unless it says otherwise.
  const posix = shell === undefined ? !windows : /^(\S*\/)?(ba|da|k)?sh\b/.test(shell);
  const script = posix ? readScript(field.get("run"), text, { expressions: expression }) : undefined;
  return {
    field,
    conditional: field.get("if") !== undefined,
    commands: script?.commands ?? [],
    ...(action === undefined ? {} : { action }),
    ...(inputs === undefined ? {} : { inputs }),
  };
}

/** `owner/name/path@ref`; a commit is often followed by a comment with its version. */
function actionOf(field: Field, text: string): Action | undefined {
  const match = /^([\w.-]+\/[\w.-]+)(?:\/([^@]*))?@(.+)$/.exec(field.text() ?? "");
  if (match === null) return undefined;
  const [, name = "", path = "", ref = ""] = match;
  const end = text.indexOf("\n", field.start);
  const line = text.slice(field.start, Math.min(end < 0 ? text.length : end, field.start + 300));
  const version = /^v?(\d+)(\.\d+)*$/.exec(ref) ?? (/^[0-9a-f]{40}$/.test(ref) ? /#\D*?v?(\d+)\b/.exec(line) : null);
  return { name: name.toLowerCase(), path, major: version === null ? undefined : Number(version[1]), field };
}

const spanOf = ({ start, end }: Span): Span => ({ start, end });

// `lab NAME`: an experiment on this machine, in a temporary directory, that prints what happened.
import { dieBy } from "../child/forward.ts";
import type { Context } from "../context.ts";
import { exitStatus, UserError } from "../error.ts";
import type { Experiment } from "../lab/experiment.ts";
import { experiments } from "../lab/experiments.ts";
import { missing } from "../lab/needs.ts";
import { type Audience, perform } from "../lab/perform.ts";
import { allHeld } from "../lab/record.ts";
import { endText, headText, markdownPage, partText, type TextStyle, titleText } from "../lab/record-text.ts";
import { printable } from "../report/safe.ts";
import { type ColourFlag, colourEnabled, style } from "../ui/colour.ts";
import { writeStream } from "../ui/output.ts";
import { terminalWidth } from "../ui/terminal.ts";

export interface LabOptions {
  readonly list?: boolean;
  readonly keep?: boolean;
  readonly markdown?: boolean;
  readonly startDaemon?: boolean;
  /** False for --no-color. */
  readonly color: ColourFlag | false;
}

/** @returns 0 if all happened as the pages say, 1 if not, 3 if this machine lacks what is needed */
export async function lab(name: string | undefined, options: LabOptions, context: Context): Promise<number> {
  if (name === undefined || options.list === true) {
    await writeStream(context.stdout, listText(context));
    return exitStatus.ok;
  }
  const experiment = experiments.find((one) => one.name === name);
  if (experiment === undefined)
    throw new UserError(
      `there is no experiment "${printable(name)}"`,
      `choose one of: ${experiments.map((one) => one.name).join(", ")}`,
    );
  if (options.startDaemon === true && name !== "docker-user-switch")
    throw new UserError(`lab ${name} has no use for --start-daemon`, "it is for docker-user-switch");
  const lacks = missing([...experiment.needs, ...(options.startDaemon === true ? daemon : [])], context.env);
  if (lacks.length > 0)
    throw new UserError(`lab ${name} cannot be done here: ${lacks[0]}`, lacks.slice(1).join("; ") || helpfulNote, 3);
  return report(experiment, options, context);
}

const daemon = ["dockerd", "docker"] as const;
const helpfulNote = "gomodcache lab --list tells what each experiment lacks here";

async function report(experiment: Experiment, options: LabOptions, context: Context): Promise<number> {
  const flag = options.color === false ? "never" : options.color;
  const paint = style(colourEnabled(flag, context.env, context.stdout));
  const text: TextStyle = {
    width: terminalWidth(context.stdout),
    bold: (words) => paint("bold", words),
    good: (words) => paint("green", words),
    bad: (words) => paint("red", words),
  };
  const say = (words: string): void => void context.stdout.write(words);
  const live = context.stderr.isTTY === true;
  const audience: Audience =
    options.markdown === true
      ? {
          onStart: () => undefined,
          onStep: (number, title) => void (live && context.stderr.write(`${number}. ${title}\n`)),
          onPart: () => undefined,
        }
      : {
          onStart: (head) => say(headText(head, text)),
          onStep: (number, title) => say(titleText(number, title, text)),
          onPart: (part) => say(partText(part, text)),
        };
  const performed = await perform(
    experiment,
    { keep: options.keep === true, startDaemon: options.startDaemon === true },
    audience,
    context,
  );
  const { record, interrupted, left, directory } = performed;
  for (const problem of left)
    context.stderr.write(`gomodcache: ${printable(`${directory} is not all removed: ${problem}`)}\n`);
  if (options.keep === true) context.stderr.write(`gomodcache: what was made is in ${printable(directory)}\n`);
  if (interrupted !== undefined) return interrupted === "SIGINT" ? exitStatus.interrupted : dieBy(interrupted);
  const day = new Date().toISOString().slice(0, 10);
  await writeStream(context.stdout, options.markdown === true ? markdownPage(record, day) : endText(record, text));
  return allHeld(record) ? exitStatus.ok : exitStatus.findings;
}

function listText({ env }: Context): string {
  const width = Math.max(...experiments.map(({ name }) => name.length));
  return experiments
    .map(({ name, summary, needs }) => {
      const [lack] = missing(needs, env);
      const note = lack === undefined ? "" : `${" ".repeat(width)}  (not here: ${printable(lack)})\n`;
      return `${name.padEnd(width)}  ${summary}\n${note}`;
    })
    .join("");
}

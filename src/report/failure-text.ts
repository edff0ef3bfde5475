// The end of a failed run, for people: the cause, what this machine shows of it, and what to do. It stands after go's own output.
import type { Cause, Disposition } from "../causes/cause.ts";
import type { Failure, Proof } from "../finding/failure.ts";
import type { Fix } from "../finding/finding.ts";
import { hanging } from "./layout.ts";
import type { RenderOptions } from "./options.ts";
import { type Paint, paint, severitySymbol } from "./paint.ts";
import { printable } from "./safe.ts";
import { fixLines, note } from "./text.ts";
import { ownership } from "./verdict.ts";

type FailureOptions = Pick<RenderOptions, "width" | "colour" | "unicode" | "verbose">;

const dispositions: Readonly<Record<Disposition, string>> = {
  retry: "Trying again can help",
  "fix-environment": "Mend the machine: trying again will fail in the same way",
  "fix-repository": "Mend the repository: trying again will fail in the same way",
  none: "",
};

/** At most fifteen lines on a terminal of usual width. */
export function failureText(failure: Failure, options: FailureOptions): string {
  const colours = paint(options.colour);
  const [root, ...others] = failure.causes as [Cause, ...Cause[]];
  const label = `${severitySymbol("error", options.unicode)} ${root.category}/${root.subcategory}`;
  const [first = "", ...rest] = hanging(`${label}  `, printable(root.message), options.width, 2);
  return [
    "",
    colours.bold(colours.red(label)) + first.slice(label.length),
    ...rest,
    ...proofLines(failure.proof, options, colours),
    ...fixLines(remedies(root, failure.proof, options.verbose), options.width, colours),
    ...advice(root, failure.proof, options, colours),
    ...others.slice(0, options.verbose ? others.length : 2).flatMap((cause) => also(cause, options, colours)),
    ...hanging("", closing(failure, root), options.width, 2),
    "",
  ].join("\n");
}

function proofLines({ verdict, message, path, who, rule }: Proof, { width }: FailureOptions, colours: Paint): string[] {
  const label = { yes: "seen", no: "not so", unknown: "proof" }[verdict];
  const sentence = verdict === "yes" ? message : `${verdict === "no" ? "" : "none: "}${message}`;
  const at = path === undefined || path.mode === "" ? [] : [`${path.path}  ${ownership(path)}  ${path.mode}`];
  return [
    ...at.flatMap((line) => note("at", line, width, colours)),
    ...note(label, sentence, width, colours),
    ...(who === undefined ? [] : note("who", `${who} can change it`, width, colours)),
    ...(rule === undefined ? [] : note("more", `gomodcache explain ${rule}`, width, colours)),
  ];
}

/** One command: that of who looked, else the first that the cause has. */
function remedies(cause: Cause, { fix }: Proof, verbose: boolean): Fix[] {
  const known = cause.remedies.flatMap(({ text, command, weakens }): Fix[] => {
    if (command === undefined) return [];
    const title = weakens === undefined ? text : `${text}; ${weakens}`;
    return [{ title, disposition: weakens === undefined ? "safe" : "unsafe", command }];
  });
  const all = fix === undefined ? known : [fix, ...known];
  return verbose ? all : all.slice(0, 1);
}

/** Where there is no command, the words of the remedy. */
function advice(cause: Cause, { fix }: Proof, { width }: FailureOptions, colours: Paint): string[] {
  const [remedy] = cause.remedies;
  const hasCommand = fix !== undefined || cause.remedies.some(({ command }) => command !== undefined);
  return hasCommand || remedy === undefined ? [] : note("do", remedy.text, width, colours);
}

function also(cause: Cause, { width }: FailureOptions, colours: Paint): string[] {
  return note("also", `${cause.category}/${cause.subcategory}  ${cause.message}`, width, colours);
}

function closing({ command, ending, attempts }: Failure, root: Cause): string {
  const typed = printable(command.slice(0, 4).join(" ")) + (command.length > 4 ? " …" : "");
  const tries = attempts > 1 ? ` after ${attempts} attempts` : "";
  const likely = root.confidence === "likely" ? " This cause is likely, not certain." : "";
  const what = dispositions[root.disposition];
  return `gomodcache: ${typed} ${ending}${tries}.${what === "" ? "" : ` ${what}.`}${likely}`;
}

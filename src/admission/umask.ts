// The umask of a container: Kubernetes has no field for it, so that a shell must set it before the command.
import { shellQuote } from "../rules/shared/say.ts";

export interface Words {
  readonly command: readonly string[];
  /** Absent: the field is left out. */
  readonly args?: readonly string[];
}

/**
 * A container's command under umask 002; undefined if it has that already.
 * A script of `sh -c` gets a line more. Other commands get a shell before them, in words that lint reads too, unless one of them has a variable
 * of Kubernetes (`$(NAME)`), which is replaced before the shell reads it: then the words stay arguments.
 * @param command not empty; without it the image's entrypoint runs, which is not known
 */
export function underUmask(command: readonly string[], args: readonly string[] | undefined): Words | undefined {
  const words = [...command, ...(args ?? [])];
  const flag = /(^|\/)(ba|da|k|a)?sh$/.test(words[0] ?? "") ? words.findIndex((word) => /^-[a-z]*c$/.test(word)) : -1;
  const script = flag < 0 ? undefined : words[flag + 1];
  if (script !== undefined) {
    if (/^\s*umask\s/.test(script)) return undefined;
    const at = flag + 1;
    const changed = words.with(at, `${line}\n${script}`);
    const cut = command.length;
    return { command: changed.slice(0, cut), ...(args === undefined ? {} : { args: changed.slice(cut) }) };
  }
  if (words.some((word) => word.includes("$(") || word.includes("$$")))
    return { command: ["sh", "-c", `${line} && exec "$0" "$@"`, ...command], ...(args === undefined ? {} : { args }) };
  return { command: ["sh", "-c", `${line} && exec ${words.map(shellQuote).join(" ")}`] };
}

const line = "umask 002";

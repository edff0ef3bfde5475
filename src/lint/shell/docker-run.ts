// `docker run` as its options, its image and what is run in it (docker/cli, cli/command/container/opts.go).
import { programOf, type ShellCommand, type ShellWord } from "./command.ts";

export interface DockerRun {
  readonly image: string;
  /** What is run in the container, as far as it is written here. */
  readonly words: readonly ShellWord[];
  readonly user?: string;
  readonly mounts: readonly BindMount[];
  /** undefined is a value that docker takes from its own environment. */
  readonly env: ReadonlyMap<string, string | undefined>;
}

/** A directory of the host, as it is written. */
export interface BindMount {
  readonly source: string;
  /** Without a slash at the end. */
  readonly target: string;
  readonly readOnly: boolean;
  /** The word that says it. */
  readonly at: ShellWord;
}

/** Every other option takes a value. */
const flags = new Set(
  "detach disable-content-trust help init interactive no-healthcheck oom-kill-disable privileged publish-all quiet read-only rm sig-proxy tty use-api-socket".split(
    " ",
  ),
);
const shortFlags = "ditPq";
const longOf: Readonly<Record<string, string>> = { u: "user", v: "volume", e: "env" };
/** No path of Linux is longer. */
const longest = 4096;

interface Option {
  /** The long name of those that matter here. */
  readonly name: string;
  readonly value: string;
  readonly at: ShellWord;
}

/**
 * Undefined if it is no docker run, or one that cannot be followed: options of docker itself, such as another host, and words before
 * the image that only the shell knows.
 */
export function dockerRun(command: ShellCommand): DockerRun | undefined {
  if (programOf(command) !== "docker") return undefined;
  const [first, second] = command.words.slice(1, 3);
  const from = first?.value === "run" ? 2 : first?.value === "container" && second?.value === "run" ? 3 : undefined;
  if (from === undefined) return undefined;
  const { options, rest } = parted(command.words.slice(from));
  const [image, ...words] = rest;
  // "${options[@]}" could hold anything, and what follows it is then perhaps no image.
  if (image === undefined || image.value.length > longest || /^[$`]/.test(image.value)) return undefined;
  const user = options.findLast(({ name }) => name === "user")?.value;
  return {
    image: image.value,
    words,
    ...(user === undefined ? {} : { user }),
    mounts: options.flatMap(mountOf),
    env: new Map(options.filter(({ name }) => name === "env").map(({ value }) => pairOf(value))),
  };
}

/** The options, and what begins with the image. */
function parted(words: readonly ShellWord[]): { options: Option[]; rest: readonly ShellWord[] } {
  const options: Option[] = [];
  let index = 0;
  /** The next word, for an option without a value in its own. */
  const next = (name: string): void => {
    index += 1;
    const at = words[index];
    if (at !== undefined) options.push({ name, value: at.value, at });
  };
  for (; index < words.length; index += 1) {
    const at = words[index] as ShellWord;
    if (at.value === "--") return { options, rest: words.slice(index + 1) };
    const long = /^--([\w-]+)(?:=([\s\S]*))?$/.exec(at.value);
    const short = /^-([A-Za-z])([\s\S]*)$/.exec(at.value);
    if (long !== null) {
      const [, name = "", value] = long;
      if (value !== undefined) options.push({ name, value, at });
      else if (!flags.has(name)) next(name);
    } else if (short !== null) {
      // Flags may stand together, and before the one option that takes a value: `-itv /a:/b`, `-itv=/a:/b`.
      let letters = at.value.slice(1);
      while (letters !== "" && shortFlags.includes(letters[0] as string)) letters = letters.slice(1);
      const name = longOf[letters[0] ?? ""] ?? "";
      if (letters.length > 1) options.push({ name, value: letters.slice(1).replace(/^=/, ""), at });
      else if (letters !== "") next(name);
    } else break;
  }
  return { options, rest: words.slice(index) };
}

function pairOf(value: string): [string, string | undefined] {
  const equals = value.indexOf("=");
  return equals < 0 ? [value, undefined] : [value.slice(0, equals), value.slice(equals + 1)];
}

function mountOf({ name, value, at }: Option): BindMount[] {
  if (value.length > longest) return [];
  if (name === "volume") return ofVolume(value, at);
  return name === "mount" ? ofMount(value, at) : [];
}

/** What stands between colons; variables and commands have colons of their own: `${HOME:-/root}`. None ends after the next begins. */
const part = /(?:\$\{(?:(?!\$\{)[^}])*\}|\$\((?:(?!\$\()[^)])*\)|`[^`]*`|[^:])+/g;

function ofVolume(value: string, at: ShellWord): BindMount[] {
  const [source, target, options = "", ...more] = value.match(part) ?? [];
  // What begins with neither a slash nor something that the shell replaces is the name of a volume.
  if (source === undefined || target === undefined || more.length > 0 || !/^[/~$`]/.test(source)) return [];
  return [{ source, target: tidied(target), readOnly: options.split(",").includes("ro"), at }];
}

function ofMount(value: string, at: ShellWord): BindMount[] {
  const fields = new Map(value.split(",").map(pairOf));
  const of = (...names: string[]): string | undefined => names.map((one) => fields.get(one)).find((one) => one);
  const source = of("source", "src");
  const target = of("target", "destination", "dst");
  if (fields.get("type") !== "bind" || source === undefined || target === undefined) return [];
  const readOnly = ["readonly", "ro"].some((one) => fields.has(one) && !/^(false|0)$/.test(fields.get(one) ?? ""));
  return [{ source, target: tidied(target), readOnly, at }];
}

const tidied = (path: string): string => path.replace(/(?<=[^/])\/+$/, "");

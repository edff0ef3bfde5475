// Which go command a command line is, as far as it decides how to observe it: what of it fetches modules, what prints where.
import { flagValue } from "./machine.ts";

export interface GoCommand {
  /** `build`, `mod download`, `list`, …; empty for go alone. */
  readonly name: string;
  /** The words after it. */
  readonly args: readonly string[];
  /** The value of go's -C, which comes first. */
  readonly directory?: string;
}

/** @returns undefined for what is not go */
export function parseGoCommand(argv: readonly string[]): GoCommand | undefined {
  const program = argv[0]?.slice(argv[0].lastIndexOf("/") + 1) ?? "";
  // go1.22.3 and the like are what `go install golang.org/dl/…` makes.
  if (!/^go(\d[\w.]*)?$/.test(program)) return undefined;
  let words = argv.slice(1);
  let directory: string | undefined;
  const joined = /^--?C=(.+)$/.exec(words[0] ?? "")?.[1];
  if (joined !== undefined) {
    directory = joined;
    words = words.slice(1);
  } else if (/^--?C$/.test(words[0] ?? "")) {
    directory = words[1];
    words = words.slice(2);
  }
  const [first = "", second = ""] = words;
  const two = (first === "mod" || first === "work") && /^[a-z]/.test(second);
  return {
    name: two ? `${first} ${second}` : first,
    args: words.slice(two ? 2 : 1),
    ...(directory === undefined ? {} : { directory }),
  };
}

/** Commands that ask no proxy. `go env GOPROXY` must also tell what it would tell without us. */
const withoutModules: ReadonlySet<string> = new Set(["", "env", "version", "help", "fmt", "clean", "bug", "telemetry"]);

/** Whether a command may fetch modules; a command that is not go may run go. */
export function mayFetch(command: GoCommand | undefined): boolean {
  return command === undefined || !withoutModules.has(command.name);
}

/** Commands that read the modules of the project. */
const readers: ReadonlySet<string> = new Set([
  ...["build", "install", "list", "run", "test", "vet", "generate", "fix", "doc"],
  ...["mod download", "mod graph", "mod tidy", "mod vendor", "mod verify", "mod why", "work sync", "work vendor"],
]);

/** Whether a command takes the modules of its project from the cache: not if its packages are in vendor. */
export function readsModules({ name, args }: GoCommand): boolean {
  return readers.has(name) && flagValue(args, "mod") !== "vendor" && !args.some((word) => /@/.test(word));
}

/** Whether the command runs programs of the user's that write to its standard error, and could tell a terminal from a pipe. */
export function runsPrograms(command: GoCommand | undefined): boolean {
  return command === undefined || ["run", "test", "generate", "tool"].includes(command.name);
}

/** Whether what fails is told on standard output. */
export function failsOnOutput(command: GoCommand | undefined): boolean {
  if (command === undefined) return false;
  return command.name === "test" || (command.args.includes("-json") && command.name !== "list");
}

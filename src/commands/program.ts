// The command table: names, arguments, options, examples. A command's own code is loaded when it is called.
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Context } from "../context.ts";
import { operations } from "../gocache/operation.ts";
import { addWebhook } from "./cluster-program.ts";
import { withCommonOptions } from "./common-options.ts";
import { addCompletion } from "./completion-program.ts";
import { addLab } from "./lab-program.ts";
import { addClassify, addRun, addSendEvents } from "./observe-program.ts";
import { addGenerate, addLint } from "./prevent-program.ts";
import { addFix, addInit, addUndo } from "./repair-program.ts";
import { addRoute } from "./share-program.ts";
import { addTrace } from "./trace-program.ts";

interface State {
  /** One of `exitStatus`, or that of the command that init became. */
  status: number;
}

const formats = ["text", "compact", "json", "json-v1", "jsonl", "sarif", "junit", "github", "markdown"];

export function addCommands(program: Command, state: State, context: Context): void {
  program
    .description("Makes Go's module cache work for everyone who shares a machine, an image, a CI runner or a cluster.")
    .usage("[command] [options]")
    .version(context.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand(false)
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText("after", topHelp);
  addDoctor(program, state, context);
  addCan(program, state, context);
  addWhy(program, state, context);
  addVerify(program, state, context);
  addExplain(program, state, context);
  const finish = (status: number): void => {
    state.status = status;
  };
  addInit(program.command("init"), finish, context);
  addFix(program.command("fix"), finish, context);
  addUndo(program.command("undo"), finish, context);
  addClassify(program.command("classify"), finish, context);
  addRun(program.command("run"), finish, context);
  addSendEvents(program.command("send-events"), finish, context);
  addLint(program.command("lint"), finish, context);
  addTrace(program.command("trace"), finish, context);
  addRoute(program.command("route"), finish, context);
  addGenerate(program.command("generate"), finish, context);
  addLab(program.command("lab"), finish, context);
  addWebhook(program.command("webhook"), finish, context);
  addCompletion(program, finish, context);
  program
    .command("help")
    .argument("[topic]", "a command, or contracts, environment, exit-codes, formatting, permissions")
    .summary("help about a command or a topic")
    .addHelpText("after", "\nExamples:\n  gomodcache help fix\n  gomodcache help exit-codes")
    .exitOverride()
    .action(async (topic: string | undefined) => {
      const { help } = await import("./help.ts");
      state.status = await help(topic, program, context);
    });
}

const topHelp = `
Without a command, gomodcache runs doctor: it only reads.

Examples:
  gomodcache                               what is wrong, for you
  gomodcache doctor --as 1000 --for .      for user 1000 and this project only
  gomodcache can build --as ci --for app   will it work? yes, no or unknown
  gomodcache why /go/pkg/mod --as ci       which directory does not let ci in
  gomodcache verify --for .                is what is cached what go.sum says?
  gomodcache classify build.log            why did that go command fail?

Exit status: 0 healthy or yes, 1 findings or no, 2 usage, 3 something could
not be inspected, 4 more privilege is needed, 70 internal error,
130 interrupted.`;

function addDoctor(program: Command, state: State, context: Context): void {
  reporting(shared(withSubject(program.command("doctor")), "DIR"))
    .summary("what is or will be wrong with the module cache, and why")
    .description(
      "Looks at the module cache and everything that a build touches, and names each cause of failure once. It only reads.",
    )
    .option("--all-mounts", "look into other file systems mounted below the cache too")
    .option("--every-acl", "read the ACL of every entry; else, of those that changed after they were written")
    .option("--below <dir>", "look at every module cache below this directory, such as a work tree")
    .addHelpText(
      "after",
      `
Examples:
  gomodcache doctor
  sudo gomodcache doctor --as app
  gomodcache doctor --for . --format markdown >> "$GITHUB_STEP_SUMMARY"
  gomodcache doctor -o sarif:out.sarif -o junit:out.xml --fail-on warning`,
    )
    .action(async (options) => {
      const { doctor } = await import("./doctor.ts");
      state.status = await doctor(options, context);
    });
}

function addCan(program: Command, state: State, context: Context): void {
  shared(withSubject(program.command("can")), "DIR")
    .argument("<operation>", operations.join(", "))
    .summary("whether a go command will work: yes, no or unknown")
    .description(
      "Plays what the go command would do to the file system as the user, without running it, and tells how it ends.",
    )
    .option("--module <module@version>", "the module that get or download is about", parseModule)
    .addHelpText(
      "after",
      `
Examples:
  gomodcache can build
  gomodcache can download --as 1001:1001,3000 --for ./service
  gomodcache can get --module golang.org/x/text@v0.21.0 --as ci+umask=002
  gomodcache can clean -q && go clean -modcache`,
    )
    .action(async (operation: string, options) => {
      const { can } = await import("./can.ts");
      state.status = await can(operation, options, context);
    });
}

function addWhy(program: Command, state: State, context: Context): void {
  shared(withSubject(program.command("why")))
    .argument("<path>", "a file or directory")
    .summary("the permission chain of a path, component by component")
    .description(
      "Shows every directory on the way to a path, which of them lets the user through, and which rule decides.",
    )
    .addOption(
      new Option("--op <operation>", "what is to be done with the path")
        .choices(["read", "write", "enter", "create", "delete", "rename", "chmod", "chown", "lock"])
        .default("read"),
    )
    .addHelpText(
      "after",
      `
Examples:
  gomodcache why "$(go env GOMODCACHE)" --op write
  sudo gomodcache why /go/pkg/mod/cache/lock --as 1000 --op write`,
    )
    .action(async (path: string, options) => {
      const { why } = await import("./why.ts");
      state.status = await why(path, options, context);
    });
}

function addVerify(program: Command, state: State, context: Context): void {
  reporting(shared(program.command("verify"), "DIR"))
    .summary("whether the contents of the cache are what was fetched")
    .description(
      "Hashes every zip, go.mod and extracted file and compares them with each other and, with --for, with go.sum. It only reads.",
    )
    .addHelpText(
      "after",
      `
Examples:
  gomodcache verify
  gomodcache verify --for .
  sudo gomodcache verify --cache-dir /srv/gomod --json
  gomodcache verify --for . -o junit:out.xml --fail-on warning`,
    )
    .action(async (options) => {
      const { verify } = await import("./verify.ts");
      state.status = await verify(options, context);
    });
}

function addExplain(program: Command, state: State, context: Context): void {
  program
    .command("explain")
    .argument("[rule]", "a rule's name, as a report shows it, or a category of classify")
    .summary("a rule's page, offline; without a rule, the list")
    .description("Prints what a rule means, why it hurts, how it happens and how to fix it.")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  gomodcache explain\n  gomodcache explain partial-extraction\n  gomodcache explain cache-corrupt",
    )
    .exitOverride()
    .action(async (rule: string | undefined, options) => {
      const { explain } = await import("./explain.ts");
      state.status = await explain(rule, options, context);
    });
}

function withSubject(command: Command): Command {
  return command.option(
    "--as <who>",
    "for this user: NAME, UID, UID:GID or UID:GID,GID… (+umask=002, +cap=dac_override)",
  );
}

/** The options of a command that ends in a report. */
function reporting(command: Command): Command {
  return command
    .addOption(new Option("-f, --format <format>", "how to print it").choices(formats).default("text"))
    .option("-o, --output <[format:]file>", "write the report to a file; may be repeated", collect, [])
    .addOption(
      new Option("--fail-on <severity>", "exit with 1 from this severity on").choices([
        "error",
        "warning",
        "advice",
        "never",
      ]),
    )
    .option("--exit-zero", "exit with 0 whatever was found")
    .option("--no-progress", "do not show progress on standard error");
}

function shared(command: Command, forDirectory?: string): Command {
  withCommonOptions(
    command.exitOverride().option("--cache-dir <dir>", "the module cache, instead of what go env GOMODCACHE says"),
    "print JSON (the same as --format json)",
  );
  if (forDirectory !== undefined)
    command.option("--for <dir>", "look at the modules of the project in this directory only");
  return command;
}

function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}

function parseModule(value: string): { path: string; version: string } {
  const match = /^([^@\s]+)@(v\d[^\s@]*)$/.exec(value);
  if (match === null)
    throw new InvalidArgumentError("give MODULE@VERSION with a full version, such as golang.org/x/text@v0.21.0");
  return { path: match[1] as string, version: match[2] as string };
}

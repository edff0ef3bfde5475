// The command table, continued: what keeps failures from coming back.
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Context } from "../context.ts";
import { contractNames } from "../contract/contract.ts";
import { severities } from "../finding/finding.ts";
import { formatNames } from "../report/formats.ts";

/** Where a command's exit status goes. */
type Finish = (status: number) => void;

const collect = (value: string, all: string[]): string[] => [...all, value];

export function addLint(command: Command, finish: Finish, context: Context): void {
  command
    .exitOverride()
    .argument("[file...]", "the files to look at; what git tracks if absent")
    .summary("what Dockerfiles, scripts and the like will do to the cache")
    .description(
      "Looks at the files of a repository for what will make go commands fail on permissions, weaken go's checks or break its caches. It only reads, unless you say --fix.",
    )
    .option("--fix", "correct in place what can be corrected safely")
    .option("--unsafe", "with --fix: also what changes more than the finding")
    .option("--dry-run", "with --fix: print a unified diff, and change nothing")
    .option("--only <rule>", "only this rule; may be repeated", collect, [])
    .option("-C <dir>", "run in this directory")
    .addOption(new Option("-f, --format <format>", "how to print it").choices([...formatNames]).default("text"))
    .option("-o, --output <[format:]file>", "write the report to a file; may be repeated", collect, [])
    .addOption(
      new Option("--fail-on <severity>", "exit with 1 from this severity on").choices([...severities, "never"]),
    )
    .option("--exit-zero", "exit with 0 whatever was found")
    .option("--json", "print JSON (the same as --format json)")
    .option("-q, --quiet", "print less")
    .option("-v, --verbose", "print more")
    .addOption(new Option("--color <when>", "colour").choices(["auto", "always", "never"]).default("auto"))
    .option("--no-color", "no colour")
    .addHelpText(
      "after",
      `
Examples:
  gomodcache lint
  gomodcache lint Dockerfile build/Dockerfile.dev
  gomodcache lint --fix --dry-run
  gomodcache lint --format github --fail-on warning

To keep a finding from being told, write above the line or at its end:
  # gomodcache ignore=RULE why it does not hold here`,
    )
    .action(async (names: string[], options) => {
      const { lint } = await import("./lint.ts");
      finish(await lint(names, options, context));
    });
}

export function addGenerate(command: Command, finish: Finish, context: Context): void {
  command
    .exitOverride()
    .argument("[target]", "what to make: see below; without it, the list")
    .summary("a Dockerfile, Job, workflow, hook, … that does it right")
    .description(
      "Prints a file for a user, a cache directory and a contract; each line that is there for permissions says why.",
    )
    .option("--uid <number>", "who runs go (default: 1001)", parseId)
    .option("--gid <number>", "their group (default: the same number)", parseId)
    .option("--other-uid <number>", "the second user, where there are two (default: the next number)", parseId)
    .option("--cache-dir <dir>", "GOMODCACHE")
    .addOption(new Option("--contract <name>", "who may use the cache").choices([...contractNames]))
    .option("--go-version <version>", "the version of Go (default: that of go.mod)")
    .option("--variant <name>", "which form of it: see below")
    .option("--image <image>", "the image with go (default: golang)")
    .option("--init-image <image>", "an image with gomodcache, for the step that prepares the cache (default: a shell)")
    .option("--write [file]", "write it, or replace its marked block in a file that is there")
    .option("--check [file]", "exit with 1 and print a diff if the file is not as --write would leave it")
    .option("-C <dir>", "run in this directory")
    .addHelpText(
      "after",
      `
Targets, and their variants:
  dockerfile            cache-mount, layer
  kubernetes-job        same-uid, group, readonly, init
  github-actions        hosted, self-hosted
  gitlab-ci
  compose
  devcontainer
  pre-commit            config, git-hook
  gitattributes
  tmpfiles
  systemd-unit
  tekton-task
  tekton-pipeline       pipeline, run
  argo-workflow
  kustomize-component

Examples:
  gomodcache generate dockerfile --uid 1001 > Dockerfile
  gomodcache generate kubernetes-job --variant group --gid 3000 | kubectl apply -f -
  gomodcache generate pre-commit --write
  gomodcache generate gitlab-ci --check`,
    )
    .action(async (name: string | undefined, options) => {
      const { generate } = await import("./generate.ts");
      finish(await generate(name, options, context));
    });
}

function parseId(value: string): number {
  if (!/^\d{1,10}$/.test(value)) throw new InvalidArgumentError("give a number, such as 1001");
  return Number(value);
}

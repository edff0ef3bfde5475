// The command table, continued: what observes go commands and their logs.
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Context } from "../context.ts";

/** Where a command's exit status goes. */
type Finish = (status: number) => void;

export function addRun(command: Command, finish: Finish, context: Context): void {
  command
    .exitOverride()
    .argument("[command...]", "after --: the command, such as go build ./...")
    .summary("run a go command unchanged, and name the cause if it fails")
    .description(
      "Runs a command with its arguments, streams, signals and exit status unchanged. Notes what it fetches and reads of modules as events; if it fails, says why, and looks at this machine for the proof.",
    )
    .option("--events <file>", "append events to this file (else GOMODCACHE_EVENTS, else the state directory's)")
    .option("--no-events", "keep no events")
    .option("--no-relay", "do not stand between go and its proxies: take what go prints")
    .option("--otlp <url>", "send traces, metrics and logs there (else OTEL_EXPORTER_OTLP_ENDPOINT)")
    .option("--prom-file <file>", "add the metrics to this file, for node_exporter's textfile collector")
    .option("--prom-port <n>", "let Prometheus scrape 127.0.0.1:N/metrics while the command runs", parsePort)
    .option("--retry <n>", "run again so often, if that can help", parseRetries, 0)
    .option("--install-shim <dir>", "make DIR/go, which runs the real go like this: for make, IDEs and scripts")
    .option("--remove-shim <dir>", "remove it")
    .option("-v, --verbose", "say what could not be observed, and why")
    .addOption(new Option("--color <when>", "colour").choices(["auto", "always", "never"]).default("auto"))
    .option("--no-color", "no colour")
    .addHelpText("after", runHelp)
    .action(async (words: string[], options) => {
      if (options.installShim !== undefined || options.removeShim !== undefined) {
        const { shim } = await import("./shim.ts");
        return finish(await shim(options, words, context));
      }
      const { run } = await import("./run.ts");
      finish(await run(words, options, context));
    });
}

const runHelp = `
Examples:
  gomodcache run -- go build ./...
  gomodcache run --retry 3 -- go mod download
  gomodcache run --events events.jsonl -- go test ./...
  gomodcache run --otlp http://collector:4318 -- go build ./...
  gomodcache run --install-shim ~/.gomodcache/bin; PATH=~/.gomodcache/bin:$PATH make

Fetches are seen by a relay on 127.0.0.1 that stands in for the http(s) entries
of GOPROXY; entries whose credentials come from netrc or GOAUTH are left alone.
Standard error passes through a pipe, byte for byte; where a program of yours
could miss its terminal (go run, go test, go generate, anything that is not go)
the terminal stays, and what is printed there is not read.

If this process is killed by SIGKILL, a watchdog shell ends the command and what
it started; without /bin/sh the command would go on, and without /proc what it
started. Only causes that time can cure are tried again; what may have read
standard input (go run, go test, go generate, anything that is not go) only if
that is a terminal or /dev/null. Exit status: the command's own; 127 if there is
no such command, 126 if it cannot be executed.`;

function parsePort(value: string): number {
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535)
    throw new InvalidArgumentError("give a port from 1 to 65535, or 0 for any that is free");
  return Number(value);
}

function parseRetries(value: string): number {
  if (!/^\d{1,2}$/.test(value)) throw new InvalidArgumentError("give a number from 0 to 99");
  return Number(value);
}

export function addClassify(command: Command, finish: Finish, context: Context): void {
  command
    .exitOverride()
    .argument("[file]", "the log; - or none for standard input")
    .summary("the root cause of a go command's failure, from its log")
    .description(
      "Reads what a go command or a CI job has printed, and names the root cause, the line that shows it, what to do, and whether to try again, to fix the environment or to fix the repository.",
    )
    .option("-C <dir>", "run in this directory")
    .option("--json", "print JSON (the same as --format json)")
    .addOption(
      new Option("-f, --format <format>", "how to print it").choices(["text", "json", "github"]).default("text"),
    )
    .option(
      "--exit-code <number>",
      "the exit status of the command, if it is known: with 0 there is no failure",
      parseCount,
    )
    .option("--top <number>", "how many causes to show", parseCount)
    .option("-q, --quiet", "only the first line")
    .option("-v, --verbose", "all causes")
    .addOption(new Option("--color <when>", "colour").choices(["auto", "always", "never"]).default("auto"))
    .option("--no-color", "no colour")
    .addHelpText(
      "after",
      `
Examples:
  gomodcache classify build.log
  go build ./... 2>&1 | gomodcache classify
  gh run view --log-failed | gomodcache classify --json

Exit status: 0 no failure of go's environment, 1 there is one, 2 usage.`,
    )
    .action(async (file: string | undefined, options) => {
      const { classify } = await import("./classify.ts");
      finish(await classify(file, options, { ...context, stdin: process.stdin }));
    });
}

function parseCount(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError("give a whole number");
  return Number(value);
}

export function addSendEvents(command: Command, finish: Finish, context: Context): void {
  command
    .exitOverride()
    .argument("<file>", "an event file of run; - for standard input")
    .summary("send the events of an event file to an OpenTelemetry receiver")
    .description(
      "Sends traces, metrics and logs of the commands in an event file, with the IDs and times they had: for a collector that was away then. What it already has it gets a second time, so choose with --since.",
    )
    .option("--otlp <url>", "where to, by OTLP over HTTP (else OTEL_EXPORTER_OTLP_ENDPOINT)")
    .option("--since <time>", "only commands that began then or later: 2026-11-24T06:00:00Z", parseTime)
    .addHelpText(
      "after",
      `
Examples:
  gomodcache send-events events.jsonl --otlp http://collector:4318
  OTEL_METRICS_EXPORTER=none gomodcache send-events - < events.jsonl

All OTEL_* variables of an OTLP exporter count: see docs/telemetry.md.
Exit status: 0 all has arrived, 1 something has not, 2 usage.`,
    )
    .action(async (file: string, options) => {
      const { sendEvents } = await import("./send-events.ts");
      finish(await sendEvents(file, options, { ...context, stdin: process.stdin }));
    });
}

function parseTime(value: string): Date {
  const time = new Date(value);
  if (Number.isNaN(time.getTime())) throw new InvalidArgumentError("give a time such as 2026-11-24T06:00:00Z");
  return time;
}

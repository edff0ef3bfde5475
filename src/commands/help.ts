// `help [TOPIC]`: a command's help, or a topic that belongs to no single command.
import type { Command } from "commander";
import type { Context } from "../context.ts";
import { type ExitStatus, exitStatus, UserError } from "../error.ts";
import { writeStream } from "../ui/output.ts";

/** What belongs to no single command. */
export const topics: Readonly<Record<string, string>> = {
  "exit-codes": `Exit status

   0  healthy, yes, or nothing at or above --fail-on
   1  findings at or above --fail-on (default: error), or no
   2  usage: an unknown option, user, rule or directory, a go.mod that go itself rejects
   3  incomplete or unknown: something could not be inspected, so "healthy" or "yes" is not known
   4  more privilege is needed for what was asked
  70  an internal error: please report it
 130  interrupted
 137  ended by itself: a mount that came while the cache was looked at does not answer; the message names it

With --exit-zero doctor, verify and lint always exit with 0. Under --format sarif they do too, unless --fail-on is given.
`,
  environment: `Environment

  NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, TERM=dumb   colour, unless --color says otherwise
  CI                                                 progress as a plain line now and then
  GOMODCACHE, GOFLAGS, GOPROXY, HOME, TMPDIR, …      what go itself looks at; asked of go env
  SUDO_UID, SUDO_USER                                who called sudo
  GOMODCACHE_DEBUG=1                                 the stack of an internal error
  GOMODCACHE_EVENTS                                  where run keeps its events, unless --events says
  TRACEPARENT, TRACESTATE                            the trace that run belongs to
  HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE, …            as go reads them, for the relay of run

  OTEL_EXPORTER_OTLP_ENDPOINT and other OTEL_*       where run and send-events send telemetry, and how

Nothing is sent anywhere else: doctor, can, why, verify, lint, generate and explain use no network, and run asks only what go asks.
`,
  formatting: `Formats of doctor, verify and lint (--format, or -o FORMAT:FILE, which may be repeated)

  text       for people
  compact    one line a finding, for grep
  json       the current JSON version; json-v1 stays as it is (schema/report.v1.json)
  jsonl      one JSON object a line
  sarif      SARIF 2.1.0, for code scanning
  junit      JUnit XML, for test reports
  github     workflow commands: at most ten annotations, the worst first
  markdown   for a step summary or an issue

Control characters, escape sequences and workflow commands in file names are shown, never passed on.
`,
  contracts: `Contracts (init, fix)

             directories  what go writes  extracted          owner
  private    0755         0644            0555, files 0444   the user
  group      2775 + ACL   0664            2555, files 0444   any member of the group
  readonly   0755         0644            0555, files 0444   the writer

--umask takes rights away as a umask does: 077 closes the cache to everybody else. Without --contract the umask
decides: 002 is group. Without either, the cache keeps the contract and the umask that it has.
The group's default ACL makes new entries the group's whatever the umask of who makes them; where there are no ACLs,
setgid and umask 002 have to do. Any member of the group can run code as the others.

What is changed is written to a journal first (/var/lib/gomodcache for root, else ~/.local/state/gomodcache):
gomodcache undo --list. Left alone: what belongs to users you did not name (--from), hard links, setuid files, devices,
symbolic links, modules that are being extracted.
`,
  permissions: `Whom it is about

Without --as, every question is about you, with your groups, capabilities and umask.
  --as app                  a user of the user database, with its groups
  --as 1000                 a UID; its groups if the database knows it
  --as 1000:1000,3000       UID, GID, supplementary groups
  --as app+umask=002        with that umask (else 022)
  --as 0+cap=none           root in a container that dropped all capabilities
  --as 0+cap=chown,fowner   root with some of them: dac_override, dac_read_search, fowner, chown, fsetid

Asking about others needs no privilege, but what you may not see yourself is answered with unknown. As root,
"why" asks the kernel too: a child process becomes that user and tries.
`,
};

export async function help(topic: string | undefined, program: Command, context: Context): Promise<ExitStatus> {
  const command = topic === undefined ? program : program.commands.find((candidate) => candidate.name() === topic);
  const text = command?.helpInformation() ?? topics[topic ?? ""];
  if (text === undefined) {
    const names = [...program.commands.map((candidate) => candidate.name()), ...Object.keys(topics)];
    throw new UserError(`there is no help about "${topic}"`, `there is about ${names.join(", ")}`);
  }
  if (command !== undefined) command.outputHelp();
  else await writeStream(context.stdout, text);
  return exitStatus.ok;
}

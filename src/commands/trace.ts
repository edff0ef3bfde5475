// `trace -- CMD`: what was refused while a command ran, and why.
import { resolve } from "node:path";
import { dieBy } from "../child/forward.ts";
import type { Context } from "../context.ts";
import { UserError } from "../error.ts";
import { printable } from "../report/safe.ts";
import { traceJson } from "../report/trace-json.ts";
import { traceText } from "../report/trace-text.ts";
import type { TraceOptions } from "../trace/options.ts";
import { writeReport, writeStream } from "../ui/output.ts";
import { type CommonOptions, renderOptions } from "./terminal.ts";

export type TraceFlags = CommonOptions & TraceOptions & { readonly output?: string };

export async function trace(words: readonly string[], flags: TraceFlags, context: Context): Promise<number> {
  const ways = [words.length > 0, flags.pid !== undefined, flags.cgroup !== undefined, flags.straceFile !== undefined];
  if (ways.filter(Boolean).length !== 1)
    throw new UserError(
      ways.some(Boolean)
        ? "a command, --pid, --cgroup and --strace-file exclude each other"
        : "there is nothing to watch",
      "give a command after --, such as gomodcache trace -- go build ./...",
    );
  const cwd = flags.C === undefined ? context.cwd : resolve(context.cwd, flags.C);
  const place = { ...context, cwd };
  const { observeCommand, observeRunning, readSaved } = await import("../trace/observe.ts");
  const { report, ending } =
    words.length > 0
      ? await observeCommand(words, flags, place)
      : {
          report: await (flags.straceFile === undefined ? observeRunning : readSaved)(flags, place),
          ending: undefined,
        };
  const rendering = renderOptions(flags, { ...context, stdout: context.stderr });
  const text = flags.json === true ? traceJson(report, rendering) : traceText(report, rendering);
  if (flags.output !== undefined && flags.output !== "-") {
    try {
      writeReport(resolve(cwd, flags.output), text);
    } catch (error) {
      // The command's status counts more than that of our report.
      if (!(error instanceof UserError)) throw error;
      context.stderr.write(`gomodcache: ${printable(error.message)}\n  ${printable(error.hint)}\n`);
    }
  } else if (ending === undefined || report.findings.length > 0 || flags.json === true || flags.quiet !== true) {
    await writeStream(ending === undefined ? context.stdout : context.stderr, text);
  }
  if (ending === undefined) return report.findings.length > 0 ? 1 : 0;
  return "status" in ending ? ending.status : dieBy(ending.signal);
}

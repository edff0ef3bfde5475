// The document of `trace`.
import type * as z from "zod/mini";
import type { TraceReport } from "../finding/trace.ts";
import { documentHead, explanationFields } from "./json.ts";
import type { RenderOptions } from "./options.ts";
import { jsonText } from "./safe.ts";
import type { tracedDocument } from "./schema.ts";

type TraceDocument = z.infer<typeof tracedDocument>;

export function traceJson(report: TraceReport, options: Pick<RenderOptions, "version">): string {
  const { argv, target, backend, exitCode, signal, cache, findings, elsewhere, notes } = report;
  const document: TraceDocument = {
    ...documentHead("trace", options),
    argv: [...argv],
    ...(target === undefined ? {} : { target }),
    backend,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(signal === undefined ? {} : { signal }),
    cache,
    findings: findings.map(({ role, said, note, credentials, why, denials, count }) => ({
      role,
      said,
      ...(note === undefined ? {} : { note }),
      credentials,
      capabilities: [...why.subject.capabilities],
      why: explanationFields(why),
      denials: denials.map(({ process, ...denial }) => ({
        ...denial,
        process: { ...process, ...(process.argv === undefined ? {} : { argv: [...process.argv] }) },
      })) as TraceDocument["findings"][number]["denials"],
      count,
    })),
    elsewhere,
    notes: [...notes],
  };
  return `${jsonText(document)}\n`;
}

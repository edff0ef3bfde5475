// json-v1: the documents that programs read. Their fields are frozen in schema.ts, apart from the types that the program works with.
import type * as z from "zod/mini";
import type { CanAnswer, WhyAnswer } from "../finding/answer.ts";
import type { Finding, Fix, Region, Report } from "../finding/finding.ts";
import { octal } from "../permission/entry.ts";
import type { Subject } from "../permission/subject.ts";
import type { RenderOptions } from "./options.ts";
import { jsonText } from "./safe.ts";
import type { canDocument, errorDocument, reportDocument, whyDocument } from "./schema.ts";

type ReportDocument = z.infer<typeof reportDocument>;
type CanDocument = z.infer<typeof canDocument>;
type WhyDocument = z.infer<typeof whyDocument>;
type ErrorDocument = z.infer<typeof errorDocument>;

type Versioned = Pick<RenderOptions, "version">;

/** The fields that every document begins with. */
export function documentHead(command: string, { version }: Versioned) {
  return { schemaVersion: 1 as const, tool: { name: "gomodcache" as const, version }, command };
}

/** A finding as documents have it. A finding about no path at all (a setting) is never truncated. */
export function findingFields(finding: Finding): ReportDocument["findings"][number] {
  const { rule, severity, confidence, message, paths, count, subject, why, fixes, location, docs } = finding;
  return {
    rule,
    severity,
    confidence,
    message,
    paths: paths.map(({ path, owner, group, mode }) => ({ path, owner, group, mode })),
    count,
    ...(paths.length > 0 && count > paths.length ? { truncated: true as const } : {}),
    ...(subject === undefined ? {} : { subject }),
    ...(why === undefined ? {} : { why }),
    fixes: fixes.map(fixFields),
    ...(location === undefined ? {} : { location: { file: location.file, ...regionFields(location) } }),
    docs,
  };
}

/** The document of `doctor`, with every path that the report holds. */
export function json(report: Report, options: Versioned): string {
  const { operations } = report;
  const document: ReportDocument = {
    ...documentHead(report.command, options),
    target: report.target,
    verdict: report.verdict,
    findings: report.findings.map(findingFields),
    skipped: report.skipped.map(({ rule, reason }) => ({ rule, reason })),
    ...(report.hosts === undefined ? {} : { hosts: report.hosts.map(({ kind, evidence }) => ({ kind, evidence })) }),
    ...(report.suppressed === undefined ? {} : { suppressed: report.suppressed }),
    ...(operations === undefined ? {} : { operations: operations.map((operation) => ({ ...operation })) }),
    stats: { entries: report.stats.entries, seconds: report.stats.seconds },
  };
  return `${jsonText(document)}\n`;
}

/** The document of `can`. */
export function canJson(answer: CanAnswer, options: Versioned): string {
  const document: CanDocument = {
    ...documentHead("can", options),
    operation: answer.operation,
    subject: subjectFields(answer.subject),
    verdict: answer.verdict,
    reasons: answer.reasons.map(({ path, need, deniedBy, message }) => ({
      path,
      need,
      denied_by: deniedBy === undefined ? null : { path: deniedBy.path, by: deniedBy.by, because: deniedBy.because },
      message,
    })),
    warnings: [...answer.warnings],
  };
  return `${jsonText(document)}\n`;
}

/** The document of `why`. */
export function whyJson(answer: WhyAnswer, options: Versioned): string {
  const document: WhyDocument = { ...documentHead("why", options), ...explanationFields(answer) };
  return `${jsonText(document)}\n`;
}

/** The answer of `why` as documents have it. */
export function explanationFields(answer: WhyAnswer): Omit<WhyDocument, "schemaVersion" | "tool" | "command"> {
  return {
    path: answer.path,
    need: answer.need,
    subject: subjectFields(answer.subject),
    verdict: answer.verdict,
    chain: answer.chain.map(({ path, owner, group, mode, acl, mount, need, verdict, because }) => ({
      path,
      owner,
      group,
      mode,
      ...(acl === undefined ? {} : { acl }),
      ...(mount === undefined ? {} : { mount }),
      need,
      verdict,
      because,
    })),
    kernel: answer.kernel,
    fixes: answer.fixes.map(fixFields),
  };
}

/** What `--json` prints when a command could not do its work. */
export function errorJson(command: string, error: { message: string; hint: string }, options: Versioned): string {
  const { message, hint } = error;
  const document: ErrorDocument = { ...documentHead(command, options), error: { message, hint } };
  return `${jsonText(document)}\n`;
}

function fixFields({ title, disposition, command, edits }: Fix): ReportDocument["findings"][number]["fixes"][number] {
  const changes = edits?.map(({ start, end, text, ...region }) => ({ start, end, text, ...regionFields(region) }));
  return { title, disposition, command, ...(changes === undefined ? {} : { edits: changes }) };
}

function regionFields({ line, column, endLine, endColumn }: Region): Region {
  return { line, column, endLine, endColumn };
}

function subjectFields({ uid, gid, groups, umask }: Subject): CanDocument["subject"] {
  return { uid, gid, groups: [...groups], umask: octal(umask) };
}

// SARIF 2.1.0 (OASIS), for code scanning. A path of the cache is no file of the repository, so it is a logical location; what lint
// finds has a physical one, and its edits are fixes.
import type { ArtifactLocation, Fix, Location, Log, Notification, Region, ReportingDescriptor, Result } from "sarif";
import type { Finding, Region as Place, Report, Severity } from "../finding/finding.ts";
import type { RenderOptions } from "./options.ts";
import { jsonText, pasteable, printable } from "./safe.ts";
import { verdictLine } from "./verdict.ts";

type SarifOptions = Pick<RenderOptions, "version" | "docsBase">;

const levels = { error: "error", warning: "warning", advice: "note" } as const satisfies Record<Severity, Result.level>;

/** Renders a report as one run of a SARIF log. */
export function sarif(report: Report, options: SarifOptions): string {
  const rules = [...new Map(report.findings.map((finding) => [finding.rule, finding])).values()];
  const ids = rules.map((finding) => finding.rule);
  const log: Log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "gomodcache",
            version: options.version,
            rules: rules.map((finding) => descriptor(finding, options.docsBase)),
          },
        },
        columnKind: "utf16CodeUnits",
        invocations: [{ executionSuccessful: true, toolExecutionNotifications: report.skipped.map(notification) }],
        results: results(report, ids),
        properties: { verdict: report.verdict, summary: verdictLine(report, false) },
      },
    ],
  };
  return `${jsonText(log)}\n`;
}

function descriptor(finding: Finding, docsBase: string | undefined): ReportingDescriptor {
  const rule = printable(finding.rule);
  // 3.49.12 wants an absolute URI.
  const helpUri = URL.canParse(finding.docs, docsBase) ? new URL(finding.docs, docsBase).href : undefined;
  return {
    id: rule,
    shortDescription: { text: rule.replaceAll("-", " ") },
    help: { text: `gomodcache explain ${rule}` },
    ...(helpUri === undefined ? {} : { helpUri }),
    defaultConfiguration: { level: levels[finding.severity] },
  };
}

function results(report: Report, ids: readonly string[]): Result[] {
  const seen = new Map<string, number>();
  return report.findings.map((finding) => {
    const print = fingerprint(report.target, finding);
    const ordinal = (seen.get(print) ?? 0) + 1;
    seen.set(print, ordinal);
    return {
      ruleId: printable(finding.rule),
      ruleIndex: ids.indexOf(finding.rule),
      level: levels[finding.severity],
      message: { text: message(finding) },
      locations: locations(finding),
      ...fixes(finding),
      partialFingerprints: { "gomodcache/v1": `${print}:${ordinal}` },
      properties: {
        count: finding.count,
        confidence: finding.confidence,
        ...(finding.subject === undefined ? {} : { subject: printable(finding.subject) }),
      },
    };
  });
}

function locations(finding: Finding): Location[] {
  const { location } = finding;
  const logical = finding.paths.map(({ path }) => ({
    logicalLocations: [
      {
        name: printable(path.slice(path.lastIndexOf("/") + 1) || path),
        fullyQualifiedName: printable(path),
        kind: "resource",
      },
    ],
  }));
  if (location === undefined) return logical;
  return [{ physicalLocation: { artifactLocation: artifact(location.file), region: region(location) } }, ...logical];
}

/** What an editor could do by itself: the edits of safe fixes (3.55). */
function fixes({ location, fixes: all }: Finding): { fixes?: Fix[] } {
  if (location === undefined) return {};
  const offered = all.flatMap(({ title, disposition, edits }): Fix[] => {
    if (edits === undefined || edits.length === 0 || disposition === "unsafe") return [];
    const replacements = edits.map((edit) => ({
      deletedRegion: region(edit),
      insertedContent: { text: edit.text },
    }));
    return [
      {
        description: { text: printable(title) },
        artifactChanges: [{ artifactLocation: artifact(location.file), replacements }],
      },
    ];
  });
  return offered.length > 0 ? { fixes: offered } : {};
}

/** A relative URI reference (RFC 3986): what is not plain in a path is percent-encoded. */
function artifact(file: string): ArtifactLocation {
  const uri = file
    .replace(/\p{Cs}/gu, "\ufffd")
    .split("/")
    .map(encodeURIComponent)
    .join("/");
  return { uri, uriBaseId: "%SRCROOT%" };
}

function region({ line, column, endLine, endColumn }: Place): Region {
  return { startLine: line, startColumn: column, endLine, endColumn };
}

/** The sentence, why, and the fixes. `](` would make an embedded link (3.11.6), so a bracket before it is escaped. */
function message(finding: Finding): string {
  const lines = [
    printable(finding.message),
    ...(finding.why === undefined ? [] : [`Why: ${printable(finding.why)}`]),
    ...finding.fixes.map((fix) => {
      const unsafe = fix.disposition === "unsafe" ? " (unsafe)" : "";
      const command = fix.command === "" ? "" : `: ${pasteable(fix.command)}`;
      return `Fix${unsafe}: ${printable(fix.title)}${command}`;
    }),
  ];
  return lines.join("\n").replaceAll("](", "\\](");
}

function notification({ rule, reason }: Report["skipped"][number]): Notification {
  const text = `${printable(rule)} could not look: ${printable(reason)}`;
  return { descriptor: { id: printable(rule) }, level: "note", message: { text } };
}

/**
 * The same for the same cause in the next run: what was looked at, the rule, who is hurt, and the message without its
 * counts. FNV-1a, 64 bits (datatracker.ietf.org, draft-eastlake-fnv): it only has to tell findings apart.
 */
function fingerprint(target: string, finding: Finding): string {
  const where = finding.location === undefined ? [] : [finding.location.file];
  const text = [target, finding.rule, finding.subject ?? "", finding.message.replace(/\d[\d,]*/g, "#"), ...where].join(
    "\0",
  );
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, "0");
}

// JUnit XML as GitLab, Jenkins and others read it: one test case a rule. Errors and warnings are failures; advice is output.
import type { Finding, Report } from "../finding/finding.ts";
import type { RenderOptions } from "./options.ts";
import { pasteable, printable, xml } from "./safe.ts";
import { examples, ownership, place, thousands, verdictLine } from "./verdict.ts";

/**
 * Renders a report as one test suite. Without `passedRules` the rules that found nothing are one test case that says how
 * many they were.
 */
export function junit(report: Report, options: Pick<RenderOptions, "verbose" | "passedRules">): string {
  const suite = `gomodcache.${report.command}`;
  const byRule = new Map<string, Finding[]>();
  for (const finding of report.findings) byRule.set(finding.rule, [...(byRule.get(finding.rule) ?? []), finding]);
  const fired = [...byRule].map(([rule, findings]) => findingCase(suite, rule, findings, options.verbose));
  const skipped = report.skipped.map(({ rule, reason }) =>
    testCase(suite, rule, `      <skipped message="${xml(reason)}"/>\n`),
  );
  const passed = passedNames(report, options.passedRules).map((rule) => testCase(suite, rule, ""));
  const failures = [...byRule.values()].filter((findings) => findings.some(fails)).length;
  const tests = fired.length + skipped.length + passed.length;
  const counts = `tests="${tests}" failures="${failures}" errors="0" skipped="${skipped.length}"`;
  const time = `time="${report.stats.seconds.toFixed(3)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    `<testsuites name="gomodcache" ${counts} ${time}>\n`,
    `  <testsuite name="${xml(suite)}" ${counts} ${time}>\n`,
    `    <properties>\n      <property name="target" value="${xml(report.target)}"/>\n    </properties>\n`,
    ...fired,
    ...skipped,
    ...passed,
    `    <system-out>${xml(verdictLine(report, false))}</system-out>\n`,
    "  </testsuite>\n</testsuites>\n",
  ].join("");
}

const fails = (finding: Finding): boolean => finding.severity !== "advice";

function passedNames(report: Report, names: readonly string[] | undefined): readonly string[] {
  if (names !== undefined) return names;
  return report.passed > 0 ? [`${thousands(report.passed)} rules found nothing`] : [];
}

function testCase(suite: string, rule: string, content: string): string {
  const open = `    <testcase classname="${xml(suite)}" name="${xml(rule)}"`;
  return content === "" ? `${open}/>\n` : `${open}>\n${content}    </testcase>\n`;
}

function findingCase(suite: string, rule: string, findings: readonly Finding[], verbose: boolean): string {
  const details = findings.map((finding) => describe(finding, verbose)).join("\n\n");
  const failing = findings.find(fails);
  const content =
    failing === undefined
      ? `      <system-out>${details}</system-out>\n`
      : `      <failure type="${failing.severity}" message="${xml(failing.message)}">${details}</failure>\n`;
  return testCase(suite, rule, content);
}

/** The text of a finding, escaped. The lines are ours: no line break of a name survives. */
function describe(finding: Finding, verbose: boolean): string {
  const { shown, more } = examples(finding, verbose);
  const lines = [
    `${place(finding)} ${finding.severity}: ${printable(finding.message)}`.trimStart(),
    ...shown.map((path) => [path.path, ownership(path), path.mode].filter((part) => part !== "").join("  ")),
    ...(more > 0 ? [`and ${thousands(more)} more`] : []),
    ...(finding.why === undefined ? [] : [`why: ${finding.why}`]),
    ...finding.fixes.map((fix) => {
      const unsafe = fix.disposition === "unsafe" ? " (unsafe)" : "";
      return fix.command === ""
        ? `fix${unsafe}: ${fix.title}`
        : `fix${unsafe}: ${pasteable(fix.command)}  (${fix.title})`;
    }),
  ];
  return lines.map(xml).join("\n");
}

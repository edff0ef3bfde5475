// `verify`: contents past the rules about them, to a report.
import { findingOf } from "../doctor/run.ts";
import { failureOf } from "../doctor/tally.ts";
import type { ModuleContent } from "../facts/content.ts";
import type { Facts } from "../facts/facts.ts";
import { byHarm, type Finding, type Report, type Skipped, verdictOf } from "../finding/finding.ts";
import { grouped } from "../finding/number.ts";
import { show } from "../host/bytes.ts";
import { contentRules } from "../rules/contents.ts";
import { moduleRules } from "../rules/modules.ts";
import type { ContentRule, ModuleRule } from "../rules/rule.ts";
import { plural } from "../rules/shared/say.ts";
import { listed, type VerifyOptions, verifyContent } from "./content.ts";

export interface VerifyReportOptions extends VerifyOptions {
  /** The project whose go.sum is asked, absolute. */
  readonly project?: string;
  /** Whether to give all examples (up to 10,000 a finding) instead of three. */
  readonly verbose?: boolean;
}

/** The names under which what could not be seen stands among the skipped rules. */
const walkId = "walk";
const contentId = "content";

const fewExamples = 3;
const mostExamples = 10_000;

/** @throws the signal's reason, if it was aborted */
export async function verify(facts: Facts, options: VerifyReportOptions = {}): Promise<Report> {
  const began = performance.now();
  const { cache } = facts;
  const skipped: Skipped[] = [];
  const findings: Finding[] = [];
  let [passed, modules, entries] = [0, 0, 0];
  if (cache.state === "directory") {
    const survey = await verifyContent(facts, options);
    modules = survey.modules;
    entries = survey.files;
    skipped.push(...survey.unseen.map((reason) => ({ rule: walkId, reason })), ...unreadOf(survey.contents));
    for (const rule of [...moduleRules, ...contentRules]) {
      const answer = ask(rule, survey.contents, facts, options.verbose === true ? mostExamples : fewExamples);
      if (answer === "passed") passed += 1;
      else if ("reason" in answer) skipped.push(answer);
      else findings.push(answer);
    }
  } else {
    skipped.push({ rule: walkId, reason: noCache(facts) });
  }
  const where = `GOMODCACHE ${cache.origin === "GOMODCACHE" ? "from the environment" : `from ${cache.origin}`}`;
  const count = plural(modules, "module version");
  return {
    command: "verify",
    target: show(options.project ?? cache.path),
    context:
      options.project === undefined
        ? [where, count]
        : [
            `${show(cache.path)}, ${where}`,
            `${count} of ${grouped(options.modules?.length ?? 0)} that go.mod and go.sum name`,
          ],
    verdict: verdictOf(findings, skipped),
    findings: findings.sort(byHarm),
    skipped,
    passed,
    stats: { entries, seconds: (performance.now() - began) / 1000 },
  };
}

/** A cache that is not there has no content to be wrong, but neither was any seen. */
function noCache({ cache }: Facts): string {
  const reasons: Readonly<Record<string, string>> = {
    missing: "does not exist",
    "not-a-directory": "is not a directory",
    relative: "is not an absolute path",
    "dangling-link": "is a link that leads nowhere",
    unset: "is not set",
  };
  return `${show(cache.path)} ${reasons[cache.state] ?? `could not be looked at: ${cache.unseen ?? "unknown"}`}`;
}

function unreadOf(contents: readonly ModuleContent[]): Skipped[] {
  const unread = contents.flatMap((content) => content.unread);
  if (unread.length === 0) return [];
  const examples = unread.slice(0, 20).map(({ path, reason }) => `${show(path)}: ${reason}`);
  const count = plural(unread.length, "file or directory", "files or directories");
  return [{ rule: contentId, reason: `${count} could not be checked: ${listed(examples, unread.length)}` }];
}

function ask(
  rule: ModuleRule | ContentRule,
  contents: readonly ModuleContent[],
  facts: Facts,
  most: number,
): "passed" | Skipped | Finding {
  const all = contents.filter(({ problems }) => problems.some(({ kind }) => kind === rule.id)).map(shown);
  if (all.length === 0) return "passed";
  const examples = all.slice(0, most);
  try {
    const draft =
      rule.looksAt === "contents"
        ? rule.conclude({ count: all.length, examples, all }, facts)
        : rule.conclude({ count: all.length, examples }, facts);
    return draft === undefined ? "passed" : findingOf(rule, draft, most, facts);
  } catch (error) {
    return { rule: rule.id, reason: failureOf(error) };
  }
}

/** With paths as a person may read them. */
function shown(content: ModuleContent): ModuleContent {
  return {
    ...content,
    directory: show(content.directory),
    tree: show(content.tree),
    problems: content.problems.map((problem) => ({ ...problem, path: show(problem.path) })),
  };
}

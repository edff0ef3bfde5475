// A go command that the predictor sees failing, for a reason that no other rule has named.
import type { Facts } from "../facts/facts.ts";
import type { CanAnswer } from "../finding/answer.ts";
import type { FindingDraft } from "../finding/finding.ts";
import type { FactRule } from "./rule.ts";
import { shellQuote, subjectName } from "./shared/say.ts";

/** It looks at predictions, which only a check of one project makes: by itself it finds nothing. */
export const goCommandFails: FactRule = {
  id: "go-command-fails",
  severity: "error",
  title: "a go command will fail in this project",
  looksAt: "facts",
  check: () => [],
};

/** One finding for all commands that fail; the first reason of the first one is what go trips over. */
export function predictionFinding(failing: readonly CanAnswer[], facts: Facts): FindingDraft {
  const [first] = failing;
  const reason = first?.reasons[0];
  const commands = failing.map(({ goCommand }) => goCommand).join(", ");
  const who = `--as ${facts.subject.subject.uid}:${[facts.subject.subject.gid, ...facts.subject.subject.groups].join(",")}`;
  const path = reason?.deniedBy?.path;
  return {
    message: `${commands} will fail for ${subjectName(facts)}`,
    paths: [],
    count: failing.length,
    subject: subjectName(facts),
    ...(reason === undefined ? {} : { why: reason.message }),
    fixes:
      path === undefined
        ? []
        : [
            {
              title: "see which component refuses, and what would let it through",
              disposition: "safe",
              command: `gomodcache why ${shellQuote(path)} ${who}`,
            },
          ],
  };
}

// Programs of an extracted toolchain without execute bits: go sets them at first use, and only the owner may.
import { mayChangeMode } from "../permission/ownership.ts";
import type { EntryRule } from "./rule.ts";
import { pathsOf, plural, subjectName } from "./shared/say.ts";
import { ownersOf } from "./shared/sharing.ts";
import { findInCache } from "./shared/shell.ts";

export const toolchainBinaryNotExecutable: EntryRule = {
  id: "toolchain-binary-not-executable",
  severity: "warning",
  title: "programs of a downloaded Go toolchain that cannot be executed",
  looksAt: "entries",
  kinds: ["toolchain-binary"],
  departs: ({ entry }) => entry.type === "file" && (entry.mode & 0o111) !== 0o111,
  conclude: (hits, facts) => {
    const { subject } = facts.subject;
    const hurt = hits.examples.some(({ entry }) => mayChangeMode(entry, subject).verdict === "no");
    const who = hurt ? subjectName(facts) : `every user but ${ownersOf(hits, facts)}`;
    return {
      ...(hurt ? { severity: "error" } : {}),
      message: `${plural(hits.count, "program")} of a Go toolchain in the cache cannot be executed by all, and only ${ownersOf(hits, facts)} may change that: switching to that toolchain fails for ${who}`,
      paths: pathsOf(hits.examples, facts),
      count: hits.count,
      subject: who,
      why: "Go extracts a toolchain without execute bits and sets them when it first runs it, which only the owner of the files may do. The toolchain was never used by its owner, or a chmod took the bits away.",
      fixes: [
        {
          title: "Set the execute bits, as go does at first use",
          disposition: "safe",
          command: findInCache(
            facts,
            "-type f \\( -path '*/bin/*' -o -path '*/pkg/tool/*' \\) ! -perm -111 -exec chmod a+x {} +",
            "/golang.org",
          ),
        },
      ],
    };
  },
};

// GOINSECURE, or the old -insecure flag in GOFLAGS: modules may come over plain HTTP and from servers without a valid certificate.
import type { Facts } from "../facts/facts.ts";
import type { FindingDraft } from "../finding/finding.ts";
import type { FactRule } from "./rule.ts";
import { widePatterns } from "./shared/pattern.ts";
import { shellQuote } from "./shared/say.ts";
import { goFlags, isFlag, setCommand, setting, titleFor, unsetCommand } from "./shared/setting.ts";

export const insecureDownload: FactRule = {
  id: "insecure-download",
  severity: "warning",
  title: "modules may be downloaded without a secure connection",
  looksAt: "facts",
  check: (facts) => [...fromVariable(facts), ...fromFlag(facts)],
};

function fromVariable(facts: Facts): FindingDraft[] {
  const value = setting(facts, "GOINSECURE");
  const patterns = value.split(",").filter((pattern) => pattern !== "");
  if (patterns.length === 0) return [];
  const wide = widePatterns(value);
  const named = (wide.length > 0 ? wide : patterns).map((pattern) => `"${pattern}"`).join(", ");
  return [
    {
      message: `GOINSECURE contains ${named}: go fetches these modules over HTTP or without checking the certificate, for every user who has this setting`,
      paths: [],
      count: wide.length > 0 ? wide.length : patterns.length,
      why: "Whoever is on the network between can send other code. The checksum database still guards public modules, but not what GOPRIVATE or GONOSUMDB exempts",
      // One internal server without a certificate may be a choice; a public host is a mistake.
      severity: wide.length > 0 ? "warning" : "advice",
      fixes: [
        {
          title: titleFor(
            facts,
            "Require secure connections; give an internal server a certificate that this machine trusts",
          ),
          disposition: "safe",
          command: unsetCommand(facts, "GOINSECURE"),
        },
      ],
    },
  ];
}

function fromFlag(facts: Facts): FindingDraft[] {
  const flags = goFlags(facts);
  if (!flags.some((word) => isFlag(word, "insecure"))) return [];
  const rest = flags.filter((word) => !isFlag(word, "insecure")).join(" ");
  const { version } = facts.go;
  const removed = version === undefined || version.major > 1 || version.minor >= 17;
  return [
    {
      message: removed
        ? "GOFLAGS contains -insecure, and go get fails with it for every user who has this setting"
        : "GOFLAGS contains -insecure: go get accepts modules over HTTP and without a valid certificate",
      paths: [],
      count: 1,
      why: removed
        ? "Go 1.17 removed the flag. GOINSECURE took its place, and names the modules that it is for"
        : "It is for all modules, and also switches off the check against the checksum database",
      severity: removed ? "error" : "warning",
      fixes: [
        {
          title: titleFor(facts, "Take the flag out"),
          disposition: "safe",
          command: rest === "" ? unsetCommand(facts, "GOFLAGS") : setCommand(facts, "GOFLAGS", shellQuote(rest)),
        },
      ],
    },
  ];
}

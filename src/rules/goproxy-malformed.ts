// GOPROXY that go refuses as a whole, or whose last entries go never reads.

import { readProxies } from "../route/proxies.ts";
import type { FactRule } from "./rule.ts";
import { setting, titleFor, unsetCommand } from "./shared/setting.ts";

export const goproxyMalformed: FactRule = {
  id: "goproxy-malformed",
  severity: "error",
  title: "go cannot read GOPROXY, or not all of it",
  looksAt: "facts",
  check: (facts) => {
    // An empty one means the default to go.
    const value = setting(facts, "GOPROXY");
    if (value === "") return [];
    const { malformed, unread } = readProxies(value);
    if (malformed === undefined && unread === undefined) return [];
    const fixes = [
      {
        title: titleFor(
          facts,
          "Back to go's default; or set it to addresses that begin with https://, parted by commas",
        ),
        disposition: "safe" as const,
        command: unsetCommand(facts, "GOPROXY"),
      },
    ];
    if (malformed !== undefined) {
      return [
        {
          message: `go refuses GOPROXY, and every download fails for every user who has this setting: ${malformed}`,
          paths: [],
          count: 1,
          why: "Go looks at all entries before it asks the first one. A single word other than direct and off is kept for later use",
          fixes,
        },
      ];
    }
    return [
      {
        message: `go never asks "${unread}" of GOPROXY, which stands behind direct or off`,
        paths: [],
        count: 1,
        severity: "warning",
        why: "The list ends with direct or off: after direct nobody else is asked, whatever the origin answers",
        fixes,
      },
    ];
  },
};

// The cache is on a noexec mount: Go toolchains that go downloads into it cannot be executed (cmd/go/internal/toolchain, since Go 1.21).

import type { FactRule } from "./rule.ts";
import { remount } from "./shared/grant.ts";
import { pathOf } from "./shared/say.ts";
import { ownVariable, setCommand, titleFor } from "./shared/setting.ts";

export const cacheOnNoexecMount: FactRule = {
  id: "cache-on-noexec-mount",
  severity: "warning",
  title: "the module cache is on a noexec mount",
  looksAt: "facts",
  check: (facts) => {
    const { cache, go } = facts;
    if (cache.mount?.noexec !== true || (cache.state !== "directory" && cache.state !== "missing")) return [];
    const switches = go.version === undefined || go.version.major > 1 || go.version.minor >= 21;
    if (!switches || ownVariable(facts, "GOTOOLCHAIN") === "local") return [];
    return [
      {
        message: `${cache.path} is on ${cache.mount.mountPoint}, which is mounted noexec: no user can run a Go toolchain that go downloads into it`,
        paths: [pathOf(cache.path, cache.entry, facts)],
        count: 1,
        why: "A go or toolchain line in go.mod makes go fetch a newer Go into the module cache and run it from there. Ordinary modules are not hurt: nothing of them is executed",
        fixes: [
          {
            title: titleFor(facts, "Stay with the installed Go"),
            disposition: "safe",
            command: setCommand(facts, "GOTOOLCHAIN", "local"),
          },
          {
            title: "Allow programs on that mount",
            disposition: "unsafe",
            command: remount(facts, "exec", cache.mount.mountPoint),
          },
        ],
      },
    ];
  },
};

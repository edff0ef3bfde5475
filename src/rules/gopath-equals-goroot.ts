// GOPATH is GOROOT: modules go into Go's own installation.

import type { FactRule } from "./rule.ts";
import { placeNamed } from "./shared/directory.ts";
import { setCommand, setting, titleFor } from "./shared/setting.ts";

export const gopathEqualsGoroot: FactRule = {
  id: "gopath-equals-goroot",
  severity: "warning",
  title: "GOPATH is the same directory as GOROOT",
  looksAt: "facts",
  check: (facts) => {
    const gopath = withoutSlash(setting(facts, "GOPATH").split(":")[0] ?? "");
    const goroot = withoutSlash(setting(facts, "GOROOT") || (placeNamed(facts, "GOROOT")?.path ?? ""));
    if (gopath === "" || gopath !== goroot) return [];
    return [
      {
        message: `GOPATH and GOROOT are both ${goroot}: go warns at every command, and keeps modules in its own installation`,
        paths: [],
        count: 1,
        why: "The installation usually belongs to root, so other users cannot add modules, and the next update of Go may delete the cache. Somebody took GOPATH for the place where Go is installed",
        fixes: [
          {
            title: titleFor(facts, "Use Go's usual GOPATH"),
            disposition: "safe",
            command: setCommand(facts, "GOPATH", '"$HOME/go"'),
          },
        ],
      },
    ];
  },
};

function withoutSlash(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, "") : path;
}

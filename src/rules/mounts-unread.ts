// The mounts could not be read, so nothing is known of read-only, noexec, network and overlay file systems.
import type { FactRule } from "./rule.ts";

export const mountsUnread: FactRule = {
  id: "mounts-unread",
  severity: "warning",
  title: "mounts could not be read",
  looksAt: "facts",
  blocked: ({ mounts }) => ("unseen" in mounts ? `mounts were not read: ${mounts.unseen}` : undefined),
  check: () => [],
};

// SELinux or AppArmor may refuse what modes and ACLs grant. Their policy is not evaluated here, so the rule says that it did not look.
import type { FactRule } from "./rule.ts";

export const securityModule: FactRule = {
  id: "security-module",
  severity: "warning",
  title: "a security module may refuse what permissions grant",
  looksAt: "facts",
  blocked: ({ securityModule: reason }) => reason,
  check: () => [],
};

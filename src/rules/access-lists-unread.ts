// ACLs could not be read, so an entry may be open or closed to users in ways that its mode does not show.
import type { FactRule } from "./rule.ts";

export const accessListsUnread: FactRule = {
  id: "access-lists-unread",
  severity: "warning",
  title: "access control lists could not be read",
  looksAt: "facts",
  blocked: ({ acls }) => ("unseen" in acls ? `access control lists were not read: ${acls.unseen}` : undefined),
  check: () => [],
};

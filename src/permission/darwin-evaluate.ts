// An access control list of macOS against a request: kauth_acl_evaluate() of XNU (bsd/kern/kern_authorization.c).
import type { DarwinAce, DarwinAcl, DarwinRight } from "./darwin-acl.ts";
import { inGroup, type Subject } from "./subject.ts";

/** The numbers of groups that stand for something else: kauth_wellknown_guid() of XNU, named in /etc/group of macOS. */
const ownerGroup = 10;
const owningGroup = 16;
const nobodyGroup = 4294967294;

/** What the list says. `defer` leaves the rights that nothing granted to the mode. */
export interface AclOutcome {
  readonly says: "allow" | "deny" | "defer";
  readonly left: ReadonlySet<DarwinRight>;
  /** The place of the entry that decided. */
  readonly ace?: number;
}

/** All that the list could come to, and the first place at which it cannot be told which. */
export interface AclOutcomes {
  readonly possible: readonly AclOutcome[];
  readonly doubt?: number;
}

export interface Applicant {
  readonly subject: Subject;
  /** Whether the entry's owner, or a member of its group, asks. */
  readonly isOwner: boolean;
  readonly inGroup: boolean;
}

/**
 * Asks a list from its beginning. A deny refuses if it names any right of the request, even one that was granted before it; an allow
 * grants the rights that it names; when all are granted, the rest of the list is not asked. Entries that only inherit do not count.
 */
export function evaluateAcl(acl: DarwinAcl, requested: ReadonlySet<DarwinRight>, applicant: Applicant): AclOutcomes {
  const possible: AclOutcome[] = [];
  let doubt: number | undefined;
  // What may be left at this place, by its words; more than one only after an entry of which it is not known whether it applies.
  let states = new Map([[keyOf(requested), requested]]);
  for (const [place, ace] of acl.entries()) {
    if (states.size === 0) break;
    if ("unread" in ace) {
      for (const left of states.values())
        possible.push({ says: "allow", left, ace: place }, { says: "deny", left, ace: place });
      return { possible, doubt: doubt ?? place };
    }
    if (ace.inherits.has("only_inherit")) continue;
    const next = new Map<string, ReadonlySet<DarwinRight>>();
    for (const [key, left] of states) {
      const applies = bearsOn(ace, requested, left) ? appliesTo(ace, applicant) : false;
      if (applies !== true) next.set(key, left);
      if (applies === undefined) doubt ??= place;
      if (applies === false) continue;
      if (ace.kind === "deny") possible.push({ says: "deny", left, ace: place });
      else {
        const rest = new Set([...left].filter((right) => !ace.rights.has(right)));
        if (rest.size === 0) possible.push({ says: "allow", left: rest, ace: place });
        else next.set(keyOf(rest), rest);
      }
    }
    states = next;
  }
  for (const left of states.values()) possible.push({ says: "defer", left });
  return doubt === undefined ? { possible } : { possible, doubt };
}

function bearsOn(ace: DarwinAce, requested: ReadonlySet<DarwinRight>, left: ReadonlySet<DarwinRight>): boolean {
  const asked = ace.kind === "deny" ? requested : left;
  return [...asked].some((right) => ace.rights.has(right));
}

/** Undefined if it is not known who is meant. */
function appliesTo(
  { principal }: DarwinAce,
  { subject, isOwner, inGroup: inOwningGroup }: Applicant,
): boolean | undefined {
  if (principal.kind === "everyone") return true;
  if (principal.kind === "uuid" || principal.id === undefined) return undefined;
  if (principal.kind === "user") return principal.id === subject.uid;
  if (principal.id === ownerGroup) return isOwner;
  if (principal.id === owningGroup) return inOwningGroup;
  return principal.id !== nobodyGroup && inGroup(subject, principal.id);
}

function keyOf(rights: ReadonlySet<DarwinRight>): string {
  return [...rights].sort().join();
}

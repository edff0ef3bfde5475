// May a subject do something to an entry on macOS? vnode_authorize() of XNU (bsd/vfs/vfs_subr.c): the mount, flags, then for all but
// root the access control list, then the mode. Root is not asked for lists and modes, but flags and SIP hold it too.
import type { Permissions } from "./acl.ts";
import { type DarwinAcl, type DarwinEntry, type DarwinRight, formatDarwinAcl } from "./darwin-acl.ts";
import { type AclOutcome, type Applicant, evaluateAcl } from "./darwin-evaluate.ts";
import { type DecidedBy, type Decision, judge, type Need, no, type Verdict } from "./decision.ts";
import type { Entry } from "./entry.ts";
import { decidesElsewhereOnDarwin } from "./mount.ts";
import { inGroup, type Subject } from "./subject.ts";

/** An entry that was seen on macOS. */
export type OnDarwin = Entry & { readonly darwin: DarwinEntry };

export function isOnDarwin(entry: Entry): entry is OnDarwin {
  return entry.darwin !== undefined;
}

/** The rights that a need is made of. On a directory, `write` is answered by making files and by making directories in it. */
const rightOf: Record<Need, DarwinRight> = { read: "read", write: "write", execute: "execute" };

/** Several needs of one open(2): they are asked together, so that a deny of one of them refuses all. */
export function mayAccessOnDarwin(entry: OnDarwin, subject: Subject, needs: readonly Need[]): Decision {
  if (needs.includes("execute") && entry.type === "file") {
    if (entry.mount?.noexec === true)
      return no("noexec-mount", "EACCES", `${entry.mount.mountPoint} is mounted noexec`);
    if ((entry.mode & 0o111) === 0) return no("type", "EACCES", "no execute bit is set, so nobody may execute it");
  }
  const rights = needs.map((need) => rightOf[need]);
  if (entry.type !== "directory" || !needs.includes("write")) return mayUse(entry, subject, rights);
  const files = mayUse(entry, subject, rights);
  return files.verdict === "yes" ? mayUse(entry, subject, ["append"]) : files;
}

/** Rights that change an entry or what is in it. */
const changing: ReadonlySet<DarwinRight> = new Set([
  ...["write", "append", "delete", "delete_child", "writeattr", "writeextattr", "writesecurity", "chown"],
] as DarwinRight[]);

/** Decides a request of rights by name, from the mount to the mode. */
export function mayUse(entry: OnDarwin, subject: Subject, rights: readonly DarwinRight[]): Decision {
  const changes = rights.some((right) => changing.has(right));
  const refused = changes ? refuseChange(entry, rights) : undefined;
  if (refused !== undefined) return refused;
  const elsewhere = decidedElsewhere(entry);
  if (elsewhere !== undefined) return elsewhere;
  const decision = subject.uid === 0 ? superuser : decide(entry, subject, rights);
  if (decision.verdict !== "yes" || !changes) return decision;
  return refuseProtected(entry) ?? decision;
}

const superuser: Decision = { verdict: "yes", by: "superuser", because: "root is not asked for modes and ACLs" };

/** The mount and the flags; they stop root too. Adding to a directory is no more than appending. */
export function refuseChange(entry: OnDarwin, rights: readonly DarwinRight[]): Decision | undefined {
  const { mount, type } = entry;
  if (mount?.readOnly === true && ["file", "directory", "symlink"].includes(type)) {
    return no("read-only-mount", "EROFS", `${mount.mountPoint} is mounted read-only`);
  }
  const flag = (names: readonly string[]): string | undefined =>
    names.find((name) => entry.darwin.flags.includes(name));
  const immutable = flag(["uchg", "schg"]);
  if (immutable !== undefined) return no("immutable", "EPERM", `it has the flag ${immutable} (immutable, chflags)`);
  const adds = rights.every(
    (right) => !changing.has(right) || right === "append" || (type === "directory" && right === "write"),
  );
  const appendOnly = adds ? undefined : flag(["uappnd", "sappnd"]);
  if (appendOnly === undefined) return undefined;
  return no("append-only", "EPERM", `it has the flag ${appendOnly} (append-only, chflags)`);
}

function refuseProtected({ darwin }: OnDarwin): Decision | undefined {
  const because = "System Integrity Protection keeps it as it is (flag restricted), from root too";
  if (darwin.protection === "enforced") return no("restricted", "EPERM", because);
  if (darwin.protection === undefined) return undefined;
  return {
    verdict: "unknown",
    by: "restricted",
    because: `${because}, unless it is switched off: csrutil did not say`,
  };
}

function decidedElsewhere({ mount, darwin }: OnDarwin): Decision | undefined {
  const vault =
    darwin.flags.includes("datavault") && "it has the flag datavault: only programs that Apple entitled get in";
  const driver = mount === undefined ? undefined : decidesElsewhereOnDarwin(mount);
  const because = vault || driver;
  return because ? { verdict: "unknown", by: "mount", because } : undefined;
}

/**
 * True if the entry is the subject's: its owner, or any user but root where the volume ignores ownership, and for what belongs to
 * user 99 (_unknown), whom the kernel shows as whoever asks (vnode_getattr() in bsd/vfs/kpi_vfs.c).
 */
export function ownsOnDarwin(entry: Entry, subject: Subject): boolean {
  if (entry.uid === subject.uid) return true;
  return subject.uid !== 0 && (entry.uid === 99 || entry.mount?.options.includes("noowners") === true);
}

/** The list, and for what it leaves open the mode: vnode_authorize_simple(). */
function decide(entry: OnDarwin, subject: Subject, rights: readonly DarwinRight[]): Decision {
  const isOwner = ownsOnDarwin(entry, subject);
  // Owners may always change the mode and the list, whatever the list denies.
  const requested = new Set(rights.filter((right) => !(isOwner && right === "writesecurity")));
  if (requested.size === 0) return { verdict: "yes", by: "ownership", because: `user ${subject.uid} owns it` };
  return byAcl(entry, subject, requested, (left) => byMode(entry, subject, left));
}

/** Asks the list, and something else for what it leaves open. Unknown if what cannot be told of the list could matter. */
export function byAcl(
  entry: OnDarwin,
  subject: Subject,
  requested: ReadonlySet<DarwinRight>,
  otherwise: (left: ReadonlySet<DarwinRight>) => Decision,
): Decision {
  const { acl } = entry.darwin;
  if (acl.length === 0) return otherwise(requested);
  const applicant: Applicant = {
    subject,
    isOwner: ownsOnDarwin(entry, subject),
    inGroup: inGroup(subject, entry.gid) || entry.mount?.options.includes("noowners") === true,
  };
  const { possible, doubt } = evaluateAcl(acl, requested, applicant);
  const decisions = possible.map((outcome) =>
    outcome.says === "defer" ? otherwise(outcome.left) : said(entry, outcome),
  );
  const verdicts = new Set<Verdict>(decisions.map(({ verdict }) => verdict));
  if (verdicts.size === 1) return decisions.at(-1) as Decision;
  const ace = acl[doubt ?? 0] as DarwinAcl[number];
  const by: DecidedBy = "unread" in ace ? "acl-unread" : `acl-${ace.kind}`;
  const why = "unread" in ace ? "is of a form that is not known" : "could decide, and whom it means could not be told";
  return {
    verdict: "unknown",
    by,
    ace: doubt ?? 0,
    because: `entry ${doubt} of its ACL, "${textOf(entry, doubt)}", ${why}`,
  };
}

function said(entry: OnDarwin, { says, ace }: AclOutcome): Decision {
  const because = `entry ${ace} of its ACL: ${textOf(entry, ace)}`;
  const place = ace === undefined ? {} : { ace };
  if (says === "allow") return { verdict: "yes", by: "acl-allow", because, ...place };
  return { ...no("acl-deny", "EACCES", because), ...place };
}

function textOf({ darwin, type }: OnDarwin, place = 0): string {
  return formatDarwinAcl(darwin.acl.slice(place, place + 1), type === "directory");
}

const bitOf: Partial<Record<DarwinRight, Permissions>> = {
  ...{ read: 4, readextattr: 4, execute: 1 },
  ...{ write: 2, append: 2, delete_child: 2, writeattr: 2, writeextattr: 2 },
};

/** vnode_authorize_posix() for what no entry granted; reading attributes is granted to all that no entry denies it to. */
export function byMode(entry: Entry, subject: Subject, left: ReadonlySet<DarwinRight>): Decision {
  const isOwner = ownsOnDarwin(entry, subject);
  let want = 0;
  for (const right of left) {
    if (right === "chown" || right === "writesecurity") {
      return no("ownership", "EACCES", `only its owner, user ${entry.uid}, or an entry of its ACL may allow this`);
    }
    if (!(right === "writeattr" && isOwner)) want |= bitOf[right] ?? 0;
  }
  const { mode, uid, gid } = entry;
  if (isOwner) return judge("owner", `owner ${uid}`, (mode >> 6) & 7, want);
  if (inGroup(subject, gid)) return judge("group", `group ${gid}`, (mode >> 3) & 7, want);
  return judge("other", "others", mode & 7, want);
}

// What would let the subject through at one component, the smallest grant first.
import type { Fix } from "../finding/finding.ts";
import { isOnDarwin } from "./darwin.ts";
import { grantsOnDarwin } from "./darwin-grant.ts";
import type { Ask, Decision, Need } from "./decision.ts";
import { type Entry, octal } from "./entry.ts";
import { inGroup, type Subject } from "./subject.ts";

const letters: Record<Need, string> = { read: "r", write: "w", execute: "x" };

/** A component that refuses, and what it was asked for. */
interface Refusing {
  readonly path: string;
  readonly entry: Entry;
  readonly need?: Ask;
  readonly decision?: Decision;
}

/** Creating, deleting and renaming need to write the directory; a lock needs to write the file. */
function bitFor(ask: Ask): Need {
  return ask === "read" || ask === "execute" ? ask : "write";
}

/**
 * The commands that would make a component grant what it refuses.
 * @param quote quotes a path for the shell
 */
export function grants(
  { path, entry, need: ask = "execute", decision }: Refusing,
  subject: Subject,
  quote: (word: string) => string,
): Fix[] {
  const quoted = quote(path);
  if (decision === undefined) return [];
  if (isOnDarwin(entry)) return grantsOnDarwin({ path, entry, ask, decision }, subject, quote);
  const need = bitFor(ask);
  const letter = letters[need];
  switch (decision.by) {
    case "read-only-mount":
      return [
        {
          title: "mount it writable",
          disposition: "unsafe",
          command: `mount -o remount,rw ${quote(entry.mount?.mountPoint ?? path)}`,
        },
      ];
    case "noexec-mount":
      return [
        {
          title: "mount it with exec",
          disposition: "unsafe",
          command: `mount -o remount,exec ${quote(entry.mount?.mountPoint ?? path)}`,
        },
      ];
    case "immutable":
      return [{ title: "take the immutable attribute away", disposition: "unsafe", command: `chattr -i ${quoted}` }];
    case "append-only":
      return [{ title: "take the append-only attribute away", disposition: "unsafe", command: `chattr -a ${quoted}` }];
    case "owner":
      return [
        {
          title: `let its owner ${wordOf(need, entry)} it`,
          disposition: "safe",
          command: `chmod u+${letter} ${quoted}`,
        },
      ];
    case "group":
      return [
        {
          title: `let its group ${entry.gid} ${wordOf(need, entry)} it`,
          disposition: safety(need),
          command: `chmod g+${letter} ${quoted}`,
        },
        userEntry(quoted, entry, letter, subject),
      ];
    case "acl-mask":
      return [
        {
          title: "let the ACL's mask pass it",
          disposition: safety(need),
          command: `setfacl -n -m m::${maskWith(entry, letter)} ${quoted}`,
        },
      ];
    case "acl-user":
    case "acl-group":
    case "acl-other":
    case "other":
      return [userEntry(quoted, entry, letter, subject), ...wider(quoted, entry, need, letter, subject)];
    default:
      return [];
  }
}

/** Only this user gains, and nobody else loses: an ACL entry with exactly what is missing beside what the user has. */
function userEntry(quoted: string, entry: Entry, letter: string, subject: Subject): Fix {
  const has =
    entry.acl?.users.get(subject.uid) ?? (inGroup(subject, entry.gid) ? (entry.mode >> 3) & 7 : entry.mode & 7);
  const rights = "rwx".split("").map((name, index) => (name === letter || (has & (4 >> index)) !== 0 ? name : "-"));
  return {
    title: `grant it to user ${subject.uid} alone`,
    disposition: letter === "w" ? "unsafe" : "safe",
    command: `setfacl -m u:${subject.uid}:${rights.join("")} ${quoted}`,
  };
}

function wider(quoted: string, entry: Entry, need: Need, letter: string, subject: Subject): Fix[] {
  const group: Fix = {
    title: `give it to group ${subject.gid}, mode ${octal(entry.mode)} otherwise kept`,
    disposition: "unsafe",
    command: `chgrp ${subject.gid} ${quoted} && chmod g+${letter} ${quoted}`,
  };
  if (need === "write") return [group];
  return [
    { title: `let everybody ${wordOf(need, entry)} it`, disposition: "unsafe", command: `chmod o+${letter} ${quoted}` },
  ];
}

function maskWith(entry: Entry, letter: string): string {
  const mask = entry.acl?.mask ?? 0;
  return "rwx"
    .split("")
    .map((name, index) => (name === letter || (mask & (4 >> index)) !== 0 ? name : "-"))
    .join("");
}

/** Reading and entering hurt nobody whom the group was meant for; writing in a cache lets them run code as others. */
function safety(need: Need): Fix["disposition"] {
  return need === "write" ? "unsafe" : "safe";
}

function wordOf(need: Need, entry: Entry): string {
  return need === "execute" ? (entry.type === "directory" ? "enter" : "execute") : need;
}

// What would let the subject through at one component on macOS: chmod(1) with its entries, chflags(1).
import type { Fix } from "../finding/finding.ts";
import type { OnDarwin } from "./darwin.ts";
import { type DarwinRight, formatRights } from "./darwin-acl.ts";
import type { Ask, Decision } from "./decision.ts";
import type { Subject } from "./subject.ts";

interface Refusing {
  readonly path: string;
  readonly entry: OnDarwin;
  readonly ask: Ask;
  readonly decision: Decision;
}

const rightsFor: Partial<Record<Ask, readonly DarwinRight[]>> = {
  read: ["read"],
  execute: ["execute"],
  lock: ["read", "write"],
};

/** @param quote quotes a word for the shell */
export function grantsOnDarwin(refusing: Refusing, subject: Subject, quote: (word: string) => string): Fix[] {
  const { entry, decision, ask } = refusing;
  const quoted = quote(refusing.path);
  const mountPoint = quote(entry.mount?.mountPoint ?? refusing.path);
  const letter = ask === "read" ? "r" : ask === "execute" ? "x" : "w";
  const disposition = letter === "w" ? "unsafe" : "safe";
  switch (decision.by) {
    case "read-only-mount":
      return [{ title: "mount it writable", disposition: "unsafe", command: `mount -u -o rw ${mountPoint}` }];
    case "noexec-mount":
      return [{ title: "mount it with exec", disposition: "unsafe", command: `mount -u -o exec ${mountPoint}` }];
    case "immutable":
    case "append-only":
      return clearFlags(entry, quoted);
    case "acl-deny":
      if (decision.verdict !== "no" || decision.ace === undefined) return [];
      return [
        {
          title: `take entry ${decision.ace} of its ACL away, which denies it`,
          disposition,
          command: `chmod -a# ${decision.ace} ${quoted}`,
        },
      ];
    case "owner":
      return [{ title: "let its owner do it", disposition: "safe", command: `chmod u+${letter} ${quoted}` }];
    case "group":
    case "other":
      return [
        allow(refusing, subject, quoted, disposition),
        ...(decision.by === "group"
          ? [
              {
                title: `let its group ${entry.gid} do it`,
                disposition,
                command: `chmod g+${letter} ${quoted}`,
              } as const,
            ]
          : []),
      ];
    default:
      return [];
  }
}

/** `noschg` is root's; the kernel lets nobody take it away in a raised security level. */
function clearFlags(entry: OnDarwin, quoted: string): Fix[] {
  const flags = entry.darwin.flags.filter((flag) => ["uchg", "schg", "uappnd", "sappnd"].includes(flag));
  if (flags.length === 0) return [];
  const system = flags.some((flag) => flag.startsWith("s"));
  return [
    {
      title: `take the flag ${flags.join(" and ")} away${system ? ", as root" : ""}`,
      disposition: "unsafe",
      command: `${system ? "sudo " : ""}chflags ${flags.map((flag) => `no${flag}`).join(",")} ${quoted}`,
    },
  ];
}

/** Only this user gains. chmod takes names, no numbers. */
function allow({ entry, ask }: Refusing, subject: Subject, quoted: string, disposition: Fix["disposition"]): Fix {
  const isDirectory = entry.type === "directory";
  const writing: readonly DarwinRight[] = isDirectory ? ["write", "append", "delete_child"] : ["write"];
  const rights = formatRights({ rights: new Set(rightsFor[ask] ?? writing), inherits: new Set() }, isDirectory);
  return {
    title: `grant it to user ${subject.uid} alone`,
    disposition,
    command: `chmod +a "user:$(id -un ${subject.uid}) allow ${rights}" ${quoted}`,
  };
}

// Access control lists of macOS: acl(3), chmod(1) "ACL MANIPULATION OPTIONS". Unlike POSIX.1e's they are ordered, can deny, have
// rights of their own for deleting, and say themselves what new entries inherit.

/**
 * A right. The four that have two words, one for files and one for directories, bear the word for files: read is list, write is
 * add_file, execute is search, append is add_subdirectory.
 */
export type DarwinRight =
  | "read"
  | "write"
  | "execute"
  | "delete"
  | "append"
  | "delete_child"
  | "readattr"
  | "writeattr"
  | "readextattr"
  | "writeextattr"
  | "readsecurity"
  | "writesecurity"
  | "chown";

export type DarwinInheritance = "file_inherit" | "directory_inherit" | "limit_inherit" | "only_inherit";

/** Whom an entry is about. Lists hold UUIDs, which ls(1) shows as names; an absent `id` means that no number is known for the name. */
export type DarwinPrincipal =
  | { readonly kind: "everyone" }
  | { readonly kind: "user" | "group"; readonly name: string; readonly id?: number }
  | { readonly kind: "uuid"; readonly name: string };

/** An access control entry (ACE). */
export interface DarwinAce {
  readonly kind: "allow" | "deny";
  readonly principal: DarwinPrincipal;
  readonly rights: ReadonlySet<DarwinRight>;
  readonly inherits: ReadonlySet<DarwinInheritance>;
  /** True if it came from the directory above when the entry was made. */
  readonly inherited: boolean;
}

/** A line that stands where an entry does and is none that is known. It may allow or deny anything. */
export interface UnreadAce {
  readonly unread: string;
}

/** In the order in which the kernel asks them. */
export type DarwinAcl = readonly (DarwinAce | UnreadAce)[];

/** The order in which ls(1) prints the rights, with the words for directories. */
const words: readonly (readonly [right: DarwinRight, directory: string])[] = [
  ["read", "list"],
  ["write", "add_file"],
  ["execute", "search"],
  ["delete", "delete"],
  ["append", "add_subdirectory"],
  ["delete_child", "delete_child"],
  ["readattr", "readattr"],
  ["writeattr", "writeattr"],
  ["readextattr", "readextattr"],
  ["writeextattr", "writeextattr"],
  ["readsecurity", "readsecurity"],
  ["writesecurity", "writesecurity"],
  ["chown", "chown"],
];

const rightOfWord: ReadonlyMap<string, DarwinRight> = new Map(
  words.flatMap(([right, directory]) => [[right, right] as const, [directory, right] as const]),
);

const inheritances: readonly DarwinInheritance[] = [
  "file_inherit",
  "directory_inherit",
  "limit_inherit",
  "only_inherit",
];

/**
 * Reads a line below an entry in the output of `ls -le`: ` 0: group:everyone deny delete`.
 * @returns undefined if the line is not in the place of an access control entry; UnreadAce if it is, but of a form that is not known
 */
export function parseAceLine(line: string): DarwinAce | UnreadAce | undefined {
  const numbered = /^ +\d+: (.*)$/.exec(line);
  if (numbered === null) return undefined;
  const unread: UnreadAce = { unread: line.trim() };
  // Neither rights nor the word before them have spaces, but names of groups in a directory service may.
  const parts = /^(.+?)( inherited)? (allow|deny) ([a-z_,]*)$/.exec(numbered[1] as string);
  if (parts === null) return unread;
  const [, who, inherited, kind, list] = parts as unknown as [string, string, string?, string?, string?];
  const principal = parsePrincipal(who);
  if (principal === undefined) return unread;
  const rights = new Set<DarwinRight>();
  const inherits = new Set<DarwinInheritance>();
  for (const word of list === "" ? [] : (list as string).split(",")) {
    const right = rightOfWord.get(word);
    if (right !== undefined) rights.add(right);
    else if ((inheritances as readonly string[]).includes(word)) inherits.add(word as DarwinInheritance);
    else return unread;
  }
  return { kind: kind as "allow" | "deny", principal, rights, inherits, inherited: inherited !== undefined };
}

/** What mbr_uid_to_uuid(3) makes of numbers that no directory service knows: a fixed beginning, then the number. */
const uuidOfUser = "FFFFEEEE-DDDD-CCCC-BBBB-AAAA";
const uuidOfGroup = "ABCDEFAB-CDEF-ABCD-EFAB-CDEF";
const everyone = 12;

function parsePrincipal(text: string): DarwinPrincipal | undefined {
  if (/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/.test(text)) {
    const id = Number.parseInt(text.slice(-8), 16);
    if (text.startsWith(uuidOfUser)) return { kind: "user", name: text, id };
    if (!text.startsWith(uuidOfGroup)) return { kind: "uuid", name: text };
    return id === everyone ? { kind: "everyone" } : { kind: "group", name: text, id };
  }
  const named = /^(user|group):(\S(?:.*\S)?)$/.exec(text);
  if (named === null) return undefined;
  const [, kind, name] = named as unknown as [string, "user" | "group", string];
  if (kind === "group" && name === "everyone") return { kind: "everyone" };
  return { kind, name };
}

/** `group:everyone`, `user:alice`, as ls(1) prints it and chmod(1) takes it. */
export function formatPrincipal(principal: DarwinPrincipal): string {
  if (principal.kind === "everyone") return "group:everyone";
  // A UUID stands for itself; ls prints it without a kind.
  if (principal.kind === "uuid" || principal.name.startsWith(uuidOfUser) || principal.name.startsWith(uuidOfGroup)) {
    return principal.name;
  }
  return `${principal.kind}:${principal.name}`;
}

/** The rights and what is inherited, in the order and the words of ls(1): `list,search,file_inherit`. */
export function formatRights(ace: Pick<DarwinAce, "rights" | "inherits">, isDirectory: boolean): string {
  const rights = words
    .filter(([right]) => ace.rights.has(right))
    .map(([right, directory]) => (isDirectory ? directory : right));
  return [...rights, ...inheritances.filter((word) => ace.inherits.has(word))].join(",");
}

/**
 * The entry as the argument of `chmod +a` and `chmod -a`. That it is inherited is not part of it: `chmod +ai` says so.
 * A name with a space has colons around the word after it, as chmod(1) asks for.
 */
export function formatAce(ace: DarwinAce, isDirectory: boolean): string {
  const who = formatPrincipal(ace.principal);
  const delimiter = who.includes(" ") ? ":" : " ";
  return [who, ace.kind, formatRights(ace, isDirectory)].join(delimiter);
}

/** What of a list cannot be told, in words: a line of an unknown form, or a name that nobody has here. */
export function unclearEntry(acl: DarwinAcl): string | undefined {
  for (const ace of acl) {
    if ("unread" in ace) return `"${ace.unread}" is no entry of an ACL that is known`;
    const { principal } = ace;
    if (principal.kind !== "everyone" && (principal.kind === "uuid" || principal.id === undefined)) {
      return `its ACL speaks of ${formatPrincipal(principal)}, whose number is not known`;
    }
  }
  return undefined;
}

/** The list as `ls -le` prints it, one line an entry without the numbers, joined by `; `. */
export function formatDarwinAcl(acl: DarwinAcl, isDirectory: boolean): string {
  return acl
    .map((ace) => {
      if ("unread" in ace) return ace.unread;
      const inherited = ace.inherited ? " inherited" : "";
      return `${formatPrincipal(ace.principal)}${inherited} ${ace.kind} ${formatRights(ace, isDirectory)}`;
    })
    .join("; ");
}

/** What macOS knows of an entry besides owner and mode. */
export interface DarwinEntry {
  /** Empty if it has none. */
  readonly acl: DarwinAcl;
  /** chflags(1): `uchg`, `schg`, `uappnd`, `sappnd`, `restricted`, … */
  readonly flags: readonly string[];
  /** Whether System Integrity Protection keeps the entry as it is; absent if not. */
  readonly protection?: "enforced" | "unknown";
}

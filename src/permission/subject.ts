// Who asks: a UID, all its GIDs, the capabilities that bear on files, the umask; and the text WHO that names one.

/** The capabilities of capabilities(7) that decide about files. */
export const fileCapabilities = ["dac_override", "dac_read_search", "fowner", "chown", "fsetid"] as const;
export type Capability = (typeof fileCapabilities)[number];

/** Bit numbers from include/uapi/linux/capability.h. */
const capabilityBits: Record<Capability, number> = {
  chown: 0,
  dac_override: 1,
  dac_read_search: 2,
  fowner: 3,
  fsetid: 4,
};

/** One line of /proc/PID/uid_map: `count` IDs from `inside` are those from `outside`. */
export interface IdRange {
  readonly inside: number;
  readonly outside: number;
  readonly count: number;
}

export interface Subject {
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups; whether `gid` is repeated in it does not matter. */
  readonly groups: readonly number[];
  readonly capabilities: ReadonlySet<Capability>;
  readonly umask: number;
  /** The IDs that exist in the subject's user namespace; absent in the initial one, where all do. */
  readonly uidMap?: readonly IdRange[];
  readonly gidMap?: readonly IdRange[];
}

/** The effective capabilities from the `CapEff:` line of /proc/PID/status, a hexadecimal mask. */
export function parseCapabilityMask(hex: string): Set<Capability> {
  const mask = BigInt(`0x${hex}`);
  return new Set(fileCapabilities.filter((name) => (mask >> BigInt(capabilityBits[name])) & 1n));
}

/** True if the group is the subject's, or one of its supplementary ones. */
export function inGroup(subject: Subject, gid: number): boolean {
  return subject.gid === gid || subject.groups.includes(gid);
}

/** True if the kernel would decide alike for both: same UID, GIDs and capabilities. */
export function sameCredentials(a: Subject, b: Subject): boolean {
  const groups = (subject: Subject): string =>
    [...new Set([subject.gid, ...subject.groups])].sort((x, y) => x - y).join();
  const capabilities = (subject: Subject): string => [...subject.capabilities].sort().join();
  return a.uid === b.uid && a.gid === b.gid && groups(a) === groups(b) && capabilities(a) === capabilities(b);
}

/** True if a map covers the whole range of IDs, as in the initial user namespace. */
export function isFullMap(map: readonly IdRange[] | undefined): boolean {
  return (
    map === undefined || map.some((range) => range.inside === 0 && range.outside === 0 && range.count >= 4294967295)
  );
}

/** What WHO says, before names are looked up: `NAME | UID | UID:GID | UID:GID,GID…` with `+umask=NNN` and `+cap=NAME,NAME`. */
export interface Who {
  readonly name?: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly groups?: readonly number[];
  readonly umask?: number;
  readonly capabilities?: ReadonlySet<Capability>;
}

/**
 * Parses WHO.
 * @throws {SyntaxError} with the reason and an example, if the text is not a WHO
 */
export function parseWho(text: string): Who {
  const [identity = "", ...modifiers] = text.split("+");
  const who: { -readonly [K in keyof Who]: Who[K] } = parseIdentity(identity, text);
  for (const modifier of modifiers) {
    const [key, value = ""] = modifier.split("=", 2) as [string, string?];
    if (key === "umask") who.umask = parseUmask(value);
    else if (key === "cap") who.capabilities = parseCapabilities(value);
    else throw new SyntaxError(`"+${modifier}" is neither +umask=NNN nor +cap=NAME,… in "${text}"`);
  }
  return who;
}

/** Parses an octal umask such as 022 or 0077. @throws {SyntaxError} */
export function parseUmask(value: string): number {
  if (!/^[0-7]{1,4}$/.test(value) || Number.parseInt(value, 8) > 0o777) {
    throw new SyntaxError(`"${value}" is not an octal umask such as 022`);
  }
  return Number.parseInt(value, 8);
}

function parseIdentity(identity: string, text: string): Who {
  if (/^\d+$/.test(identity)) return { uid: parseId(identity) };
  const numeric = /^(\d+):(\d+(?:,\d+)*)$/.exec(identity);
  if (numeric !== null) {
    const [gid, ...groups] = (numeric[2] as string).split(",").map(parseId) as [number, ...number[]];
    return { uid: parseId(numeric[1] as string), gid, groups };
  }
  // useradd(8) accepts these; a trailing $ is Samba's.
  if (/^[a-z_][a-z0-9_.@-]*\$?$/i.test(identity)) return { name: identity };
  throw new SyntaxError(
    `"${text}" names nobody: give NAME, UID, UID:GID or UID:GID,GID… such as app, 1000 or 1000:1000,3000`,
  );
}

function parseId(text: string): number {
  const id = Number(text);
  // (uid_t)-1 means "leave it" to chown(2) and setresuid(2), so nobody can have it.
  if (id >= 4294967295) throw new SyntaxError(`${text} is no user or group ID: the largest is 4294967294`);
  return id;
}

function parseCapabilities(value: string): Set<Capability> {
  const names = value
    .toLowerCase()
    .split(",")
    .filter((name) => name !== "" && name !== "none");
  return new Set(
    names.map((name) => {
      const short = name.replace(/^cap_/, "") as Capability;
      if (!fileCapabilities.includes(short)) {
        throw new SyntaxError(`"${name}" is not one of ${fileCapabilities.join(", ")} (or none)`);
      }
      return short;
    }),
  );
}

/** `2001:2001,3000`, and what departs from the ordinary: an unusual umask, capabilities. */
export function formatSubject(subject: Subject): string {
  const groups = [subject.gid, ...subject.groups.filter((gid) => gid !== subject.gid)];
  return `${subject.uid}:${groups.join(",")}`;
}

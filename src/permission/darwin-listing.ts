// What ls(1) of macOS prints with -l and -e, -O or -@: a line for each entry, and lines below it for its attributes and its ACL.
import { type DarwinAce, type DarwinAcl, parseAceLine, type UnreadAce } from "./darwin-acl.ts";

export interface DarwinListed {
  /** The path or name as it was asked for; in it `\ooo`, which -B prints, is a byte again (latin1). */
  readonly name: string;
  /** The ten characters of the mode, without the mark behind them. */
  readonly mode: string;
  /** chflags(1): `uchg`, `schg`, `uappnd`, `sappnd`, `restricted`, `hidden`, …; empty without -O. */
  readonly flags: readonly string[];
  /** Empty if it has none, or without -e. */
  readonly acl: DarwinAcl;
  /** The names of extended attributes; empty without -@. */
  readonly attributes: readonly string[];
}

const mode = "([-bcdlpsw](?:[r-][w-][xsS-]){2}[r-][w-][xtT-])";
/** Owner and group may have spaces in a directory service, so the first words that fit the rest end them. */
const entryLine = new RegExp(
  `^${mode}[@+ ]? +\\d+ +(\\S.*?) +(?:\\d+|0x[0-9a-f]+|\\d+, +(?:\\d+|0x[0-9a-f]+)) +(?:[A-Z][a-z]{2} +\\d{1,2}|\\d{1,2} +[A-Z][a-z]{2}) +(?:\\d{1,2}:\\d{2}(?::\\d{2} +\\d{4})?|\\d{4}) (.*)$`,
);

/** The names of st_flags(2) as strtofflags(3) prints them, joined by commas; a hyphen for none. */
const flagNames = new Set([
  ...["arch", "opaque", "nodump", "sappnd", "schg", "sunlnk", "uappnd", "uchg", "hidden", "compressed", "tracked"],
  ...["datavault", "restricted", "dataless", "snapshot", "noxattr", "simmutable", "uimmutable"],
]);

export interface ListingOptions {
  /** True if ls was called with -O, so that the word before the size tells the flags. */
  readonly flags: boolean;
  /** Whether a name was asked about, to tell where that of a link ends: names may hold ` -> ` too. */
  readonly isAsked?: (name: string) => boolean;
}

/**
 * Reads a listing.
 * @returns the entries in their order; what is no line of an entry (`total 8`, `./sub:`) is passed over. A line below an entry
 *   that begins as one of its ACL does, but is of an unknown form, becomes an UnreadAce of that entry.
 */
export function parseListing(output: string, { flags: hasFlags, isAsked }: ListingOptions): DarwinListed[] {
  const listed: DarwinListed[] = [];
  let acl: (DarwinAce | UnreadAce)[] = [];
  let attributes: string[] = [];
  for (const line of output.split("\n")) {
    const entry = entryLine.exec(line);
    if (entry !== null) {
      const [, letters, owners, rest] = entry as unknown as [string, string, string, string];
      [acl, attributes] = [[], []];
      const flags = hasFlags ? parseFlags(owners, acl) : [];
      const name = letters.startsWith("l") ? nameOfLink(rest, isAsked) : unescapeOctal(rest);
      listed.push({ name, mode: letters, flags, acl, attributes });
      continue;
    }
    if (listed.length === 0) continue;
    const attribute = /^\t(.+?)\t *\d+ *$/.exec(line);
    if (attribute !== null) attributes.push(attribute[1] as string);
    else if (line.startsWith(" ")) {
      // ls leaves out an entry that it cannot read, but counts it.
      const number = /^ +(\d+): /.exec(line)?.[1];
      if (number !== undefined && Number(number) > acl.length) acl.push({ unread: "an entry that ls does not show" });
      acl.push(parseAceLine(line) ?? { unread: line.trim() });
    }
  }
  return listed;
}

function nameOfLink(rest: string, isAsked: (name: string) => boolean = () => true): string {
  const parts = rest.split(" -> ");
  for (let length = 1; length < parts.length; length += 1) {
    const name = unescapeOctal(parts.slice(0, length).join(" -> "));
    if (isAsked(name)) return name;
  }
  return unescapeOctal(rest);
}

/** The last word before the size. One that is no list of flags makes the entry unreadable, like a line that is no entry of an ACL. */
function parseFlags(owners: string, acl: (DarwinAce | UnreadAce)[]): string[] {
  const word = owners.slice(owners.lastIndexOf(" ") + 1);
  if (word === "-") return [];
  const flags = word.split(",");
  if (flags.every((flag) => flagNames.has(flag))) return flags;
  acl.push({ unread: `flags ${word}` });
  return [];
}

/** `ls -B` prints what is not printable, the backslash and the quotation mark as `\ooo`. */
function unescapeOctal(name: string): string {
  return name.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
}

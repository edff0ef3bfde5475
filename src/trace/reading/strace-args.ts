// The arguments of a call as strace prints them: quoted strings with C's escapes, descriptors with their files, flags, structures.

/** An argument list cut at its commas; undefined if a quote or a bracket is not closed. The comments of -v stay in the arguments. */
export function splitArguments(text: string): string[] | undefined {
  const found: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (character === 0x22) {
      at = endOfString(text, at);
      if (at < 0) return undefined;
    } else if (character === 0x3c) {
      // The file of a descriptor. strace writes < and > in it as octal escapes; -yy may nest one more pair.
      at = endOfFile(text, at);
    } else if (character === 0x28 || character === 0x5b || character === 0x7b) depth += 1;
    else if (character === 0x29 || character === 0x5d || character === 0x7d) depth -= 1;
    else if (character === 0x2c && depth === 0) {
      found.push(text.slice(from, at).trim());
      from = at + 1;
    }
    if (depth < 0) return undefined;
  }
  if (depth !== 0) return undefined;
  const last = text.slice(from).trim();
  return last === "" && found.length === 0 ? [] : [...found, last];
}

/** The position of the closing quote, or -1. */
function endOfString(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (character === 0x5c) at += 1;
    else if (character === 0x22) return at;
  }
  return -1;
}

/** The position of the closing >, or where it stands if it is not one of a descriptor's file (`1<<2`). */
function endOfFile(text: string, open: number): number {
  let depth = 1;
  for (let at = open + 1; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (character === 0x3c) depth += 1;
    else if (character === 0x3e && text.charCodeAt(at - 1) !== 0x2d) depth -= 1;
    if (depth === 0) return at;
  }
  return open;
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", v: "\v", f: "\f", '"': '"', "\\": "\\" };
const escaping = /\\(?:x([0-9a-f]{2})|([0-7]{1,3})|([^x0-7]))/gi;

function unescaped(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(escaping, (_, hex?: string, octal?: string, letter?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
    return escapes[letter ?? ""] ?? letter ?? "";
  });
}

/** A quoted string as bytes; `cut` if strace left the end of it out (`"abc"...`). Undefined for NULL or an address. */
export function stringArgument(argument: string): { text: string; cut: boolean } | undefined {
  const end = argument.startsWith('"') ? endOfString(argument, 0) : -1;
  if (end < 0) return undefined;
  return { text: unescaped(argument.slice(1, end)), cut: argument.startsWith("...", end + 1) };
}

/** A descriptor: its number, "cwd" for AT_FDCWD, and with -y the path of its file. */
export function descriptorArgument(argument: string): { number: number | "cwd"; path?: string } | undefined {
  const match = /^(AT_FDCWD|-?\d{1,10})(?:<(.*)>)?/s.exec(argument);
  if (match === null) return undefined;
  const number = match[1] === "AT_FDCWD" ? "cwd" : Number(match[1]);
  // -yy tells more about devices: </dev/null<char 1:3>>.
  const path = match[2] === undefined ? undefined : unescaped(match[2].replace(/<(?:char|block) [\d:]+>$/, ""));
  return { number: number === -100 ? "cwd" : number, ...(path?.startsWith("/") ? { path } : {}) };
}

/** The names in `O_RDWR|O_CREAT|O_CLOEXEC`, also inside the structure of openat2(2). */
export function flagNames(argument: string): Set<string> {
  return new Set(argument.match(/\b[A-Z]+_[A-Z0-9_]+\b/g) ?? []);
}

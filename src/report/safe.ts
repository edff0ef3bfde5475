// Makes text of foreign origin harmless. File names may hold newlines, escape codes, bidirectional overrides and the commands
// that CI services read from a log; none of them may reach a terminal, a log or a document as what it is.

/**
 * Characters that are invisible, or that move or recolour what is around them: controls (C0, DEL, C1), format characters
 * (zero-width, bidirectional), lone surrogates, line and paragraph separators, other ignorable ones, and noncharacters
 * (XML 1.0 has no U+FFFE and U+FFFF).
 */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}\p{NChar}]/gu;

/**
 * Where a log would be read as a command: `::error::` (GitHub Actions, at the start of a line; text may be wrapped, so any
 * word could come to stand there) and `##[error]`, `##vso[…]`, `##teamcity[…]` (anywhere in a line).
 */
const gitHubNames =
  "error|warning|notice|debug|group|endgroup|echo|stop-commands|add-mask|add-path|add-matcher|remove-matcher|save-state|set-env|set-output";
const logCommand = new RegExp(`:(?=:(?:${gitHubNames}))|(?<=^|\\s):(?=:)|#(?=#[a-z]*\\[)`, "gi");

const named: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * The text on one line, with every hidden character as a visible escape (`\n`, `\x1b`, `\u202e`, `\u{e0001}`) and with log
 * commands broken (`\x3a:error::`). Ordinary text, of whatever language, stays as it is; so does its own output.
 */
export function printable(text: string): string {
  return text.replace(hidden, visible).replace(logCommand, visible);
}

function visible(character: string): string {
  const name = named[character];
  if (name !== undefined) return name;
  const code = character.codePointAt(0) as number;
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\u{${hex}}`;
}

/**
 * A shell command on one line that means the same as before. A hidden character inside single quotes becomes `$'\xNN'`
 * (POSIX.1-2024; bash, zsh, ksh, busybox), and a log command is broken by an empty pair of quotes.
 * Outside of single quotes, where no quoted name puts one, a hidden character is only made visible.
 */
export function pasteable(command: string): string {
  const breaks = new Set([...command.matchAll(logCommand)].map((match) => match.index));
  let result = "";
  let quote = "";
  let escaped = false;
  let index = 0;
  for (const character of command) {
    result += shown(character, quote);
    if (breaks.has(index)) result += quote === '"' ? '""' : "''";
    index += character.length;
    if (escaped) escaped = false;
    else if (character === "\\" && quote !== "'") escaped = true;
    else if (quote === "" && (character === "'" || character === '"')) quote = character;
    else if (character === quote) quote = "";
  }
  return result;
}

function shown(character: string, quote: string): string {
  if (character.search(hidden) < 0) return character;
  // A lone surrogate has no bytes, so no command can name it.
  if (quote !== "'" || /\p{Cs}/u.test(character)) return visible(character);
  return `'$'${encodeURIComponent(character).replaceAll("%", "\\x").toLowerCase()}''`;
}

/** The message of a GitHub workflow command (github.com/actions/toolkit, packages/core/src/command.ts, escapeData). */
export function workflowData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** The value of a property of a GitHub workflow command (escapeProperty of the same file). */
export function workflowProperty(text: string): string {
  return workflowData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

/** Text for an XML 1.0 attribute or element; what XML cannot hold, even as a reference, becomes a visible escape. */
export function xml(text: string): string {
  return printable(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&apos;");
}

/** Text for Markdown, also in a table cell or at the start of a line: none of it is markup, HTML or a hidden link. */
export function markdown(text: string): string {
  const entity = (character: string): string => `&#${character.charCodeAt(0)};`;
  return printable(text)
    .replace(/[&<>`*_[\]#|~\\@$]/g, entity)
    .replace(/:(?=\/\/)/g, entity)
    .replace(/^[-+=]|(?<=^\d+)[.)]/g, entity);
}

/** Text as a Markdown code span, outside of tables (where `|` would still end the cell). */
export function markdownCode(text: string): string {
  const safe = printable(text);
  const fence = "`".repeat(longestRun(safe) + 1);
  // CommonMark takes one space off each side, if both are there and there is something between.
  const pad = /^`|`$|^ .* $/.test(safe) || safe === "" ? " " : "";
  return fence + pad + safe + pad + fence;
}

/** A shell command as a fenced Markdown block. */
export function markdownCommand(command: string): string {
  const safe = pasteable(command);
  const fence = "`".repeat(Math.max(3, longestRun(safe) + 1));
  return `${fence}sh\n${safe}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map((match) => match[0].length));
}

/**
 * A value as JSON in pure printable text: hidden characters and log commands are \u escapes, so nothing is lost.
 * @param indent spaces a level; 0 for one line
 */
export function jsonText(value: unknown, indent = 2): string {
  const unicode = (text: string): string =>
    text.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return JSON.stringify(value, undefined, indent)
    .replace(hidden, (character) => (character === "\n" ? character : unicode(character)))
    .replace(logCommand, unicode);
}

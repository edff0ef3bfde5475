// Changes one setting of /etc/wsl.conf and leaves every other byte as it is.
import { lower, parseWslConf, type Section, type Setting, settingOf, type WslConf } from "./conf.ts";

/** A replacement: offsets in UTF-16 units. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Why no edit can be made, in one clause. */
export type Refused = { readonly refused: string };

/**
 * The edit after which WSL reads `value` for the setting; undefined if it does so already.
 * A section or key that is missing is added: the key below the last one of its section, the section at the end.
 * @param value without quotes; a carriage return cannot be written
 */
export function setSetting(conf: WslConf, section: string, key: string, value: string): TextEdit | Refused | undefined {
  if (conf.stop !== undefined) {
    const { line, because } = conf.stop;
    return { refused: `WSL stops reading it at line ${line}: ${because}. Mend that first` };
  }
  if (/[\r\0]/.test(value)) return { refused: "a value cannot hold a carriage return" };
  const found = settingOf(conf, section, key);
  if (found?.value === value) return undefined;
  const edit = found === undefined ? addition(conf, section, key, value) : replacement(conf, found, value);
  const after = parseWslConf(applied(conf.text, edit));
  // A comment or a line break that this module does not know of would show here.
  if (after.stop !== undefined || settingOf(after, section, key)?.value !== value)
    return { refused: "its form is one that cannot be changed safely" };
  return edit;
}

export function applied(text: string, { start, end, text: inserted }: TextEdit): string {
  return text.slice(0, start) + inserted + text.slice(end);
}

function replacement({ text }: WslConf, found: Setting, value: string): TextEdit {
  const written = text.slice(found.valueAt, found.valueEnd);
  const isPlain = written !== "" && !/["\\]/.test(written) && /^[\w=,./:+-]+$/.test(value);
  const lead = text[found.valueAt - 1] === "=" && text[found.keyAt + found.key.length] === " " ? " " : "";
  return { start: found.valueAt, end: found.valueEnd, text: isPlain ? value : `${lead}${quoted(value)}` };
}

function addition(conf: WslConf, section: string, key: string, value: string): TextEdit {
  const { text } = conf;
  const eol = /\r\n/.test(text) ? "\r\n" : "\n";
  const header = conf.sections.find(({ name }) => lower(name) === lower(section));
  const line = `${key}${style(conf)}${quoted(value)}`;
  if (header !== undefined) {
    const at = endOfLine(text, lastOf(conf, header));
    return { start: at, end: at, text: `${eol}${line}` };
  }
  const gap = text === "" ? "" : /(\n|^)[ \t]*\r?\n$/.test(text) ? "" : text.endsWith("\n") ? eol : eol + eol;
  return { start: text.length, end: text.length, text: `${gap}[${section}]${eol}${line}${eol}` };
}

/** Where the last setting below a header ends, or the header itself. */
function lastOf({ settings, sections }: WslConf, header: Section): number {
  const next = sections.find(({ end }) => end > header.end)?.end ?? Number.POSITIVE_INFINITY;
  const inside = settings.filter(({ valueEnd }) => valueEnd > header.end && valueEnd < next);
  return inside.at(-1)?.valueEnd ?? header.end;
}

/** Before the line break that ends the line of an offset; a comment behind the value stays there. */
function endOfLine(text: string, offset: number): number {
  const feed = text.indexOf("\n", offset);
  const end = feed < 0 ? text.length : feed;
  return text[end - 1] === "\r" && end > offset ? end - 1 : end;
}

/** `=` or ` = `, as the file has it. */
function style({ text, settings }: WslConf): string {
  return settings.length > 0 && settings.every(({ keyAt, key }) => text[keyAt + key.length] === "=") ? "=" : " = ";
}

function quoted(value: string): string {
  const names: Record<string, string> = { "\n": "\\n", "\t": "\\t", "\b": "\\b" };
  return `"${value.replace(/[\\"]/g, "\\$&").replace(/[\n\t\b]/g, (character) => names[character] as string)}"`;
}

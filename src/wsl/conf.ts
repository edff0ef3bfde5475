// /etc/wsl.conf as WSL reads it: ParseConfigFile of microsoft/WSL, src/shared/configfile/configfile.cpp, called by
// WslDistributionConfig.cpp without CFG_SKIP_INVALID_LINES, so that reading ends at the first line that is no setting.
// Names are compared without case, of two settings of one name the first counts, and only `#` begins a comment.

/** One `key = value`, with places as offsets in the text. */
export interface Setting {
  /** As written; empty above the first section. */
  readonly section: string;
  readonly key: string;
  /** Without quotes and escapes. */
  readonly value: string;
  /** From 1. */
  readonly line: number;
  readonly keyAt: number;
  /** Where the value begins and ends as written, quotes included, without the space or comment after it. */
  readonly valueAt: number;
  readonly valueEnd: number;
}

export interface Section {
  readonly name: string;
  readonly line: number;
  /** Where the header's text ends: before the end of its line. */
  readonly end: number;
}

/** Where WSL stops, and leaves all that follows unread. */
export interface Stop {
  /** From 1. */
  readonly line: number;
  /** One clause: "a section's name has letters and digits only". */
  readonly because: string;
}

export interface WslConf {
  readonly text: string;
  readonly sections: readonly Section[];
  readonly settings: readonly Setting[];
  readonly stop?: Stop;
}

/** @param text each byte that is not UTF-8 as a lone surrogate (host/bytes.ts) */
export function parseWslConf(text: string): WslConf {
  const encoding = foreignEncoding(text);
  if (encoding !== undefined) return { text, sections: [], settings: [], stop: { line: 1, because: encoding } };
  return new Reader(text).read();
}

/** The setting that counts for a name such as `automount.options`, or undefined. */
export function settingOf(conf: WslConf, section: string, key: string): Setting | undefined {
  return conf.settings.find((setting) => isNamed(setting, section, key));
}

export function isNamed(setting: Pick<Setting, "section" | "key">, section: string, key: string): boolean {
  return lower(setting.section) === lower(section) && lower(setting.key) === lower(key);
}

/** strcasecmp(3) of the C locale: only A to Z. */
export function lower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** What Windows editors write in place of plain text. WSL meets a byte that begins no line, and stops. */
function foreignEncoding(text: string): string | undefined {
  if (text.startsWith("\udcff\udcfe") || text.startsWith("\udcfe\udcff") || text.slice(0, 2).includes("\0"))
    return "the file is UTF-16, which WSL does not read";
  if (text.startsWith("\ufeff"))
    return "the file begins with a byte order mark, which WSL takes for a part of its first line";
  return undefined;
}

const letter = /[A-Za-z]/;
const alphanumeric = /[A-Za-z0-9]/;

class Reader {
  private at = 0;
  private section = "";
  private readonly sections: Section[] = [];
  private readonly settings: Setting[] = [];
  private line = 1;
  private counted = 0;

  constructor(private readonly text: string) {}

  read(): WslConf {
    let because: string | undefined;
    let from = 0;
    while (because === undefined && this.at < this.text.length) {
      from = this.at;
      because = this.readOne();
    }
    const { text, sections, settings } = this;
    return {
      text,
      sections,
      settings,
      ...(because === undefined ? {} : { stop: { line: this.lineOf(from), because } }),
    };
  }

  /** One step: white space, a comment, a header or a setting. @returns why WSL stops here */
  private readOne(): string | undefined {
    const character = this.text[this.at] as string;
    if (/[ \t\r\n]/.test(character)) {
      this.at += 1;
      return undefined;
    }
    if (character === "#") {
      this.skipComment();
      return undefined;
    }
    if (character === "[") return this.readHeader();
    if (letter.test(character)) return this.readSetting();
    return character === ";"
      ? "a semicolon begins no comment here, only # does"
      : `a line begins with a letter, [ or #, not with ${JSON.stringify(this.text.slice(this.at, this.at + 1))}`;
  }

  private readHeader(): string | undefined {
    const from = this.at;
    this.at += 1;
    const name = this.takeName();
    if (name === "") return "a section's name begins with a letter, directly after [";
    if (this.text[this.at] !== "]") return "a section's name has letters and digits only, and then ]";
    this.at += 1;
    const end = this.at;
    this.skipSpace();
    if (!this.isAtEnd() && this.text[this.at] !== "#") return "something stands behind the ] of a section";
    this.section = name;
    this.sections.push({ name, line: this.lineOf(from), end });
    return undefined;
  }

  private readSetting(): string | undefined {
    const keyAt = this.at;
    const key = this.takeName();
    this.skipSpace();
    if (this.text[this.at] !== "=") return `a key has letters and digits only, and then =`;
    this.at += 1;
    this.skipSpace();
    const valueAt = this.at;
    const value = this.readValue();
    if ("because" in value) return value.because;
    this.settings.push({ section: this.section, key, line: this.lineOf(keyAt), keyAt, valueAt, ...value });
    return undefined;
  }

  private readValue(): { value: string; valueEnd: number } | { because: string } {
    let value = "";
    let trimmed = 0;
    let valueEnd = this.at;
    let quoted = false;
    while (!this.isAtEnd()) {
      const character = this.text[this.at] as string;
      if (character === "#" && !quoted) break;
      this.at += 1;
      if (character === '"') quoted = !quoted;
      else if (character === "\\") {
        const next = this.text[this.at] ?? "";
        const meant = escapes.get(next);
        if (meant === undefined) return { because: `\\${printableOf(next)} is no escape in a value` };
        this.at += 1;
        value += meant;
      } else value += character;
      if (character === " " || character === "\t") continue;
      trimmed = value.length;
      valueEnd = this.at;
    }
    return quoted ? { because: 'a value lacks its closing "' } : { value: upToNul(value.slice(0, trimmed)), valueEnd };
  }

  private takeName(): string {
    const from = this.at;
    if (!letter.test(this.text[this.at] ?? "")) return "";
    while (alphanumeric.test(this.text[this.at] ?? "")) this.at += 1;
    return this.text.slice(from, this.at);
  }

  private skipSpace(): void {
    while (this.text[this.at] === " " || this.text[this.at] === "\t") this.at += 1;
  }

  private skipComment(): void {
    const end = this.text.indexOf("\n", this.at);
    this.at = end < 0 ? this.text.length : end;
  }

  /** At the end of the line: a carriage return ends it as well. */
  private isAtEnd(): boolean {
    return this.at >= this.text.length || this.text[this.at] === "\n" || this.text[this.at] === "\r";
  }

  /** The line of an offset that is not before the last one asked for. */
  private lineOf(offset: number): number {
    for (; this.counted < offset; this.counted += 1) if (this.text[this.counted] === "\n") this.line += 1;
    return this.line;
  }
}

/** What stands behind a backslash, and what it means; a line break continues the value. */
const escapes: ReadonlyMap<string, string> = new Map([
  ["\\", "\\"],
  ['"', '"'],
  ["b", "\b"],
  ["n", "\n"],
  ["t", "\t"],
  ["\n", ""],
]);

/** What is kept of it as a C string. */
function upToNul(value: string): string {
  const nul = value.indexOf("\0");
  return nul < 0 ? value : value.slice(0, nul);
}

function printableOf(character: string): string {
  return character === "" ? "at the end of the file" : JSON.stringify(character).slice(1, -1);
}

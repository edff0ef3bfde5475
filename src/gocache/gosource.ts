// What the head of a Go source file says: its package, its imports, its build constraint, what it embeds
// (go/build/read.go, go/build/build.go). The rest of the file is looked at only for //go:embed.

export interface GoSource {
  readonly packageName: string;
  readonly imports: readonly string[];
  /** The expression after `//go:build`, if there is one. */
  readonly constraint?: string;
  readonly embeds: readonly string[];
}

/** Reads a source file. @returns undefined if its head is not Go */
export function readGoSource(text: string): GoSource | undefined {
  const head = new Head(text);
  const constraint = head.constraint();
  if (!head.word("package")) return undefined;
  const packageName = head.identifier();
  if (packageName === undefined) return undefined;
  const imports = head.imports();
  if (imports === undefined) return undefined;
  const embeds = imports.includes("embed") ? readEmbeds(text) : [];
  return { packageName, imports, ...(constraint === undefined ? {} : { constraint }), embeds };
}

/** A scanner over package clause and imports; comments and semicolons are blank space. */
class Head {
  private at = 0;

  constructor(private readonly text: string) {
    if (text.startsWith("\uFEFF")) this.at = 1;
  }

  /** A //go:build line stands before the package clause and is the whole of its line. */
  constraint(): string | undefined {
    const end = /^package\b/m.exec(this.text)?.index ?? this.text.length;
    return /^\/\/go:build[ \t]+(.*)$/m.exec(this.text.slice(0, end))?.[1]?.trim();
  }

  word(expected: string): boolean {
    this.skip();
    if (!this.text.startsWith(expected, this.at) || /\w/.test(this.text[this.at + expected.length] ?? " "))
      return false;
    this.at += expected.length;
    return true;
  }

  identifier(): string | undefined {
    this.skip();
    return this.take(/[\p{L}_][\p{L}\p{Nd}_]*/uy);
  }

  imports(): string[] | undefined {
    const found: string[] = [];
    while (this.word("import")) {
      this.skip();
      if (this.text[this.at] !== "(") {
        const path = this.importSpec();
        if (path === undefined) return undefined;
        found.push(path);
        continue;
      }
      this.at += 1;
      for (;;) {
        this.skip();
        if (this.text[this.at] === ")") break;
        const path = this.importSpec();
        if (path === undefined) return undefined;
        found.push(path);
      }
      this.at += 1;
    }
    return found;
  }

  private importSpec(): string | undefined {
    this.skip();
    if (this.text[this.at] === ".") this.at += 1;
    else this.identifier();
    this.skip();
    const quoted = this.take(/"[^"\n]*"|`[^`]*`/y);
    return quoted?.slice(1, -1);
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text)?.[0];
    if (match !== undefined) this.at += match.length;
    return match;
  }

  private skip(): void {
    for (;;) {
      const start = this.at;
      this.take(/[\s;]+/y);
      if (this.text.startsWith("//", this.at)) this.at = endOf(this.text, "\n", this.at);
      else if (this.text.startsWith("/*", this.at)) this.at = endOf(this.text, "*/", this.at + 2);
      if (this.at === start) return;
    }
  }
}

function endOf(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? text.length : found + mark.length;
}

function readEmbeds(text: string): string[] {
  const patterns: string[] = [];
  for (const [, list] of text.matchAll(/^\/\/go:embed[ \t]+(.*)$/gm)) {
    for (const [word] of (list as string).matchAll(/"(?:[^"\\]|\\.)*"|`[^`]*`|\S+/g)) {
      patterns.push(/^["`]/.test(word) ? word.slice(1, -1) : word);
    }
  }
  return patterns;
}

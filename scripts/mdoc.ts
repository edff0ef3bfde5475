// Text as lines of mdoc(7).

/** One line of text that holds no request, escape or macro. */
export function line(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replace(
      /[^\x20-\x7e]/g,
      (character) => `\\[u${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}]`,
    )
    .replace(/^([.'])/, "\\&$1");
}

/** Running text: sentences begin on lines of their own, which lets the formatter space them; no line is longer than 80 bytes. */
export function prose(text: string): string[] {
  return text
    .replace(/\s+/g, " ")
    .trim()
    .split(/(?<=[A-Za-z0-9)][.!?]) (?=[A-Z])/)
    .flatMap(filled);
}

function filled(sentence: string): string[] {
  const lines: string[] = [];
  for (const word of sentence.split(" ")) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && line(longer).length <= 80) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.map(line);
}

export function paragraph(text: string): string[] {
  return [".Pp", ...prose(text)];
}

/** Lines that stay as they are. */
export function display(lines: readonly string[]): string[] {
  const kept = lines.map((text) => {
    const indent = /^ */.exec(text)?.[0] ?? "";
    // Blanks in a row are kept in a literal display.
    const words = text.slice(indent.length).split(/( {2,})/);
    return indent + words.map((word) => (/^ +$/.test(word) ? word : line(word))).join("");
  });
  return [".Bd -literal", ...kept, ".Ed"];
}

export function section(title: string): string[] {
  return [`.Sh ${title}`];
}

/** The flags of an option, "-o, --output <file>", as macros for the head of a list's item. */
export function fontOf(flags: string): string {
  return flags
    .split(/[ ,]+/)
    .map((word, at) => {
      if (word.startsWith("-")) return `${at === 0 ? "" : ", "}Fl ${line(word.slice(1))}`;
      const [, open, name = ""] = /^([<[])(.*)[>\]]$/.exec(word) ?? [];
      return open === "[" ? ` Op Ar ${argument(name)}` : ` Ar ${argument(name)}`;
    })
    .join(" ")
    .replace(/ +/g, " ");
}

/** A bracket alone would be punctuation to a macro. */
function argument(name: string): string {
  return line(name).replace(/^([[(])/, "\\&$1");
}

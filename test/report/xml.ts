// A strict reader of the XML that we write: tags, attributes, text; no DTD, no CDATA, no comments.

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function decode(text: string): string {
  if (/[<>]/.test(text)) throw new SyntaxError(`raw angle bracket in ${JSON.stringify(text)}`);
  return text.replace(/&([^;]*;)?/g, (_, name: string | undefined) => {
    const character = entities[name?.slice(0, -1) ?? ""];
    if (character === undefined) throw new SyntaxError(`bad entity in ${JSON.stringify(text)}`);
    return character;
  });
}

/** The elements in document order. @throws {SyntaxError} if the text is not well-formed */
export function parseXml(text: string): Element[] {
  // The Char production of XML 1.0, 2.2.
  const illegal = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.exec(text);
  if (illegal !== null) throw new SyntaxError(`illegal character at ${illegal.index}`);
  const declaration = /^<\?xml version="1\.0" encoding="UTF-8"\?>\n/.exec(text);
  if (declaration === null) throw new SyntaxError("no XML declaration");
  const elements: Element[] = [];
  const open: string[] = [];
  let rest = text.slice(declaration[0].length);
  while (rest !== "") {
    const tag = /^<(\/?)([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>/.exec(rest);
    if (tag === null) {
      const content = /^[^<]+/.exec(rest)?.[0];
      if (content === undefined) throw new SyntaxError(`bad tag at ${rest.slice(0, 80)}`);
      if (open.length === 0 && content.trim() !== "") throw new SyntaxError("text outside of the root");
      decode(content);
      rest = rest.slice(content.length);
      continue;
    }
    const [all, closing, name = "", attributes = "", empty] = tag;
    rest = rest.slice(all.length);
    if (closing) {
      if (open.pop() !== name) throw new SyntaxError(`</${name}> closes nothing`);
      continue;
    }
    if (open.length === 0 && elements.length > 0) throw new SyntaxError("two roots");
    const pairs = [...attributes.matchAll(/ ([a-z]+)="([^"]*)"/g)];
    elements.push({ name, attributes: Object.fromEntries(pairs.map(([, key, value]) => [key, decode(value ?? "")])) });
    if (!empty) open.push(name);
  }
  if (open.length > 0) throw new SyntaxError(`<${open.at(-1)}> is not closed`);
  return elements;
}

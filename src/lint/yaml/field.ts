// A value in a YAML document with its place: aliases and merge keys are followed, and what is not as expected is undefined.
import { type Document, isAlias, isMap, isPair, isScalar, isSeq, type Node, visit } from "yaml";
import type { Span } from "../file.ts";
import { Remembered } from "../remembered.ts";

/** A merge key may name a map that has one too; a bomb of them is not followed further. */
const deepestMerge = 8;
const mostMerged = 4;

/** The anchors of each document by name, in order; the library would walk the whole document for each alias. */
const anchors = new Remembered<Document, Map<string, Node[]>>();

function anchorsOf(document: Document): Map<string, Node[]> {
  const known = anchors.get(document);
  if (known !== undefined) return known;
  const found = new Map<string, Node[]>();
  visit(document, {
    Value: (_, node) => {
      if (node.anchor !== undefined) found.set(node.anchor, [...(found.get(node.anchor) ?? []), node]);
    },
  });
  anchors.set(document, found);
  return found;
}

/** What an alias stands for: the last node of that name before it. */
function resolve(node: Node, document: Document): Node | undefined {
  if (!isAlias(node)) return node;
  const before = (one: Node): boolean => (one.range?.[0] ?? 0) < (node.range?.[0] ?? 0);
  return anchorsOf(document).get(node.source)?.findLast(before);
}

export class Field implements Span {
  readonly start: number;
  readonly end: number;
  private readonly resolved: Node | undefined;

  constructor(
    private readonly document: Document,
    readonly node: Node,
    /** Where the key stands, for a value in a map. */
    readonly key?: Span,
  ) {
    this.resolved = resolve(node, document);
    const [start, end] = node.range ?? [0, 0];
    this.start = start;
    this.end = end;
  }

  /** The value below keys of maps. */
  get(...names: readonly string[]): Field | undefined {
    let current: Field | undefined = this;
    for (const name of names) current = current?.child(name, deepestMerge);
    return current;
  }

  private child(name: string, depth: number): Field | undefined {
    if (!isMap(this.resolved) || depth === 0) return undefined;
    let merged: Node | undefined;
    for (const pair of this.resolved.items) {
      if (!isPair(pair) || !isScalar(pair.key)) continue;
      const { key, value } = pair;
      if (key.value === name) {
        const [start, end] = key.range ?? [0, 0];
        return value === null ? undefined : new Field(this.document, value as Node, { start, end });
      }
      if (key.value === "<<") merged = value as Node;
    }
    if (merged === undefined || merged === null) return undefined;
    const from = new Field(this.document, merged);
    for (const one of isSeq(from.resolved) ? from.items() : [from]) {
      const inherited = one.child(name, depth - 1);
      if (inherited !== undefined) return inherited;
    }
    return undefined;
  }

  /** The items of a list; none if it is no list. */
  items(): Field[] {
    if (!isSeq(this.resolved)) return [];
    return this.resolved.items.filter((item) => item !== null).map((item) => new Field(this.document, item as Node));
  }

  /** The names of a map. */
  names(): string[] {
    if (!isMap(this.resolved)) return [];
    return this.resolved.items.flatMap(({ key }) => (isScalar(key) ? [String(key.value)] : []));
  }

  /** The names of a map with their values, also those that a merge key brings. */
  entries(): Map<string, Field> {
    const all = new Map<string, Field>();
    this.enter(all, deepestMerge);
    return all;
  }

  private enter(all: Map<string, Field>, depth: number): void {
    if (!isMap(this.resolved) || depth === 0) return;
    const merged: Field[] = [];
    const { document } = this;
    for (const { key, value } of this.resolved.items) {
      if (!isScalar(key) || value === null) continue;
      const [start, end] = key.range ?? [0, 0];
      const name = String(key.value);
      const field = new Field(document, value as Node, { start, end });
      if (name === "<<") merged.push(...(isSeq(field.resolved) ? field.items() : [field]));
      else if (!all.has(name)) all.set(name, field);
    }
    for (const field of merged.slice(0, mostMerged)) field.enter(all, depth - 1);
  }

  /** True if the map itself has the key, and not by a merge. */
  has(name: string): boolean {
    return this.names().includes(name);
  }

  /** A scalar as a string, if it is one or a number. */
  text(): string | undefined {
    const value = this.scalar();
    return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
  }

  number(): number | undefined {
    const value = this.scalar();
    return typeof value === "number" ? value : undefined;
  }

  /** A number as the file has it. */
  written(): string | undefined {
    return isScalar(this.resolved) ? this.resolved.source : undefined;
  }

  /** A file mode as Kubernetes reads it: YAML 1.1, in which a leading 0 is octal; JSON has decimal numbers only. */
  fileMode(): number | undefined {
    const source = this.number() === undefined ? undefined : this.written();
    if (source === undefined) return undefined;
    if (/^0o?[0-7]+$/.test(source)) return Number.parseInt(source.replace(/^0o?/, ""), 8);
    return /^(0|[1-9]\d*)$/.test(source) ? Number(source) : undefined;
  }

  boolean(): boolean | undefined {
    const value = this.scalar();
    return typeof value === "boolean" ? value : undefined;
  }

  /** True if the value is written here and not named by an alias, so that it can be changed here. */
  get own(): boolean {
    return this.resolved === this.node;
  }

  /** How a scalar is written: `BLOCK_LITERAL`, `PLAIN`, …; a map or list in braces is `FLOW`. */
  get style(): string | undefined {
    if (isScalar(this.node)) return this.node.type;
    return (isMap(this.node) || isSeq(this.node)) && this.node.flow === true ? "FLOW" : undefined;
  }

  private scalar(): unknown {
    return isScalar(this.resolved) ? this.resolved.value : undefined;
  }
}

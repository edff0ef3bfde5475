// YAML text -> its documents, within bounds; what is no YAML is told with the reason.
import { type Document, parseAllDocuments } from "yaml";
import type { Span } from "../file.ts";
import { Unreadable } from "../model.ts";
import { Field } from "./field.ts";

/** In characters; what people write by hand or with kustomize is far below. */
const longest = 2 * 1024 * 1024;
const mostDocuments = 2_000;

/** The documents that are not empty. Doubled keys are no error: that is for a validator to say. */
export function readDocuments(text: string): Field[] | Unreadable {
  if (text.length > longest) return new Unreadable("it is larger than 2 MiB");
  if ((text.match(/^---/gm)?.length ?? 0) > mostDocuments)
    return new Unreadable(`it has more than ${mostDocuments} documents`);
  const fields: Field[] = [];
  for (const document of parse(text, false)) {
    // Line and column of an error cost something for every line, so they are asked for when there is one.
    if (document.errors.length > 0) return new Unreadable(reasonOf(firstError(parse(text, true)), text));
    if (document.contents !== null) fields.push(new Field(document, document.contents));
  }
  return fields;
}

function parse(text: string, prettyErrors: boolean): Document[] {
  const documents = parseAllDocuments(text, { uniqueKeys: false, logLevel: "silent", prettyErrors });
  return Array.isArray(documents) ? documents : [];
}

const firstError = (documents: readonly Document[]): string =>
  documents.flatMap(({ errors }) => errors)[0]?.message ?? "";

function reasonOf(message: string, text: string): string {
  if (/(?<!\$)\{\{/.test(text)) return "it is a template: lint what it becomes (helm template, …)";
  if (/\$\{?[A-Za-z_]/.test(text)) return "it is no YAML before its placeholders are replaced (envsubst, …)";
  return `it is broken YAML: ${message.split("\n")[0]}`;
}

/** What an alias repeats stands in the file once. */
export function oncePerPlace<T extends Span>(parts: readonly T[]): readonly T[] {
  // Without an alias no two parts begin at one place, and there is nothing to compare.
  if (new Set(parts.map(({ start }) => start)).size === parts.length) return parts;
  const told = new Set<string>();
  return parts.filter((part) => {
    const all = JSON.stringify(part);
    return !told.has(all) && told.add(all);
  });
}

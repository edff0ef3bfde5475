// YAML text -> its documents, within bounds; what is no YAML is told with the reason.
import { parseAllDocuments } from "yaml";
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
  const documents = parseAllDocuments(text, { uniqueKeys: false, logLevel: "silent" });
  const fields: Field[] = [];
  for (const document of Array.isArray(documents) ? documents : []) {
    const [error] = document.errors;
    if (error !== undefined) return new Unreadable(reasonOf(error.message, text));
    if (document.contents !== null) fields.push(new Field(document, document.contents));
  }
  return fields;
}

function reasonOf(message: string, text: string): string {
  if (/(?<!\$)\{\{/.test(text)) return "it is a template: lint what it becomes (helm template, …)";
  if (/\$\{?[A-Za-z_]/.test(text)) return "it is no YAML before its placeholders are replaced (envsubst, …)";
  return `it is broken YAML: ${message.split("\n")[0]}`;
}

/** What an alias repeats stands in the file once. */
export function oncePerPlace<T extends Span>(parts: readonly T[]): T[] {
  const told = new Set<string>();
  return parts.filter((part) => {
    const all = JSON.stringify(part);
    return !told.has(all) && told.add(all);
  });
}

// A plain JSON value as the fields that the lint rules read. There is no text to parse, and so there are no places.
import { Document, type Node, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { Field } from "../lint/yaml/field.ts";
import { isObject } from "./json.ts";

/** What Kubernetes defines is far less deep (a pod's spec: about 12). */
const deepest = 64;

/** Nothing is looked up in it: a JSON value has no aliases. */
const nowhere = new Document();

/** @throws RangeError if it is deeper than any object of Kubernetes */
export function fieldOf(value: unknown): Field {
  return new Field(nowhere, nodeOf(value, deepest));
}

function nodeOf(value: unknown, depth: number): Node {
  if (depth === 0) throw new RangeError(`the object is deeper than ${deepest} levels`);
  if (Array.isArray(value)) {
    const list = new YAMLSeq();
    list.items = value.map((item) => nodeOf(item, depth - 1));
    return list;
  }
  if (!isObject(value)) {
    const scalar = new Scalar(value);
    if (typeof value === "number") scalar.source = String(value);
    return scalar;
  }
  const map = new YAMLMap();
  for (const [key, item] of Object.entries(value)) {
    // null is as good as absent; a merge key is YAML's alone.
    if (item !== null && key !== "<<") map.items.push(new Pair(keyOf(key), nodeOf(item, depth - 1)));
  }
  return map;
}

/** Those of Kubernetes are a few hundred, and each object has the same. */
const keys = new Map<string, Scalar>();
const mostKeys = 1000;

function keyOf(key: string): Scalar {
  const known = keys.get(key);
  if (known !== undefined) return known;
  const made = new Scalar(key);
  if (keys.size < mostKeys) keys.set(key, made);
  return made;
}

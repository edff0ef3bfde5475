// Edits of a pipeline that several rules make.
import type { TextEdit } from "../rule.ts";
import { besides } from "../yaml/edit.ts";
import type { CachePath } from "./model.ts";

/** A line of `variables` where the cache stands; undefined where there can be none, or where they come from elsewhere. */
export function withVariable({ owner, level }: CachePath, line: string, text: string): TextEdit[] | undefined {
  const cache = owner.get("cache");
  if (level === "default" || !owner.own || cache === undefined) return undefined;
  const map = owner.get("variables");
  if (map === undefined) return besides(cache, `variables: {${line}}`, text);
  const name = map.names()[0] ?? "";
  const first = map.get(name);
  return map.own && first !== undefined && name !== "<<" && owner.has("variables")
    ? besides(first, line, text)
    : undefined;
}

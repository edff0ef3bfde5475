// Variables that a map or a list of YAML sets: `env`, `variables`, `environment`.
import type { Assignment } from "../shell/command.ts";
import type { Field } from "./field.ts";

/** Those with a value, with its place: of a map `NAME: value` (or `NAME: {value: …}`), or of a list of `NAME=value`. */
export function settingsIn(field: Field | undefined): Assignment[] {
  if (field === undefined) return [];
  const ofMap = [...field.entries()].flatMap(([name, at]): Assignment[] => {
    const value = at.get("value") ?? at;
    const text = value.text() ?? value.boolean()?.toString();
    return text === undefined ? [] : [{ name, value: text, start: value.start, end: value.end }];
  });
  const ofList = field.items().flatMap((item): Assignment[] => {
    const match = /^([A-Za-z_]\w*)=(.*)$/s.exec(item.text() ?? "");
    return match === null
      ? []
      : [{ name: match[1] as string, value: match[2] as string, start: item.start, end: item.end }];
  });
  return [...ofMap, ...ofList];
}

/** What such a map or list sets, by name; undefined is a value that is not written here. */
export function environmentIn(field: Field | undefined): Map<string, string | undefined> {
  const env = new Map<string, string | undefined>();
  for (const [name, at] of field?.entries() ?? []) {
    const value = at.get("value") ?? at;
    env.set(name, value.text() ?? value.boolean()?.toString());
  }
  for (const item of field?.items() ?? []) {
    const [name = "", ...rest] = (item.text() ?? "").split("=");
    if (name !== "") env.set(name, rest.length === 0 ? undefined : rest.join("="));
  }
  return env;
}

// A JSON document under change, with the changes as a JSON Patch (RFC 6902): only additions, replacements and removals.
import { copyOf, isObject, type Json, type JsonObject } from "./json.ts";

export interface Operation {
  readonly op: "add" | "replace" | "remove";
  /** A JSON Pointer (RFC 6901). */
  readonly path: string;
  readonly value?: Json;
}

type Path = readonly (string | number)[];

export class Draft {
  readonly operations: Operation[] = [];

  /** @param object belongs to the draft from now on */
  constructor(readonly object: JsonObject) {}

  /** The value at a path; undefined if there is none. */
  at(...path: Path): Json | undefined {
    let current: Json | undefined = this.object;
    for (const key of path) {
      if (Array.isArray(current)) current = typeof key === "number" ? current[key] : undefined;
      else current = isObject(current) && Object.hasOwn(current, key) ? current[key] : undefined;
    }
    return current;
  }

  /** Sets a member of an object that is there. */
  set(path: Path, value: Json): void {
    const [parent, key] = this.parentOf(path);
    if (!isObject(parent)) throw new TypeError(`${pointer(path)} is in no object`);
    const op = Object.hasOwn(parent, key) ? "replace" : "add";
    // Not by assignment: `__proto__` is a key like any other.
    Object.defineProperty(parent, key, { value, writable: true, enumerable: true, configurable: true });
    this.operations.push({ op, path: pointer(path), value: copyOf(value) });
  }

  remove(path: Path): void {
    const [parent, key] = this.parentOf(path);
    if (!isObject(parent) || !Object.hasOwn(parent, key)) throw new TypeError(`${pointer(path)} is not there`);
    delete parent[key];
    this.operations.push({ op: "remove", path: pointer(path) });
  }

  /** Puts an item at the end of a list, which is made if it is not there. */
  append(path: Path, item: Json): void {
    this.insert(path, "-", item);
  }

  /** Puts an item before all others of a list, which is made if it is not there. */
  prepend(path: Path, item: Json): void {
    this.insert(path, "0", item);
  }

  private insert(path: Path, where: "-" | "0", item: Json): void {
    const list = this.at(...path) ?? null;
    if (list === null) this.set(path, [item]);
    else if (!Array.isArray(list)) throw new TypeError(`${pointer(path)} is no list`);
    else {
      if (where === "0") list.unshift(item);
      else list.push(item);
      this.operations.push({ op: "add", path: `${pointer(path)}/${where}`, value: copyOf(item) });
    }
  }

  private parentOf(path: Path): [Json | undefined, string] {
    return [this.at(...path.slice(0, -1)), String(path.at(-1))];
  }
}

/** RFC 6901, 3: `~` and `/` are escaped. */
function pointer(path: Path): string {
  return path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

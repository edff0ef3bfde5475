// What a service of a compose file mounts: `NAME:/path:ro`, or a map with `type`, `source`, `target` (compose-spec, 05-services.md).
import type { Span } from "../file.ts";
import type { Field } from "../yaml/field.ts";

export interface ServiceMount extends Span {
  /** The name of a volume, or the directory of the host as it is written. */
  readonly volume: string;
  readonly kind: "volume" | "bind" | "external";
  /** Absolute, without a slash at the end. */
  readonly path: string;
  readonly readOnly: boolean;
  /** Where the path in the container is written, so that it can be changed; undefined if it cannot be told. */
  readonly at?: Span;
}

/** Of one service; rules compare each with each. */
const most = 100;

export function mountsOf(volumes: Field | undefined): ServiceMount[] {
  return (volumes?.items() ?? [])
    .slice(0, most)
    .flatMap((one) => (one.text() === undefined ? longOf(one) : shortOf(one)));
}

/** Variables have colons of their own: `${HOME:-/root}`. */
const short = /^((?:\$\{[^}]*\}|\$(?!\{)|[^:$])+):((?:\$\{[^}]*\}|\$(?!\{)|[^:$])+)(?::([\w,]+))?$/;

function shortOf(field: Field): ServiceMount[] {
  const text = field.text() ?? "";
  const match = short.exec(text);
  if (match === null) return [];
  const [, source = "", target = "", options = ""] = match;
  if (!target.startsWith("/") || target.includes("$")) return [];
  const at = field.start + (field.style === "PLAIN" ? 0 : 1) + source.length + 1;
  const exact = field.own && field.end - field.start === text.length + (field.style === "PLAIN" ? 0 : 2);
  const flags = options.split(",");
  return [
    {
      volume: source,
      // With nocopy a volume keeps the owner that Docker gives it, whatever the image has.
      kind: /^[\w][\w.-]*$/.test(source) ? "volume" : "bind",
      path: tidied(target),
      readOnly: flags.includes("ro"),
      start: field.start,
      end: field.end,
      ...(exact ? { at: { start: at, end: at + target.length } } : {}),
    },
  ];
}

function longOf(field: Field): ServiceMount[] {
  const [type, source, target] = ["type", "source", "target"].map((name) => field.get(name)?.text());
  const at = field.get("target");
  if ((type !== "volume" && type !== "bind") || source === undefined || at === undefined || target === undefined)
    return [];
  if (!target.startsWith("/") || target.includes("$")) return [];
  const readOnly = field.get("read_only")?.boolean() === true;
  const kind = type === "volume" && source.includes("$") ? "external" : type;
  return [{ volume: source, kind, path: tidied(target), readOnly, start: at.start, end: at.end, ...placed(at) }];
}

function placed(at: Field): { at?: Span } {
  return at.own && at.style === "PLAIN" ? { at: { start: at.start, end: at.end } } : {};
}

const tidied = (path: string): string => path.replace(/\/+$/, "") || "/";

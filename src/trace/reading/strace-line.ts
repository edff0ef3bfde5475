// One line of strace's output, of whatever version and options: strace(1).

export type StraceLine = { readonly tid?: number; readonly time?: number; readonly comm?: string } & (
  | {
      readonly kind: "call";
      readonly name: string;
      readonly args: string;
      readonly errno?: string;
      readonly result: string;
    }
  | { readonly kind: "unfinished"; readonly text: string }
  | { readonly kind: "resumed"; readonly name: string; readonly rest: string }
  | { readonly kind: "ended" }
  | { readonly kind: "other" }
);

/** `4522  `, `4522<go> `, `[pid  4522] `, `[pid 4522<go>] `. */
const ofProcess = /^(?:\[pid\s+(\d{1,10})(?:<([^>]{0,64})>)?\]\s*|(\d{1,10})(?:<([^>]{0,64})>)?\s+)/;
/** -t, -tt, -ttt, also followed by -r; -r alone. */
const atTime = /^\s*(?:(\d{1,2}):(\d\d):(\d\d(?:\.\d{1,9})?)|(\d{1,12}(?:\.\d{1,9})))\s+(?:\(\+\s*[\d.]{1,24}\)\s*)?/;
/** -n and -i. */
const numbers = /^(?:\[\s*(?:\d{1,4}|[0-9a-f?]{8,16})\]\s*){1,2}/;
const failure = /^\)\s+= -1 (E[A-Z0-9]{1,20})(?: \([^()"]{0,200}\))?(?: \([A-Z][^()"]{0,40}\))?(?: <[\d.]{1,24}>)?\s*$/;
const success = /^\)\s+= (\?|-?\d{1,20}|0x[0-9a-f]{1,16})/;
const suspended = " <unfinished ...>";

/** Reads a line without its newline; undefined if it is none of strace's. */
export function parseStraceLine(line: string): StraceLine | undefined {
  let rest = line;
  const process = ofProcess.exec(rest);
  if (process !== null) rest = rest.slice(process[0].length);
  const time = atTime.exec(rest);
  if (time !== null) rest = rest.slice(time[0].length);
  if (rest.startsWith("[")) rest = rest.replace(numbers, "");
  const comm = process?.[2] ?? process?.[4];
  const head = {
    ...(process === null ? {} : { tid: Number(process[1] ?? process[3]) }),
    ...(time === null ? {} : { time: seconds(time) }),
    ...(comm === undefined ? {} : { comm }),
  };
  const first = rest.charCodeAt(0);
  if (first === 0x2b && rest.startsWith("+++ "))
    return { kind: /^\+\+\+ (?:exited|killed)/.test(rest) ? "ended" : "other", ...head };
  if (first === 0x2d && rest.startsWith("--- ")) return { kind: "other", ...head };
  if (first === 0x3c) {
    const resumed = /^<\.\.\. ([a-z_0-9]{1,40}) resumed>,? ?/.exec(rest);
    if (resumed === null) return undefined;
    return { kind: "resumed", name: resumed[1] as string, rest: rest.slice(resumed[0].length), ...head };
  }
  if (/^(?:strace: |Process \d+ (?:attached|detached|suspended|resumed))/.test(rest) || / > ?\//.test(rest.slice(0, 4)))
    return { kind: "other", ...head };
  const parsed = parseCall(rest);
  return parsed === undefined ? undefined : { ...head, ...parsed };
}

type Call =
  | Extract<StraceLine, { kind: "call" }>
  | Extract<StraceLine, { kind: "unfinished" }>
  | Extract<StraceLine, { kind: "other" }>;

/** Reads `name(arguments) = result`. */
export function parseCall(text: string): Call | undefined {
  const open = text.indexOf("(");
  if (open < 1 || open > 40) return undefined;
  const name = text.slice(0, open);
  if (!/^[a-z_][a-z_0-9]*$/i.test(name)) return name === "????" ? { kind: "other" } : undefined;
  if (/ <(?:detached \.\.\.|ptrace\([A-Z]{1,20}\):[^<>]{0,60})>$/.test(text.slice(-100))) return { kind: "other" };
  if (text.endsWith(suspended)) return { kind: "unfinished", text: text.slice(0, -suspended.length) };
  const failed = endOf(text, "= -1 E");
  if (failed > open) {
    const match = failure.exec(text.slice(failed));
    if (match !== null)
      return { kind: "call", name, args: text.slice(open + 1, failed), errno: match[1] as string, result: "-1" };
  }
  const end = endOf(text, "= ");
  const match = end > open ? success.exec(text.slice(end)) : null;
  if (match === null) return undefined;
  return { kind: "call", name, args: text.slice(open + 1, end), result: match[1] as string };
}

/** The position of the parenthesis before the last occurrence of this result, or -1. */
function endOf(text: string, result: string): number {
  let at = text.lastIndexOf(result) - 1;
  while (at > 0 && text.charCodeAt(at) === 0x20) at -= 1;
  return text[at] === ")" ? at : -1;
}

function seconds([, hours, minutes, rest, epoch]: RegExpExecArray): number {
  return epoch === undefined ? Number(hours) * 3600 + Number(minutes) * 60 + Number(rest) : Number(epoch);
}

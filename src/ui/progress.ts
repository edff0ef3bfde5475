// Progress on stderr. On a terminal one line that overwrites itself; in CI a plain line now and then, so that a job does not
// look hung; nothing elsewhere. A walk is synchronous and would starve timers, so the clock is read when the walk reports.
import { grouped } from "../finding/number.ts";
import { columns } from "../report/layout.ts";
import { printable } from "../report/safe.ts";
import { plural } from "../rules/shared/say.ts";

export interface Progress {
  /** Says how far the work is, and of how much, if that is known. Cheap: mostly a look at the clock. */
  readonly update: (done: number, what: string, total?: number) => void;
  /** Ends it and clears the line. To be called before anything else is printed; more than once does no harm. */
  readonly stop: () => void;
}

export interface ProgressOptions {
  readonly stream: { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** True for --quiet and --no-progress. */
  readonly off: boolean;
  /** What is being done: `scanning`. */
  readonly verb: string;
  /** What is counted, one and many of it; entries if absent. */
  readonly unit?: readonly [one: string, many: string];
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number;
}

const milliseconds = { beforeFirst: 300, between: 100, inCi: 30_000 };
/** Back to the first column, and erase to the end of the line (ECMA-48: CR, EL). */
const clear = "\r\x1b[K";

/** Starts the clock. Nothing is shown for work that takes less than 300 ms. */
export function startProgress(options: ProgressOptions): Progress {
  const { stream, env, off, now = () => performance.now() } = options;
  const ci = env["CI"] !== undefined && !["", "0", "false"].includes(env["CI"]);
  const live = stream.isTTY === true && env["TERM"] !== "dumb" && !ci;
  if (off || !(live || ci)) return { update: () => {}, stop: () => {} };
  let next = now() + (live ? milliseconds.beforeFirst : milliseconds.inCi);
  let shown = false;
  let stopped = false;
  return {
    update: (done, what, total) => {
      if (stopped) return;
      const time = now();
      if (time < next) return;
      next = time + (live ? milliseconds.between : milliseconds.inCi);
      const [one, many] = options.unit ?? ["entry", "entries"];
      const count = total === undefined ? plural(done, one, many) : `${grouped(done)} of ${plural(total, one, many)}`;
      const line = `${options.verb} ${count}  ${printable(what)}`;
      stream.write(live ? clear + cut(line, (stream.columns ?? 80) - 1) : `${line}\n`);
      shown = live;
    },
    stop: () => {
      stopped = true;
      if (shown) stream.write(clear);
      shown = false;
    },
  };
}

/** The text cut to a number of columns, so that it stays on one line. */
function cut(text: string, width: number): string {
  if (columns(text) <= width) return text;
  let result = "";
  let used = 0;
  for (const character of text) {
    used += columns(character);
    if (used > width - 3) break;
    result += character;
  }
  return `${result}...`;
}

// V8 turns functions that run often into optimised code, which pays in a walk over a large cache. Answers about one project are
// there before it pays: of their processor time a quarter went into code that hardly ran.
import { setFlagsFromString } from "node:v8";

/** V8's own default is 66 KiB of bytecode run in a function; with fifteen times as much, only what runs on and on is optimised. */
const interruptBudget = 1_000_000;

/** Tells V8 that this process will be short, where its release (those of Node 20 to 24) is known to have the setting. */
export function expectShortRun(): void {
  const major = Number.parseInt(process.versions.v8, 10);
  if (major >= 11 && major <= 13) setFlagsFromString(`--interrupt-budget=${interruptBudget}`);
}

// When a failed command is run again, and how long to wait before. PURE.
import type { Classification } from "../causes/cause.ts";

/** Milliseconds before the first retry; each one after it waits twice as long, up to the most. */
const first = 1_000;
const most = 60_000;

/** Milliseconds to wait after so many attempts. @param random in [0, 1): half of the time is left to chance, so that jobs part */
export function backoff(attempts: number, random: number): number {
  const whole = Math.min(most, first * 2 ** (attempts - 1));
  return Math.round(whole / 2 + (whole / 2) * random);
}

/** Whether every cause is one that trying again can cure: what needs a person would fail again. */
export function isCuredByTime({ causes }: Pick<Classification, "causes">): boolean {
  return causes.length > 0 && causes.every(({ disposition }) => disposition === "retry");
}

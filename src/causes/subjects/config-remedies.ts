// Words that several remedies of the configuration share.
import type { Remedy } from "../cause.ts";

export const env = (names: string, text = "See what is set, and where"): Remedy => ({
  text,
  command: `go env ${names}`,
});

export const unset = (name: string): Remedy => ({
  text: "Or use the default again",
  command: `go env -u ${name}`,
});

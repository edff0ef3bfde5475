// The one choice of the means; tests put others in the place of this file.
import { constants } from "node:fs";
import type { Means } from "./means.ts";
import { chdirMeans } from "./means-chdir.ts";
import { procMeans } from "./means-proc.ts";

/** A Linux without /proc is refused, not served by the working directory: bind mounts could not be told apart there. */
export const means: Means =
  process.platform === "linux" ? procMeans : chdirMeans((constants.O_SYMLINK ?? 0) | constants.O_RDONLY);

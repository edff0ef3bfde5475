// All subjects. A line that several could claim belongs to the first.
import type { Subject } from "../rule.ts";
import { auth } from "./auth.ts";
import { cacheCorrupt } from "./cache-corrupt.ts";
import { config } from "./config.ts";
import { exec } from "./exec.ts";
import { fs } from "./fs.ts";
import { lock } from "./lock.ts";
import { net } from "./net.ts";
import { resolve } from "./resolve.ts";
import { space } from "./space.ts";
import { sum } from "./sum.ts";
import { vcs } from "./vcs.ts";

export const subjects: readonly Subject[] = [auth, cacheCorrupt, sum, exec, lock, config, vcs, resolve, space, fs, net];

// Asks the kernel itself: a child takes the subject's UID, GIDs and capabilities and tries access(2) with its effective IDs.
import { accessSync, constants } from "node:fs";
import type { Need } from "../permission/decision.ts";
import { fileCapabilities, type Subject } from "../permission/subject.ts";
import { toBytes } from "./bytes.ts";
import { run } from "./run.ts";
import { systemPath } from "./system-path.ts";

const tests: Record<Need, string> = { read: "-r", write: "-w", execute: "-x" };
const modes: Record<Need, number> = { read: constants.R_OK, write: constants.W_OK, execute: constants.X_OK };

/**
 * Tries one need on a path as the subject.
 * @param self whether this process has the very credentials of the subject
 * @returns what the kernel allows, or why it was not asked
 */
export function askKernel(
  subject: Subject,
  self: boolean,
  path: string,
  need: Need,
): { allowed: boolean } | { reason: string } {
  if (self) return { allowed: tryOurselves(path, need) };
  if (process.platform !== "linux") return { reason: "only Linux has setpriv" };
  if (process.geteuid?.() !== 0) return { reason: "only root can take another user's place" };
  const groups = [...new Set([subject.gid, ...subject.groups])].join(",");
  const capabilities = fileCapabilities.filter((name) => subject.capabilities.has(name));
  const bounding = ["-all", ...capabilities.map((name) => `+${name}`)].join(",");
  const identity = [
    `--reuid=${subject.uid}`,
    `--regid=${subject.gid}`,
    `--groups=${groups}`,
    `--bounding-set=${bounding}`,
    "--inh-caps=-all",
  ];
  const result = run("setpriv", [...identity, "--", "test", tests[need], path], {
    env: { PATH: systemPath, LC_ALL: "C" },
  });
  if (result.error !== undefined) return { reason: `setpriv could not be run: ${result.error}` };
  if (result.timedOut) return { reason: "the file system did not answer within 5 s" };
  if (result.status !== 0 && result.status !== 1)
    return { reason: `setpriv failed: ${result.stderr.trim().split("\n")[0] ?? ""}` };
  if (result.status === 1 && result.stderr !== "")
    return { reason: `setpriv failed: ${result.stderr.trim().split("\n")[0]}` };
  if (subject.uid !== 0 && capabilities.length > 0)
    return { reason: "a capability of a user other than root cannot be tried" };
  return { allowed: result.status === 0 };
}

function tryOurselves(path: string, need: Need): boolean {
  try {
    accessSync(toBytes(path), modes[need]);
    return true;
  } catch {
    return false;
  }
}

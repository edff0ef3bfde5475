// The settings of the go that this user would run, as go itself tells them.
import type { GoFacts } from "../facts/facts.ts";
import type { Environment } from "../host/container.ts";
import { openWorld } from "../host/facts.ts";
import { readGo } from "../host/go.ts";
import { readSystemFile } from "../host/read-text.ts";
import { readSelf, resolveSubject } from "../host/subject.ts";
import { readKernelSettings } from "../host/sysctl.ts";
import { UserDatabase } from "../host/users.ts";

/** @param program the go that is to be run, if its path is known; else the one on PATH */
export function readOwnGo(env: Environment, program: string | undefined): GoFacts {
  const self = readSelf();
  const users = new UserDatabase();
  return readGo({
    subject: resolveSubject(undefined, self, users),
    selfUid: self.subject.uid,
    variables: env,
    ...(program === undefined ? {} : { program }),
    platform: process.platform,
    world: openWorld(),
    users,
    settings: readKernelSettings(readSystemFile),
  });
}

// What an experiment needs of the machine, and how to get it.

import { openWorld } from "../host/facts.ts";
import { findGo } from "../host/find-go.ts";
import { readSelf, resolveSubject } from "../host/subject.ts";
import { systemProgram } from "../host/system-program.ts";
import { replaceable } from "../host/trusted.ts";
import { UserDatabase } from "../host/users.ts";
import { closedPlace, type Environment, tooLongForPodman } from "./place.ts";

/** `root`, `go`, or a program of the system. */
export type Need = "root" | "go" | keyof typeof packages;

/** Debian's packages; others name them alike. */
const packages = {
  setpriv: "util-linux",
  unshare: "util-linux",
  getfacl: "acl",
  setfacl: "acl",
  stat: "coreutils",
  buildah: "buildah",
  podman: "podman",
  runc: "runc",
  catatonit: "catatonit",
  tar: "tar",
  busybox: "busybox-static",
  dockerd: "docker.io",
  docker: "docker.io",
} as const;

/** What is missing for these needs, each with what helps; empty if nothing is. */
export function missing(needs: readonly Need[], env: Environment): string[] {
  if (process.platform !== "linux")
    return ["the experiments are about Linux: run them in a Linux container or virtual machine"];
  const lacks = needs.flatMap((need) => lackOf(need, env) ?? []);
  const place = closedPlace(env);
  return place === undefined ? [...new Set(lacks)] : [...new Set(lacks), place];
}

function lackOf(need: Need, env: Environment): string | undefined {
  if (need === "root")
    return process.geteuid?.() === 0
      ? undefined
      : "it needs root, to be several users: run it with sudo, or in a container";
  if (need === "go") {
    const go = locateGo(env);
    return "program" in go ? undefined : go.problem;
  }
  if (need === "podman" && systemProgram(need) !== undefined) return tooLongForPodman(env);
  return systemProgram(need) === undefined ? `${need} is not installed: apt-get install ${packages[need]}` : undefined;
}

/** The go program. Root runs none that another user could replace. */
export function locateGo(env: Environment): { readonly program: string } | { readonly problem: string } {
  const world = openWorld();
  const users = new UserDatabase();
  const { subject } = resolveSubject(undefined, readSelf(), users);
  const settings = { protectedRegular: 0, protectedFifos: 0, protectedSymlinks: 0 };
  const { program, refused } = findGo(env, undefined, world, subject, settings);
  if (program === undefined)
    return { problem: refused ?? "go is not installed, or not on PATH: https://go.dev/doc/install" };
  const reason = process.geteuid?.() === 0 ? replaceable(program, new Set([0]), world, users) : undefined;
  return reason === undefined ? { program } : { problem: `${program} is not run as root: ${reason}` };
}

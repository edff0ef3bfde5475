// What root cannot do without its capabilities, and what an owner can do without any.
import { chmodSync, chownSync, lstatSync, mkdirSync, writeFileSync } from "node:fs";
import type { Experiment } from "../experiment.ts";
import { alpha, GoLab } from "../go-lab.ts";
import type { Actor, Lab } from "../lab.ts";

export const capabilities: Experiment = {
  name: "capabilities",
  summary: "root that lacks capabilities, and owners that need none",
  method:
    "Root with an empty bounding set, as in a container that drops ALL, uses the cache of another user. An owner without any capability works in a setgid directory with and without an ACL. A change of mode loses the setgid bit without a word. At last root of a user namespace meets files of somebody who is not in it.",
  needs: ["root", "go", "setpriv", "unshare", "setfacl", "stat"],
  run,
};

async function run(lab: Lab): Promise<void> {
  const go = new GoLab(lab);
  const [owner, other] = [lab.stranger(1), lab.stranger(2)];
  const bare: Actor = { uid: 0, gid: 0, capabilities: false };
  await rootAgainstClosedCache(lab, go, owner, bare);
  await ownerNeedsNone(lab, { ...owner, capabilities: false }, other.gid);
  await setgidIsLost(lab, owner, other.gid);
  await userNamespace(lab, owner, other);
  lab.conclude(
    "drop: [ALL] makes root a user like any other: CAP_DAC_OVERRIDE is needed where no class of the mode grants access, CAP_CHOWN to give files away.",
  );
  lab.conclude(
    "An owner needs no capability for what is their own; neither setgid nor an ACL on the directory above changes that.",
  );
  lab.conclude(
    "What is lost without CAP_FSETID is the setgid bit, and chmod says that all went well: look at the mode afterwards, as gomodcache fix does.",
  );
}

async function rootAgainstClosedCache(lab: Lab, go: GoLab, owner: Actor, bare: Actor): Promise<void> {
  lab.step(`Root without capabilities, and a cache of uid ${owner.uid} that was filled under umask 077`);
  const project = await go.project("project", alpha);
  const cache = lab.makeDirectory("cache", 0o755, owner);
  await go.show(["mod", "download"], project, cache, { as: owner, umask: 0o077 });
  const listed = await lab.show(["ls", `${cache}/cache/download`], { as: bare });
  lab.claim(
    "root without CAP_DAC_OVERRIDE does not get into a directory of mode 0700",
    /Permission denied/.test(listed.output),
  );
  const built = await go.show(["build", "."], project, cache, { as: bare });
  lab.claim("nor can its go build", built.status !== 0 && /permission denied/.test(built.output));
  const given = await lab.show(["chown", "0:0", `${cache}/cache`], { as: bare });
  lab.claim("nor can it take the cache over with chown", /Operation not permitted/.test(given.output));
  const full = await go.show(["build", "."], project, cache);
  lab.claim("root with its capabilities builds", full.status === 0);
}

async function ownerNeedsNone(lab: Lab, owner: Actor, group: number): Promise<void> {
  for (const [name, acl] of [
    ["setgid", false],
    ["setgid-and-acl", true],
  ] as const) {
    lab.step(
      `An owner without capabilities in a directory of mode 2755${acl ? ", with an ACL that names another group" : ""}`,
    );
    const directory = lab.makeDirectory(name);
    chownSync(directory, owner.uid, group);
    chmodSync(directory, 0o2755);
    if (acl) await lab.show(["setfacl", "-m", `g:${group}:rx,d:g:${group}:rx`, directory]);
    const script = "mkdir a && touch a/b && chmod 0700 a && chmod 0644 a/b && mv a/b b && rm b && echo done";
    const ran = await lab.show(["sh", "-c", script], { as: owner, cwd: directory });
    lab.claim(
      "making, changing, moving and deleting work without any capability",
      ran.status === 0 && /done/.test(ran.output),
    );
  }
}

async function setgidIsLost(lab: Lab, owner: Actor, group: number): Promise<void> {
  lab.step("chmod g+s by an owner who is not in the group");
  const directory = lab.makeDirectory("shared");
  mkdirSync(`${directory}/d`);
  chownSync(`${directory}/d`, owner.uid, group);
  chmodSync(`${directory}/d`, 0o775);
  const changed = await lab.show(["chmod", "2775", "d"], { as: owner, cwd: directory });
  await lab.show(["stat", "-c", "%a %u:%g %n", "d"], { cwd: directory });
  const mode = lstatSync(`${directory}/d`).mode & 0o7777;
  lab.claim("chmod says that it worked, and the setgid bit is not there: 775", changed.status === 0 && mode === 0o775);
  const foreign = await lab.show(["chgrp", "0", "d"], { as: owner, cwd: directory });
  lab.claim(
    "to a group of others it says no: CAP_CHOWN would be needed",
    /Operation not permitted/.test(foreign.output),
  );
}

async function userNamespace(lab: Lab, owner: Actor, other: Actor): Promise<void> {
  lab.step("Root of a user namespace, as in rootless containers");
  const directory = lab.makeDirectory("namespace", 0o755, owner);
  const closed = `${directory}/closed`;
  mkdirSync(closed);
  writeFileSync(`${closed}/file`, "");
  chownSync(closed, other.uid, other.gid);
  chmodSync(closed, 0o700);
  const allowed = await lab.run(["unshare", "--user", "--map-root-user", "true"], { as: owner });
  if (allowed.status !== 0) {
    lab.shown("unshare --user --map-root-user true", allowed.output);
    lab.conclude("This machine allows no user namespaces to users, so that the last step was left out.");
    return;
  }
  const script = `id -u; grep CapEff /proc/self/status; ls ${closed}; touch own && chown 1:1 own; ls -ln own`;
  const ran = await lab.show(["unshare", "--user", "--map-root-user", "sh", "-c", script], {
    as: owner,
    cwd: directory,
  });
  lab.claim(
    "it calls itself 0 and has capabilities",
    /^0\n/.test(ran.output) && /CapEff:\s*0*[1-9a-f]/.test(ran.output),
  );
  lab.claim(
    "they do not reach files of users who are not in the namespace: CAP_DAC_OVERRIDE counts for mapped owners only",
    /Permission denied/.test(ran.output),
  );
  lab.claim("nor can it give its own file to a number that is not mapped", /Invalid argument/.test(ran.output));
}

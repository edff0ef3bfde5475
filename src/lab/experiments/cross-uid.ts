// The denial chain of two users of one cache, with the prediction beside what happens.

import { openWorld, readFacts } from "../../host/facts.ts";
import { Oracle } from "../../oracle/ask.ts";
import { explainPath } from "../../oracle/explain-path.ts";
import { canText, whyText } from "../../report/answer-text.ts";
import type { Experiment } from "../experiment.ts";
import { alpha, beta, GoLab } from "../go-lab.ts";
import type { Actor, Lab } from "../lab.ts";

export const crossUid: Experiment = {
  name: "cross-uid",
  summary: "who is refused what in a cache of two users",
  method:
    "One user downloads a module, another one, with another UID and no account, builds: with all that it needs in the cache, with one module missing, and after a download under umask 077. gomodcache can and why are asked before each build, and must say what then happens.",
  needs: ["root", "go", "setpriv", "getfacl"],
  run,
};

async function run(lab: Lab): Promise<void> {
  const go = new GoLab(lab);
  const [maker, user] = [lab.stranger(1), lab.stranger(2)];
  const complete = await go.project("complete", alpha);
  const missing = await go.project("missing", beta);

  lab.step(`Under umask 022, uid ${user.uid} builds with what uid ${maker.uid} downloaded`);
  const open = lab.makeDirectory("open", 0o755, maker);
  await go.show(["mod", "download"], complete, open, { as: maker, umask: 0o022 });
  await predicted(lab, go, { cache: open, project: complete, user }, "yes");
  const built = await go.show(["build", "."], complete, open, { as: user });
  lab.claim("a complete cache works for every user: go only reads it", built.status === 0);

  lab.step("The same user and cache, and a project that needs one module more");
  await predicted(lab, go, { cache: open, project: missing, user }, "no");
  why(lab, go, `${open}/cache/download/example.com/beta`, "create", { cache: open, user });
  const missed = await go.show(["build", "."], missing, open, { as: user });
  lab.claim(
    "the first miss fails: the directory that must be added to is the other user's",
    missed.status !== 0 && /permission denied/.test(missed.output),
  );

  lab.step("The first project again, from a cache that was filled under umask 077");
  const closed = lab.makeDirectory("closed", 0o755, maker);
  await go.show(["mod", "download"], complete, closed, { as: maker, umask: 0o077 });
  await predicted(lab, go, { cache: closed, project: complete, user }, "no");
  why(lab, go, `${closed}/cache/download/example.com/alpha/@v/v1.0.0.mod`, "read", { cache: closed, user });
  const refused = await go.show(["build", "."], complete, closed, { as: user });
  lab.claim(
    "not even what is there can be used: its directories are 0700",
    refused.status !== 0 && /permission denied/.test(refused.output),
  );

  lab.conclude(
    "Two users of one cache do not fail at once, as is often said. They fail at the first module that is missing, or when the first one's umask closes what it makes.",
  );
  lab.conclude(
    "What decides is a directory on the way, mostly cache/download or a module path's first part, not the file that the message names.",
  );
  lab.conclude("gomodcache can says it before the build; gomodcache init --contract group lets both add.");
}

interface Question {
  readonly cache: string;
  readonly user: Actor;
}

/** Asks `can build`, shows the answer, and claims that it is the right one. */
async function predicted(
  lab: Lab,
  go: GoLab,
  question: Question & { project: string },
  verdict: "yes" | "no",
): Promise<void> {
  const { cache, project, user } = question;
  const world = openWorld();
  const answer = new Oracle(factsFor(go, question, world), world).ask({ operation: "build", directory: project });
  lab.shown(
    `gomodcache can build --as ${user.uid}:${user.gid} --cache-dir ${cache} --for ${project}`,
    canText(answer, plain),
  );
  lab.claim(`gomodcache can build says ${verdict}`, answer.verdict === verdict);
}

function why(lab: Lab, go: GoLab, path: string, op: "create" | "read", question: Question): void {
  const { user } = question;
  const world = openWorld();
  const answer = explainPath(factsFor(go, question, world), world, path, op);
  lab.shown(`gomodcache why ${path} --op ${op} --as ${user.uid}:${user.gid}`, whyText(answer, plain));
  lab.claim("gomodcache why says no, and which directory decides", answer.verdict === "no");
}

const plain = { version: "", width: 110, colour: false, unicode: false, verbose: false, quiet: false };

function factsFor(go: GoLab, { cache, user }: Question, world: ReturnType<typeof openWorld>) {
  const environment = go.environment(cache, user);
  return readFacts({ environment, directory: "/", cacheDirectory: cache, who: `${user.uid}:${user.gid}` }, world);
}

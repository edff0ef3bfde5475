// `route` beside the real go: settings and modules drawn from a seed; who is really asked what, in which order, when proxies and the
// checksum database answer as drawn.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { routeDocument } from "../../src/report/route-schema.ts";
import type { DatabaseCheck } from "../../src/route/checks.ts";
import { type Route, routeOf } from "../../src/route/route.ts";
import { randomOf } from "../random.ts";
import { goProgram } from "./lab.ts";
import { before, executable } from "./program.ts";
import { type Asked, type Behaviour, databaseName, RouteLab, version } from "./route-lab.ts";

const draws = Number(process.env["DRAWS"] ?? 200);
const seed = Number(process.env["SEED"] ?? 20261125);
const modules = [
  "origin.test/team/a.git",
  "origin.test/team/b.git/sub",
  "origin.test/other/c.git",
  "deep.origin.test/x/y/z.git",
  "pub.test/library.git",
];
const lab = new RouteLab(modules);

beforeAll(() => lab.start(), 120_000);
afterAll(() => lab.stop());

/** Who is asked what if this route is right and they answer like that. */
function play({ asks, check }: Route, behaviours: readonly Behaviour[]): Asked[] {
  const asked: Asked[] = [];
  for (const what of [`${version}.info`, `${version}.mod`, `${version}.zip`]) {
    // What is in go.mod is checked as a part of asking: a failed check is an error of that entry.
    const checked = what.endsWith(".mod") ? once(() => playCheck(check, behaviours, asked)) : () => true;
    if (!playFile(asks, what, behaviours, asked, checked)) break;
  }
  return asked;
}

/** The database's address is looked for once; what it said first stays. */
function once(work: () => boolean): () => boolean {
  let answer: boolean | undefined;
  return () => {
    answer ??= work();
    return answer;
  };
}

function playFile(
  asks: Route["asks"],
  what: string,
  behaviours: readonly Behaviour[],
  asked: Asked[],
  checked: () => boolean,
): boolean {
  for (const [index, ask] of asks.entries()) {
    let status = 0;
    if (ask.kind === "proxy") {
      const who = whoIs(ask.address);
      if (isOurs(who)) asked.push({ who, what });
      status = behaviours[Number(who.slice(1))]?.modules ?? 0;
    } else if (ask.kind === "origin" && /\b(git|all)\b/.test(ask.vcs)) asked.push({ who: "origin", what: "git" });
    if (status === 200) {
      if (checked()) return true;
      status = 0;
    }
    if (!goesOn(status, asks[index + 1]?.when)) return false;
  }
  return false;
}

function playCheck(check: DatabaseCheck, behaviours: readonly Behaviour[], asked: Asked[]): boolean {
  if (check.kind !== "database") return check.kind === "none";
  for (const [index, { address }] of check.through.entries()) {
    const who = whoIs(address);
    if (isOurs(who)) asked.push({ who, what: "supported" });
    const status = behaviours[Number(who.slice(1))]?.database ?? 0;
    if (status === 200) {
      asked.push({ who, what: "lookup" });
      return true;
    }
    if (!goesOn(status, check.through[index + 1]?.when ?? "not-found")) return false;
  }
  // The database's own address is not on loopback.
  if (check.address === `https://${databaseName}`) return false;
  asked.push({ who: "db", what: "lookup" });
  return true;
}

const goesOn = (status: number, when: string | undefined): boolean =>
  when === "any-error" || (when !== undefined && (status === 404 || status === 410));

/** Other addresses refuse every connection, and nobody writes that down. */
const isOurs = (who: string): boolean => /^(p\d|db)$/.test(who);

const whoIs = (address: string): string => /\/(p\d|db)$/.exec(address)?.[1] ?? address;

function draw(random: () => number) {
  const pick = <T>(...items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const proxies = Array.from({ length: pick(0, 1, 1, 2, 2, 3) }, (_, index) => lab.address(`p${index}`));
  const blank = (): string => pick("", "", "", " ", "  ");
  const end = pick<string[]>(
    ["direct"],
    ["direct"],
    ["off"],
    [],
    ["direct", lab.address("p0")],
    ["word"],
    ["localhost:1/x y"],
  );
  const words = [...proxies.map((one) => (random() < 0.1 ? "" : one)), ...end];
  const goproxy = words.map((word, at) => `${at === 0 ? "" : pick(",", ",", "|")}${blank()}${word}${blank()}`).join("");
  const patterns = (): string =>
    pick(
      "",
      "",
      "",
      "origin.test",
      "origin.test/team",
      "*.test",
      "*.origin.test/x",
      "origin.test/*/a.git",
      "none",
      "pub.test/,deep.origin.test",
      "origin.test/team/a.git/more",
      "[op]*.test",
      " origin.test , pub.test",
      "origin.test/te?m/b.git",
      "[",
      "*",
    );
  const status = (): number => pick(200, 200, 200, 404, 410, 500, 403);
  const variables: Record<string, string> = {
    GOPROXY: goproxy === "" ? "direct" : goproxy,
    GOSUMDB: pick("off", lab.key, lab.key, `${lab.key} ${lab.address("db")}`, `${lab.key} a b`, "nonsense"),
    GOVCS: pick("", "", "public:hg", "*:off", "private:all,public:off", "origin.test:git|hg,*:off"),
  };
  for (const name of ["GOPRIVATE", "GONOPROXY", "GONOSUMDB"]) {
    const value = name === "GOPRIVATE" || random() < 0.3 ? patterns() : "";
    if (value !== "") variables[name] = value;
  }
  const behaviours = proxies.map((): Behaviour => ({ modules: status(), database: status() }));
  return { module: pick(...modules), variables, behaviours };
}

function predicted({ module, variables, behaviours }: ReturnType<typeof draw>): Asked[] {
  const { GOPROXY = "", GOPRIVATE = "", GOSUMDB = "", GOVCS = "" } = variables;
  const route = routeOf(module, {
    goproxy: GOPROXY,
    goprivate: GOPRIVATE,
    gonoproxy: variables["GONOPROXY"] || GOPRIVATE,
    gonosumdb: variables["GONOSUMDB"] || GOPRIVATE,
    gosumdb: GOSUMDB,
    goinsecure: "",
    govcs: GOVCS,
    goauth: "",
    vendored: false,
    netrc: new Set(),
  });
  return play(route, behaviours);
}

const shown = (asked: readonly Asked[]): string => asked.map(({ who, what }) => `${who}:${what}`).join(" ");

describe("route as it is run", () => {
  const run = (argv: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const directory = join(lab.directory, "app");
    const { PATH = "" } = process.env;
    const { status, stdout, stderr } = spawnSync(executable, [...before, "route", ...argv], {
      cwd: existsSync(directory) ? directory : lab.directory,
      encoding: "utf8",
      env: { PATH, HOME: lab.directory, LANG: "C.UTF-8", COLUMNS: "100", GOENV: join(lab.directory, "goenv"), ...env },
    });
    return { status, stdout, stderr };
  };

  test("each way of a project's modules once, and what is told to strangers", () => {
    mkdirSync(join(lab.directory, "app"));
    const required = ["git.corp.test/team/lib", "golang.org/x/mod", "golang.org/x/text"];
    const lines = required.map((path) => `require ${path} v1.0.0\n`).join("");
    writeFileSync(join(lab.directory, "app/go.mod"), `module git.corp.test/team/app\n\ngo 1.21\n\n${lines}`);
    const env = { GOPROXY: "https://proxy.example.net,direct", GOSUMDB: "sum.golang.org" };
    const { status, stdout } = run([], env);
    expect(status).toBe(0);
    expect(stdout).toMatchSnapshot();
    const { routes, findings } = routeDocument.parse(JSON.parse(run(["--json"], env).stdout));
    expect(routes.map(({ module }) => module)).toEqual(required);
    expect(findings.map(({ rule }) => rule)).toEqual(["private-module-to-proxy"]);
  });

  test("the commands of a plan give what they promise", () => {
    const plan = ["--plan", "--private", "git.corp.test,*.internal.test"];
    const before = { GOSUMDB: "" };
    spawnSync(goProgram, ["env", "-w", "GOSUMDB=off", "GONOPROXY=git.corp.test"], {
      env: { HOME: lab.directory, GOENV: join(lab.directory, "goenv"), PATH: process.env["PATH"] },
    });
    const { stdout, status } = run(plan, before);
    expect(status).toBe(0);
    expect(stdout.split("\n").filter((line) => line.startsWith("go "))).toEqual([
      "go env -w GOPRIVATE='git.corp.test,*.internal.test'",
      "go env -u GONOPROXY",
      "go env -u GOSUMDB",
    ]);
    const done = spawnSync("sh", ["-e"], {
      input: stdout,
      env: { HOME: lab.directory, GOENV: join(lab.directory, "goenv"), PATH: `${dirname(goProgram)}:/usr/bin:/bin` },
      encoding: "utf8",
    });
    expect(done).toMatchObject({ status: 0, stderr: "" });
    expect(run(plan, before).stdout).toBe("# the settings give that already\n");
    expect(run(["a.internal.test/x"], before).stdout).toContain('GOPRIVATE covers it with "*.internal.test"');
  });

  test.each([
    [["not a module"], 2, "is no module path"],
    [["--plan"], 2, "needs to know what is private"],
    [["--proxy", "https://p.test", "a.test/b"], 2, "says nothing without --plan"],
    [["--plan", "--private", "a.test", "--proxy", "direct"], 2, "is no address of a proxy"],
    [["--for", "/nowhere"], 2, "does not exist"],
  ] as const)("refuses %j", (argv, status, words) => {
    const answer = run(argv);
    expect(answer.status).toBe(status);
    expect(answer.stderr).toContain(words);
  });

  test("fails where go would stop at a setting", () => {
    const { status, stdout } = run(["a.test/b"], { GOPROXY: "company" });
    expect(status).toBe(1);
    expect(stdout).toContain("goproxy-malformed");
  });
});

describe(`route agrees with the real go (seed ${seed})`, () => {
  test(`${draws} draws`, { timeout: 60_000 + draws * 5_000 }, async () => {
    const random = randomOf(seed);
    const wrong: unknown[] = [];
    let origins = 0;
    let databases = 0;
    let nobody = 0;
    for (let at = 0; at < draws; at += 1) {
      const drawn = draw(random);
      const expected = predicted(drawn);
      const { asked, output } = await lab.download(drawn.module, drawn.variables, drawn.behaviours);
      if (asked.some(({ who }) => who === "origin")) origins += 1;
      if (asked.some(({ what }) => what === "lookup")) databases += 1;
      if (asked.length === 0) nobody += 1;
      if (shown(asked) !== shown(expected))
        wrong.push({ at, ...drawn, expected: shown(expected), asked: shown(asked), output: output.slice(-400) });
    }
    expect(wrong, JSON.stringify(wrong.slice(0, 3), undefined, 2)).toEqual([]);
    // Draws that reach nothing would prove nothing.
    for (const count of [origins, databases, nobody]) expect(count).toBeGreaterThan(draws / 20);
  });
});

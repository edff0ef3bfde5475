import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { umaskOfContract } from "../../src/contract/contract.ts";
import { UserError } from "../../src/error.ts";
import { commandLine, targetNamed, type Wanted } from "../../src/generate/render.ts";
import type { Target } from "../../src/generate/target.ts";
import { lint } from "../../src/lint/run.ts";
import { fileOf, forms, made, wantedOf } from "./made.ts";

const each = forms.map(
  ({ target, variant }) =>
    [variant === undefined ? target.name : `${target.name} ${variant}`, target, variant] as const,
);

const isYaml = (target: Target, variant?: string): boolean => /\.ya?ml$/.test(fileOf(target, variant));

function yamlOf(text: string): unknown[] {
  return parseAllDocuments(text, { uniqueKeys: true }).map((document) => {
    expect([...document.errors, ...document.warnings]).toEqual([]);
    return document.toJS();
  });
}

/** Every string and number in a value, with the name it stands under. */
function leaves(value: unknown, name = ""): [string, unknown][] {
  if (Array.isArray(value)) return value.flatMap((one) => leaves(one, name));
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([key, one]) => leaves(one, key));
  return [[name, value]];
}

it.each(each)("%s", (_name, target, variant) => {
  expect(made(target, wantedOf(variant))).toMatchSnapshot();
});

it.each(each)("%s: lint finds nothing in it", (_name, target, variant) => {
  const text = made(target, wantedOf(variant));
  const name = target.name === "pre-commit" && variant === "git-hook" ? "pre-commit.sh" : fileOf(target, variant);
  // With go.sum there, so that what depends on it is asked.
  const { findings, skipped } = lint([{ path: name.replace(/^\//, ""), text }], { around: { has: () => true } });
  expect({ findings, skipped }).toEqual({ findings: [], skipped: [] });
});

it("lint does look at the Dockerfile: with a cache mount of root's it finds that", () => {
  const text = made(targetNamed("dockerfile")).replaceAll(",uid=1001,gid=1001", "");
  expect(lint([{ path: "Dockerfile", text }]).findings.map(({ rule }) => rule)).toContain(
    "dockerfile-cache-mount-owner",
  );
});

it.each(each.filter(([, target, variant]) => isYaml(target, variant)))(
  "%s is YAML without doubled keys",
  (_name, target, variant) => {
    expect(yamlOf(made(target, wantedOf(variant)))).toHaveLength(1);
  },
);

it("the devcontainer is JSON but for its comments", () => {
  const text = made(targetNamed("devcontainer"), { cacheDir: "/srv/go mod" });
  const value = JSON.parse(text.replace(/^\s*\/\/.*$/gm, ""));
  expect(value).toMatchObject({
    containerEnv: { GOMODCACHE: "/srv/go mod" },
    image: "mcr.microsoft.com/devcontainers/go:1.27",
  });
  expect(shellAccepts(value.onCreateCommand)).toBe("");
});

function shellAccepts(script: string): string {
  const { stderr, error } = spawnSync("sh", ["-n"], { input: script, encoding: "utf8" });
  if (error !== undefined) throw error;
  return stderr;
}

it("every shell part is accepted by sh -n", () => {
  const scripts: string[] = [made(targetNamed("pre-commit"), { variant: "git-hook" })];
  for (const { target, variant } of forms) {
    if (!isYaml(target, variant)) continue;
    const contract = target.takes.includes("contract") && variant === "init" ? ({ contract: "group" } as const) : {};
    const text = made(target, { ...wantedOf(variant), ...contract });
    for (const match of text.matchAll(/(?:command|entrypoint): (\[.*\])$/gm)) {
      const words = JSON.parse(match[1] as string) as string[];
      if (words[0] === "sh") scripts.push((words[2] as string).replaceAll("$$", "$"));
    }
    for (const [name, value] of leaves(yamlOf(text))) if (name === "run") scripts.push(String(value));
  }
  expect(scripts.length).toBeGreaterThan(5);
  for (const script of scripts) expect([script, shellAccepts(script)]).toEqual([script, ""]);
});

const ids = fc.integer({ min: 1, max: 4294967294 });
const part = fc.stringMatching(/^[A-Za-z0-9_@+-][A-Za-z0-9._@+-]{0,8}$/);
const paths = fc
  .tuple(fc.array(part, { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([parts, blank]) => `/data/${parts.join("/")}${blank ? "/with blank" : ""}`);
const contracts = fc.constantFrom("private" as const, "group" as const, "readonly" as const);

it("the numbers and the path are those that were asked for, in whatever is made", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...forms),
      ids,
      ids,
      paths,
      contracts,
      ({ target, variant }, uid, gid, path, contract) => {
        const takes = (name: Target["takes"][number]): boolean => target.takes.includes(name);
        const cacheDir = target.relative === true ? path.slice(1) : path;
        const wanted: Wanted = {
          ...wantedOf(variant),
          ...(takes("uid") ? { uid, gid } : {}),
          ...(takes("cacheDir") ? { cacheDir } : {}),
          ...(takes("contract") && target.variants === undefined ? { contract } : {}),
        };
        if (target.noBlanks === true && path.includes(" ")) {
          expect(() => made(target, wanted)).toThrow(UserError);
          return;
        }
        const text = made(target, wanted);
        if (takes("cacheDir")) expect(text).toContain(cacheDir);
        const outside = text.replace(/^.*(Written by:|if nobody edited it).*$/gm, "").replaceAll(cacheDir, "");
        if (takes("uid")) for (const id of [uid, gid]) expect(outside).toMatch(new RegExp(`(?<!\\d)${id}(?!\\d)`));
        if (![uid - 1, uid, uid + 1, gid].includes(1001)) expect(outside).not.toMatch(/(?<!\d)1001(?!\d)/);
        if (!isYaml(target, variant)) return;
        const found = leaves(yamlOf(text));
        const all = (name: string): unknown[] => found.filter(([key]) => key === name).map(([, value]) => value);
        for (const value of all("runAsGroup")) expect([gid, 0]).toContain(value);
        for (const value of all("runAsUser")) expect([uid, 0, uid === 4294967294 ? uid - 1 : uid + 1]).toContain(value);
        // A path with blanks is one value, and nothing but the path.
        if (takes("cacheDir") && target.name === "kubernetes-job") expect(all("mountPath")).toContain(path);
      },
    ),
    { numRuns: 300 },
  );
});

it("the umask of the contract is what a shell sets and systemd has", () => {
  for (const contract of ["private", "group", "readonly"] as const) {
    const octal = umaskOfContract(contract).toString(8).padStart(4, "0");
    expect(made(targetNamed("systemd-unit"), { contract })).toContain(`\nUMask=${octal}\n`);
  }
  expect(made(targetNamed("kubernetes-job"), { variant: "group" })).toContain("umask 002 && exec go");
});

it.each<[string, Wanted, string]>([
  ["dockerfile", { cacheDir: "/a b" }, "blank"],
  ["dockerfile", { cacheDir: "/a\nRUN evil" }, "character"],
  ["kubernetes-job", { cacheDir: "/go/$(HOME)" }, "character"],
  ["kubernetes-job", { cacheDir: "go" }, "absolute"],
  ["kubernetes-job", { cacheDir: "/go/../etc" }, "plain form"],
  ["kubernetes-job", { cacheDir: "/etc/go" }, "system"],
  ["gitlab-ci", { cacheDir: "/go" }, "relative"],
  ["gitlab-ci", { cacheDir: "../go" }, "plain form"],
  ["dockerfile", { uid: 0 }, "root"],
  ["dockerfile", { gid: 4294967295 }, "4294967294"],
  ["dockerfile", { image: "golang AS x" }, "no name of an image"],
  ["dockerfile", { goVersion: "1.27; rm" }, "no version"],
  ["dockerfile", { variant: "init" }, "cache-mount, layer"],
  ["gitattributes", { uid: 5 }, "no use for --uid"],
  ["kubernetes-job", { variant: "group", contract: "private" }, "contract group"],
  ["kubernetes-job", { uid: 5, otherUid: 5 }, "same user"],
])("refuses %s %j", (name, wanted, words) => {
  let error: unknown;
  try {
    made(targetNamed(name), wanted);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(UserError);
  expect(`${(error as UserError).message} ${(error as UserError).hint}`).toContain(words);
});

it("the command in the file makes it again", () => {
  expect(commandLine(targetNamed("compose"), { uid: 7, cacheDir: "/data/with blank" })).toBe(
    "gomodcache generate compose --uid 7 --cache-dir '/data/with blank'",
  );
});

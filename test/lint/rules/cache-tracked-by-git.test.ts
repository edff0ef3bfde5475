import { describe, expect, it } from "vitest";
import { type CacheDirectory, repositoryOf } from "../../../src/lint/repository.ts";
import { lint } from "../../../src/lint/run.ts";

const rule = "cache-tracked-by-git";
const cache: CacheDirectory = { path: "build/go mod", variable: "GOMODCACHE", state: "tracked", tracked: 12 };
const found = (...caches: CacheDirectory[]) =>
  lint([], { repository: repositoryOf({ path: ".gitignore", text: "/bin/\n" }, caches), only: new Set([rule]) })
    .findings;

describe(rule, () => {
  it("is told for each, with a command that copes with its name", () => {
    const findings = found(cache, { ...cache, path: "b", variable: "GOCACHE" });
    expect(findings.map(({ location }) => location?.file)).toEqual([".gitignore", ".gitignore"]);
    expect(findings[0]?.message).toContain("module cache build/go mod");
    expect(findings[1]?.message).toContain("build cache b");
    expect(findings[0]?.fixes[0]?.command).toContain("'/build/go mod/' >> .gitignore");
  });

  it("is silent without one", () => {
    expect(found()).toEqual([]);
    expect(found({ ...cache, state: "untracked" })).toEqual([]);
  });
});

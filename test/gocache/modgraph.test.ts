import { describe, expect, it } from "vitest";
import { type ModuleVersion, parseGoMod } from "../../src/gocache/gomod.ts";
import { loadGraph } from "../../src/gocache/modgraph.ts";
import type { Project } from "../../src/gocache/project.ts";

const goMods: Readonly<Record<string, string>> = {
  "example.com/a@v1.0.0": "go 1.21\nrequire example.com/b v1.0.0",
  "example.com/a@v1.1.0": "go 1.21\nrequire example.com/b v1.1.0",
  "example.com/b@v1.0.0": "go 1.21\nrequire example.com/c v1.0.0",
  "example.com/b@v1.1.0": "go 1.21\nrequire example.com/c v1.1.0",
  "example.com/c@v1.0.0": "go 1.21",
  "example.com/c@v1.1.0": "go 1.21",
  "example.com/old@v1.0.0": "require example.com/a v1.0.0",
};

/** What a graph selects, and which go.mod files were read for it, in order. */
function graphOf(mains: readonly string[], inWorkspace: boolean): { selected: string[]; read: string[] } {
  const read: string[] = [];
  const text = ({ path, version }: ModuleVersion): string => `${path}@${version}`;
  const project: Project = {
    directory: "/app",
    from: "/app",
    mains: mains.map((lines, index) => ({
      directory: `/app/${index}`,
      goMod: parseGoMod(`module example.org/main${index}\n\n${lines}\n`),
    })),
    ...(inWorkspace ? { work: { use: ["."], replace: [] } } : {}),
    sums: new Map(),
    go: "1.21",
    vendored: false,
    replace: [],
  };
  const { selected, missing } = loadGraph(project, (module) => {
    read.push(text(module));
    return parseGoMod(`module ${module.path}\n\n${goMods[text(module)]}\n`);
  });
  expect(missing).toEqual([]);
  return { selected: [...selected.values()].map(text).sort(), read };
}

describe("the module graph", () => {
  it("ends at the requirements of modules that list all that they need", () => {
    expect(graphOf(["go 1.21\nrequire example.com/a v1.0.0"], false)).toEqual({
      selected: ["example.com/a@v1.0.0", "example.com/b@v1.0.0"],
      read: ["example.com/a@v1.0.0"],
    });
  });

  it("goes on below a module that does not", () => {
    expect(graphOf(["go 1.21\nrequire example.com/old v1.0.0"], false).read).toEqual([
      "example.com/old@v1.0.0",
      "example.com/a@v1.0.0",
      "example.com/b@v1.0.0",
      "example.com/c@v1.0.0",
    ]);
  });

  it("follows, in a workspace, what one module raises for another", () => {
    expect(graphOf(["go 1.21\nrequire example.com/a v1.0.0", "go 1.21\nrequire example.com/a v1.1.0"], true)).toEqual({
      selected: ["example.com/a@v1.1.0", "example.com/b@v1.1.0", "example.com/c@v1.1.0"],
      read: ["example.com/a@v1.0.0", "example.com/a@v1.1.0", "example.com/a@v1.1.0", "example.com/b@v1.1.0"],
    });
  });
});

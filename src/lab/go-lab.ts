// go commands of an experiment: real ones, that ask nobody but the lab's own proxy.
import { posix } from "node:path";
import { systemPath } from "../host/system-path.ts";
import type { Actor, Lab, RunOptions } from "./lab.ts";
import { type LabModule, makeProject, makeProxy } from "./modules.ts";
import { must, type Ran } from "./program.ts";

export const alpha: LabModule = { path: "example.com/alpha", version: "v1.0.0" };
export const beta: LabModule = { path: "example.com/beta", version: "v1.0.0" };

export class GoLab {
  readonly proxy: string;
  private readonly program: string;

  constructor(private readonly lab: Lab) {
    this.program = lab.go;
    lab.makeDirectory("home", 0o711);
    this.proxy = makeProxy(lab.makeDirectory("proxy"), [alpha, beta]);
  }

  /** The environment of a user's go. */
  environment(cache: string, as?: Actor): Record<string, string> {
    const home = this.lab.makeDirectory(`home/${as?.uid ?? "own"}`, 0o700, as);
    return {
      PATH: `${posix.dirname(this.program)}:${systemPath}`,
      HOME: home,
      GOMODCACHE: cache,
      GOCACHE: posix.join(home, "go-build"),
      GOPATH: posix.join(home, "go"),
      GOTMPDIR: home,
      GOPROXY: this.proxy,
      GOSUMDB: "off",
      GOTOOLCHAIN: "local",
      GOFLAGS: "",
      GOENV: "off",
      GOTELEMETRY: "off",
      CGO_ENABLED: "0",
    };
  }

  /** A project of root's, which everybody may read, with a go.sum. */
  async project(name: string, needs: LabModule, kind: "library" | "main" = "library"): Promise<string> {
    const directory = this.lab.makeDirectory(name);
    makeProject(directory, needs, kind);
    const env = { ...this.environment(this.lab.at("cache-of-tidy")), GOFLAGS: "-modcacherw" };
    must(await this.lab.run(["go", "mod", "tidy"], { cwd: directory, env }));
    return directory;
  }

  /** Runs a go command in a project and shows it. */
  show(words: readonly string[], project: string, cache: string, options: RunOptions = {}): Promise<Ran> {
    return this.lab.show(["go", ...words], { ...options, cwd: project, env: this.environment(cache, options.as) });
  }
}

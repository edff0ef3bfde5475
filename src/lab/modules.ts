// Modules of our own, laid out as a GOPROXY serves them, and projects that need them: no experiment asks the network.
import { mkdirSync, writeFileSync } from "node:fs";
import { posix } from "node:path";
import { zipSync } from "fflate";

export interface LabModule {
  /** In lower case: nothing is escaped. */
  readonly path: string;
  readonly version: string;
}

const goMod = (path: string): string => `module ${path}\n\ngo 1.20\n`;
const packageName = (path: string): string => posix.basename(path);

/** `go help goproxy`: list, .info, .mod and .zip below PATH/@v. @returns the directory's file:// address */
export function makeProxy(directory: string, modules: readonly LabModule[]): string {
  for (const { path, version } of modules) {
    const at = posix.join(directory, path, "@v");
    mkdirSync(at, { recursive: true });
    const files = {
      "go.mod": goMod(path),
      [`${packageName(path)}.go`]: `package ${packageName(path)}\n\nconst Name = "${path}"\n`,
      "sub/sub.go": "package sub\n\nconst Depth = 1\n",
    };
    const zip = Object.fromEntries(
      Object.entries(files).map(([name, text]) => [`${path}@${version}/${name}`, new TextEncoder().encode(text)]),
    );
    writeFileSync(posix.join(at, "list"), `${version}\n`);
    writeFileSync(
      posix.join(at, `${version}.info`),
      JSON.stringify({ Version: version, Time: "2024-01-02T03:04:05Z" }),
    );
    writeFileSync(posix.join(at, `${version}.mod`), goMod(path));
    writeFileSync(posix.join(at, `${version}.zip`), zipSync(zip, { level: 0, mtime: "2024-01-02" }));
  }
  return `file://${directory}`;
}

/** A package that imports a module, or a program that prints its name; its go.sum is left to `go mod tidy`. */
export function makeProject(directory: string, needs: LabModule, kind: "library" | "main"): void {
  mkdirSync(directory, { recursive: true });
  const { path, version } = needs;
  const name = `${packageName(path)}.Name`;
  const files = {
    "go.mod": `${goMod("example.com/app")}\nrequire ${path} ${version}\n`,
    "app.go":
      kind === "main"
        ? `package main\n\nimport "${path}"\n\nfunc main() { println(${name}) }\n`
        : `package app\n\nimport "${path}"\n\nconst Name = ${name}\n`,
  };
  for (const [file, text] of Object.entries(files)) writeFileSync(posix.join(directory, file), text);
}

// Pods without a cluster: podman runs them, on directories as the kubelet makes them, with busybox under the name of the golang image.
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeImageRoot } from "../../src/lab/image.ts";
import { makeProject, makeProxy } from "../../src/lab/modules.ts";
import { Podman } from "../../src/lab/podman.ts";
import { Programs } from "../../src/lab/program.ts";
import { goProgram, makeLab, removeLab } from "./lab.ts";

const alpha = { path: "example.com/alpha", version: "v1.0.0" };
const beta = { path: "example.com/beta", version: "v1.0.0" };
const repository = fileURLToPath(new URL("../..", import.meta.url));

/** @returns why it cannot be had here */
export function missingPodTools(): string | undefined {
  if (process.platform !== "linux" || process.geteuid?.() !== 0) return "running pods here needs root on Linux";
  const absent = ["podman", "runc", "catatonit", "busybox", goProgram].find(
    (name) => spawnSync(name, ["--help"], { stdio: "ignore" }).error !== undefined,
  );
  return absent === undefined ? undefined : `${absent} is not installed`;
}

export interface PodLab {
  readonly podman: Podman;
  readonly directory: string;
  /** A program that needs example.com/alpha, readable by everybody. */
  readonly sources: string;
  readonly remove: () => Promise<void>;
}

/** @param images names that the image is to have */
export async function makePodLab(images: readonly string[]): Promise<PodLab> {
  const directory = makeLab("pods");
  const proxy = join(directory, "proxy");
  makeProxy(proxy, [alpha, beta]);
  const sources = join(directory, "sources");
  makeProject(sources, alpha, "main");
  // A package that needs nothing of go's own to be compiled.
  mkdirSync(join(sources, "lib"));
  writeFileSync(join(sources, "lib/lib.go"), 'package lib\n\nimport "example.com/alpha"\n\nconst Name = alpha.Name\n');
  const goRoot = spawnSync(goProgram, ["env", "GOROOT"], { encoding: "utf8", cwd: "/" }).stdout.trim();
  const env = { PATH: `${dirname(goProgram)}:/usr/bin:/bin`, HOME: join(directory, "home"), GOFLAGS: "-modcacherw" };
  const quiet = { GOPROXY: `file://${proxy}`, GOSUMDB: "off", GOTOOLCHAIN: "local", GOTELEMETRY: "off", GOENV: "off" };
  const tidy = spawnSync(goProgram, ["mod", "tidy"], { cwd: sources, env: { ...env, ...quiet }, encoding: "utf8" });
  if (tidy.status !== 0) throw new Error(tidy.stderr);
  const podman = new Podman({ directory: join(directory, "podman"), goRoot, proxy, programs: new Programs() });
  await podman.makeImage(images);
  return {
    podman,
    directory,
    sources,
    remove: async () => {
      await podman.close();
      removeLab(directory);
    },
  };
}

/** An image with gomodcache-init, as its own package would make it: node and the built program. */
export async function makeInitImage({ podman, directory }: PodLab, name: string): Promise<void> {
  const root = join(directory, "init-image");
  makeImageRoot(root);
  for (const path of [process.execPath, ...librariesOf(process.execPath)]) {
    const target = join(root, path === process.execPath ? "/usr/bin/node" : path);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(path, target);
  }
  cpSync(join(repository, "dist"), join(root, "opt/dist"), { recursive: true });
  const script = join(root, "bin/gomodcache-init");
  writeFileSync(script, '#!/bin/sh\nexec /usr/bin/node /opt/dist/init-cli.js "$@"\n');
  chmodSync(script, 0o755);
  const archive = `${root}.tar`;
  const tar = spawnSync("tar", ["-C", root, "-cf", archive, "."], { encoding: "utf8" });
  if (tar.status !== 0) throw new Error(tar.stderr);
  const { status, output } = await podman.podman(["import", "--change", "ENV PATH=/usr/bin:/bin", archive, name]);
  if (status !== 0) throw new Error(output);
  for (const path of [root, archive]) rmSync(path, { recursive: true });
}

/** The shared libraries of a program, and its loader (ldd(1)). */
function librariesOf(program: string): string[] {
  const { stdout } = spawnSync("ldd", [program], { encoding: "utf8" });
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].map((match) => match[1] as string);
}

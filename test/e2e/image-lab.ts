// Builds Dockerfiles with buildah, without a registry and without a daemon: the image golang:1.22 is made of a static busybox, Go's tree of
// this machine is mounted into every build, and modules come from a file:// proxy.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { imageEnvironment, makeImageRoot } from "../../src/lab/image.ts";
import { goProgram, makeLab, makeProxy, type TestModule, writeTree } from "./lab.ts";

export interface Built {
  readonly status: number | null;
  readonly output: string;
}

export interface ImageLab {
  readonly directory: string;
  /** The build context: a project that needs example.com/alpha; in `other` it has a go.sum that expects something else. */
  readonly context: string;
  /** Builds a Dockerfile; each `session` has cache mounts of its own. */
  readonly build: (dockerfile: string, session: string, options?: { tag?: string; args?: readonly string[] }) => Built;
  /** Bytes of all layers of an image, not compressed. */
  readonly size: (tag: string) => number;
  /** The configuration and the history of an image. */
  readonly inspect: (tag: string) => string;
  /** True if one of the image's layers holds the text. */
  readonly holds: (tag: string, text: string) => boolean;
}

const module = (path: string, version: string, extra: Record<string, string> = {}): TestModule => ({
  path,
  version,
  files: {
    "go.mod": `module ${path}\n\ngo 1.20\n`,
    "a.go": `package ${path.split("/").at(-1)}\n\nconst A = 1\n`,
    ...extra,
  },
});

/** @returns why it cannot be had here */
export function missingImageTools(): string | undefined {
  if (process.platform !== "linux" || process.geteuid?.() !== 0) return "building images here needs root on Linux";
  if (spawnSync("buildah", ["--version"]).status !== 0) return "buildah is not installed";
  if (spawnSync("busybox", ["true"]).status !== 0) return "busybox is not installed";
  if (spawnSync(goProgram, ["version"]).status !== 0) return "go is not installed";
  return undefined;
}

/** @param extra more files of the build context */
export function makeImageLab(extra: Readonly<Record<string, string>> = {}): ImageLab {
  const directory = makeLab("images");
  const proxy = join(directory, "proxy");
  // Large enough to be seen in the size of an image; zeroes would do, but nobody would believe them.
  const data = {
    "data.txt": Array.from({ length: 40_000 }, (_, line) => `${line} some text to take up space`).join("\n"),
  };
  makeProxy(proxy, [module("example.com/alpha", "v1.0.0", data), module("example.com/beta", "v1.0.0")]);
  const context = join(directory, "context");
  writeTree(context, {
    "go.mod": "module example.com/app\n\ngo 1.20\n",
    "a.go": 'package app\n\nimport "example.com/alpha"\n\nconst A = alpha.A\n',
    ".netrc": "machine git.example.org login me password hunter2-hunter2\n",
    ...extra,
  });
  tidy(context, directory, proxy);
  const sum = readFileSync(join(context, "go.sum"), "utf8");
  writeTree(context, {
    "other/go.mod": readFileSync(join(context, "go.mod"), "utf8"),
    "other/go.sum": sum.replace(/h1:.{8}/, "h1:AAAAAAAA"),
  });
  const goRoot = spawnSync(goProgram, ["env", "GOROOT"], { encoding: "utf8" }).stdout.trim();
  const store = ["--root", join(directory, "root"), "--runroot", join(directory, "run"), "--storage-driver", "vfs"];
  const buildah = (args: readonly string[], temporary = directory): Built => {
    const env = { ...process.env, BUILDAH_ISOLATION: "chroot", TMPDIR: temporary };
    const result = spawnSync("buildah", [...store, ...args], {
      encoding: "utf8",
      env,
      timeout: 100_000,
      maxBuffer: 1 << 26,
    });
    return { status: result.status, output: `${result.stdout}${result.stderr}${result.error?.message ?? ""}` };
  };
  makeBaseImage(directory, buildah);
  let count = 0;
  const pushed = (tag: string): string => {
    const target = join(directory, "pushed", tag);
    mkdirSync(dirname(target), { recursive: true });
    const { status, output } = buildah(["push", "-q", "--disable-compression", tag, `dir:${target}`]);
    if (status !== 0) throw new Error(output);
    return target;
  };
  const layers = (tag: string): string[] => {
    const target = pushed(tag);
    return readdirSync(target)
      .filter((name) => /^[0-9a-f]{64}$/.test(name))
      .map((name) => join(target, name));
  };
  return {
    directory,
    context,
    build: (dockerfile, session, { tag, args = [] } = {}) => {
      count += 1;
      const file = join(directory, `Dockerfile.${count}`);
      writeFileSync(file, dockerfile);
      const temporary = join(directory, "sessions", session);
      mkdirSync(temporary, { recursive: true });
      const volumes = ["-v", `${goRoot}:/usr/local/go:ro`, "-v", `${proxy}:/proxy:ro`];
      const layered = tag === undefined ? "--layers=false" : "--layers";
      const named = tag === undefined ? [] : ["-t", tag];
      const argv = ["bud", "--pull-never", "--isolation", "chroot", layered, ...volumes, ...named, ...args, "-f", file];
      let result = buildah([...argv, context], temporary);
      // buildah's chroot isolation sometimes loses what a command says before it fails.
      for (let again = 0; again < 3 && /^STEP .*\nsubprocess exited/m.test(result.output); again += 1)
        result = buildah([...argv, context], temporary);
      return result;
    },
    size: (tag) => layers(tag).reduce((sum, layer) => sum + statSync(layer).size, 0),
    inspect: (tag) => buildah(["inspect", "--type", "image", tag]).output,
    holds: (tag, text) => layers(tag).some((layer) => readFileSync(layer).includes(text)),
  };
}

function tidy(context: string, directory: string, proxy: string): void {
  const { status, stderr } = spawnSync(goProgram, ["mod", "tidy"], {
    cwd: context,
    encoding: "utf8",
    env: {
      PATH: `${dirname(goProgram)}:/usr/bin:/bin`,
      HOME: directory,
      GOFLAGS: "-modcacherw",
      GOPROXY: `file://${proxy}`,
      GOSUMDB: "off",
      GOTOOLCHAIN: "local",
    },
  });
  if (status !== 0) throw new Error(stderr);
}

/** As docker-library/golang has it: root, GOPATH=/go, which everybody may write (with the sticky bit). */
function makeBaseImage(directory: string, buildah: (args: readonly string[]) => Built): void {
  const root = join(directory, "base");
  makeImageRoot(root);
  mkdirSync(join(root, "home"));
  // Debian's busybox has no adduser: -D -u UID NAME is all that is needed here.
  const addUser =
    '#!/bin/sh\necho "$4:x:$3:$3::/home/$4:/bin/sh" >> /etc/passwd; mkdir -p "/home/$4"; chown "$3:$3" "/home/$4"\n';
  writeTree(root, { "bin/adduser": addUser });
  chmodSync(join(root, "bin/adduser"), 0o755);
  writeTree(root, {
    "etc/ssl/certs/ca-certificates.crt": "",
  });
  const step = (...args: string[]): string => {
    const { status, output } = buildah(args);
    if (status !== 0) throw new Error(`buildah ${args.join(" ")}: ${output}`);
    return output.trim();
  };
  const container = step("from", "scratch");
  step("copy", "-q", container, root, "/");
  const settings = Object.entries(imageEnvironment).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
  step("config", ...settings, "--workingdir", "/go", container);
  step("commit", "-q", container, "docker.io/library/golang:1.22");
}

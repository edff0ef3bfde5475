// Recordings of each generation of WSL: test/fixtures/wsl/README.md says where they are from.
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { detectContainer, wslGeneration } from "../../src/host/container.ts";
import { mountOf, parseMountinfo, parseMounts } from "../../src/host/mounts.ts";
import { drvfsOf } from "../../src/permission/drvfs.ts";
import { decidesElsewhere } from "../../src/permission/mount.ts";

const place = (name: string, file: string): URL => new URL(`../fixtures/wsl/${name}/${file}`, import.meta.url);
const files: Readonly<Record<string, string>> = {
  "/proc/sys/kernel/osrelease": "osrelease",
  "/proc/version": "version",
  "/proc/self/mounts": "mounts",
};
const reads =
  (name: string, more: Record<string, string> = {}) =>
  (path: string): string | undefined => {
    const file = files[path];
    if (more[path] !== undefined) return more[path];
    return file === undefined || !existsSync(place(name, file)) ? undefined : readFileSync(place(name, file), "utf8");
  };
const mountsOf = (name: string) =>
  existsSync(place(name, "mountinfo"))
    ? parseMountinfo(readFileSync(place(name, "mountinfo"), "utf8"))
    : parseMounts(readFileSync(place(name, "mounts"), "utf8"));

test.each([
  ["wsl1", 1, false, ["uid=1000", "gid=1000", "case=off"]],
  ["wsl2-9p", 2, false, ["path=C:\\", "uid=1000", "gid=1000", "symlinkroot=/mnt/"]],
  ["wsl2-9p-metadata", 2, true, ["uid=1000", "umask=22", "fmask=11"]],
  ["wsl2-store", 2, false, ["uid=1000"]],
  ["wsl2-virtiofs", 2, undefined, []],
  ["wsl2-virtiofs-guid", 2, undefined, []],
  ["wsl2-custom-kernel", 2, false, ["uid=1000"]],
] as const)("%s is WSL%i, and metadata of /mnt/c is %s", (name, generation, metadata, options) => {
  expect(wslGeneration(reads(name), {})).toBe(generation);
  expect(detectContainer(reads(name), {})).toBe("wsl");
  const mount = mountOf("/mnt/c/Users/gopher", mountsOf(name));
  if (mount === undefined) throw new Error("no mount");
  expect(mount.mountPoint).toBe("/mnt/c");
  const drive = drvfsOf(mount);
  expect(drive?.metadata).toBe(metadata);
  expect(drive?.options).toEqual(expect.arrayContaining([...options]));
  expect(decidesElsewhere(mount) === undefined).toBe(metadata === true);
  // Nothing else of the table is a drive.
  expect(mountsOf(name).filter((one) => drvfsOf(one) !== undefined)).toHaveLength(1);
});

test("a container of Docker Desktop is no distribution, though the kernel is WSL's", () => {
  expect(detectContainer(reads("docker-desktop", { "/.dockerenv": "" }), {})).toBe("docker");
  expect(detectContainer(reads("docker-desktop"), {})).toBe("container");
  const mount = mountOf("/work/app", mountsOf("docker-desktop"));
  expect(mount && drvfsOf(mount)?.metadata).toBe(true);
});

test.each([
  [{ "/proc/sys/fs/binfmt_misc/WSLInterop-late": "enabled\n" }, {}, 2],
  [{}, { WSL_DISTRO_NAME: "Ubuntu", WSL_INTEROP: "/run/WSL/8_interop" }, 2],
  [{}, { WSL_DISTRO_NAME: "Ubuntu" }, undefined],
  [{ "/proc/sys/kernel/osrelease": "4.19.104-microsoft-standard\n" }, {}, 2],
  [{ "/proc/sys/kernel/osrelease": "3.4.0-Microsoft\n" }, {}, 1],
  [{ "/proc/sys/kernel/osrelease": "6.1.21.2-mine-WSL2+\n" }, {}, 2],
  [{ "/proc/sys/kernel/osrelease": "6.8.0-1015-azure\n" }, {}, undefined],
])("files %j and variables %j mean generation %s", (more, environment, generation) => {
  expect(wslGeneration((path) => (more as Record<string, string>)[path], environment)).toBe(generation);
});

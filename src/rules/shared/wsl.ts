// What rules about WSL share: which of go's directories are on a Windows drive, and how that is mended.
import type { Facts } from "../../facts/facts.ts";
import type { Fix } from "../../finding/finding.ts";
import { drvfsOf } from "../../permission/drvfs.ts";
import type { Mount } from "../../permission/mount.ts";
import { type Automount, confPath, governorOf, readAutomount } from "../../wsl/automount.ts";
import type { WslConf } from "../../wsl/conf.ts";
import { asRoot, ownCacheFix, ownCachePath, placeNamed } from "./directory.ts";
import { setCommand, titleFor } from "./setting.ts";

/** Something of go's on a Windows drive. */
export interface OnDrive {
  readonly what: "GOMODCACHE" | "GOCACHE" | "the work tree";
  readonly path: string;
  readonly mount: Mount;
}

export function onDrives(facts: Facts): OnDrive[] {
  const { cache, wsl } = facts;
  const build = placeNamed(facts, "GOCACHE");
  const all: readonly (Omit<OnDrive, "mount"> & { mount: Mount | undefined })[] = [
    { what: "GOMODCACHE", path: cache.path, mount: cache.mount },
    { what: "GOCACHE", path: build?.path ?? "", mount: build?.path === "off" ? undefined : build?.mount },
    { what: "the work tree", path: wsl?.workTree?.path ?? "", mount: wsl?.workTree?.mount },
  ];
  return all.filter((one): one is OnDrive => one.mount !== undefined && drvfsOf(one.mount) !== undefined);
}

/** What is in /etc/wsl.conf; undefined outside of WSL, and where the file could not be read. */
export function readConf(facts: Facts): { conf: WslConf; automount: Automount } | undefined {
  const { wsl } = facts;
  if (wsl === undefined || "unseen" in wsl.conf) return undefined;
  return readAutomount(wsl.conf.value, "value" in wsl.fstab ? wsl.fstab.value : "");
}

/** Why a rule about wsl.conf could not look, in WSL. */
export function blockedByConf({ wsl }: Facts): string | undefined {
  if (wsl === undefined) return undefined;
  if ("unseen" in wsl.conf) return wsl.conf.unseen;
  return "unseen" in wsl.fstab ? wsl.fstab.unseen : undefined;
}

/** Makes a cache on the Linux side and has go use it. */
export function linuxSideFix(facts: Facts): Fix {
  if (facts.container !== "wsl") return ownCacheFix(facts);
  const path = ownCachePath(facts);
  return {
    title: titleFor(facts, "Keep the module cache on the Linux side"),
    disposition: "safe",
    command: `gomodcache init --cache-dir ${path} && ${setCommand(facts, "GOMODCACHE", path)}`,
  };
}

/** Has WSL keep modes and owners on a drive; none if wsl.conf is not what decides there, or says so already. */
export function metadataFix(facts: Facts, { mountPoint }: Mount): Fix[] {
  const read = readConf(facts);
  if (read === undefined || read.conf.stop !== undefined || governorOf(mountPoint, read.automount) !== "wsl.conf")
    return [];
  if (read.automount.options.includes("metadata")) return [restartFix];
  return [
    {
      title: `Or keep modes on the drives: set metadata in ${confPath}, and restart WSL`,
      disposition: "safe",
      command: asRoot(facts, "gomodcache fix --wsl-conf"),
    },
  ];
}

export const restartFix: Fix = {
  title: "End this distribution, with every program in it, and start it again after 8 seconds",
  disposition: "unsafe",
  command: 'wsl.exe --terminate "$WSL_DISTRO_NAME"',
};

/** Half a sentence about what a drive does to modes. */
export function modesOn(mount: Mount): string {
  const metadata = drvfsOf(mount)?.metadata;
  if (metadata === undefined) return "Whether it keeps modes and owners is not shown for virtiofs";
  return metadata
    ? "It keeps modes and owners (metadata), but Windows can still refuse what they grant"
    : "It is mounted without the metadata option: chmod and chown have no effect, or are refused (EPERM)";
}

// What is to be changed in /etc/wsl.conf so that WSL keeps modes and owners on the Windows drives.
import type { Facts } from "../facts/facts.ts";
import { unifiedDiff } from "../lint/diff.ts";
import { Lines } from "../lint/lines.ts";
import { drvfsOf } from "../permission/drvfs.ts";
import type { Mount } from "../permission/mount.ts";
import { confPath, governorOf, readAutomount, withMetadata } from "./automount.ts";
import { settingOf } from "./conf.ts";
import { applied, setSetting } from "./edit.ts";

export interface ConfPlan {
  /** The whole text as it is, and as it is to be; absent if it stays as it is. */
  readonly change?: { readonly before: string; readonly after: string; readonly diff: string };
  /** Why it stays as it is although the drives keep no modes, in one clause. */
  readonly refused?: string;
  /** Whether WSL has to be restarted before the drives go by it. */
  readonly restart: boolean;
}

/**
 * @param mount of the drive that it is about; every drive that WSL mounts by itself if absent
 * @returns `conf` and `fstab` must have been seen
 */
export function planConf(texts: { conf: string; fstab: string }, mounts: readonly Mount[], mount?: Mount): ConfPlan {
  const { conf, automount } = readAutomount(texts.conf, texts.fstab);
  const drives = (mount === undefined ? mounts : [mount]).filter(
    (one) => drvfsOf(one)?.metadata === false && governorOf(one.mountPoint, automount) === "wsl.conf",
  );
  const stays = { restart: false };
  const governor = mount === undefined ? "wsl.conf" : governorOf(mount.mountPoint, automount);
  if (conf.stop === undefined && !automount.enabled)
    return { ...stays, refused: "its [automount] enabled is false: what mounts the drives is where metadata belongs" };
  if (conf.stop === undefined && governor === "fstab")
    return { ...stays, refused: `/etc/fstab mounts ${mount?.mountPoint}: add metadata to the options there` };
  if (conf.stop === undefined && governor === undefined)
    return {
      ...stays,
      refused: `${mount?.mountPoint} was not mounted by WSL itself: add -o metadata to what mounts it`,
    };
  const options = settingOf(conf, "automount", "options")?.value;
  const edit = setSetting(conf, "automount", "options", withMetadata(options));
  if (edit === undefined) return { restart: drives.length > 0 };
  if ("refused" in edit) return { ...stays, refused: edit.refused };
  const region = new Lines(texts.conf).region(edit);
  const diff = unifiedDiff(confPath.slice(1), texts.conf, [{ ...edit, ...region }]);
  return { change: { before: texts.conf, after: applied(texts.conf, edit), diff }, restart: true };
}

/** The texts of a distribution, or why they could not be read; undefined outside of WSL. */
export function textsOf({ wsl }: Facts): { conf: string; fstab: string } | { unseen: string } | undefined {
  if (wsl === undefined) return undefined;
  if ("unseen" in wsl.conf) return wsl.conf;
  return "unseen" in wsl.fstab ? wsl.fstab : { conf: wsl.conf.value, fstab: wsl.fstab.value };
}

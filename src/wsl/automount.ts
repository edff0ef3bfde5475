// What /etc/wsl.conf asks for when WSL mounts the Windows drives: WslDistributionConfig.h and ConfigMountDrvFsVolumes of
// src/linux/init/config.cpp in microsoft/WSL. Each fixed drive goes to `root` and its letter, with the user's IDs, then `options`;
// a drive that /etc/fstab mounts there is left out.
import { isNamed, lower, parseWslConf, type Setting, settingOf, type WslConf } from "./conf.ts";

export interface Automount {
  readonly enabled: boolean;
  /** With a slash at its end. */
  readonly root: string;
  /** The items of `options`. */
  readonly options: readonly string[];
  /** Mount points of Windows drives that /etc/fstab has, if WSL reads it. */
  readonly byFstab: readonly string[];
}

export const confPath = "/etc/wsl.conf";

/** @param fstab the text of /etc/fstab */
export function automountOf(conf: WslConf, fstab: string): Automount {
  const root = settingOf(conf, "automount", "root")?.value ?? "/mnt";
  return {
    enabled: isOn(settingOf(conf, "automount", "enabled")),
    root: root.endsWith("/") ? root : `${root}/`,
    options: itemsOf(settingOf(conf, "automount", "options")?.value ?? ""),
    byFstab: isOn(settingOf(conf, "automount", "mountFsTab")) ? windowsDrivesOf(fstab) : [],
  };
}

/** Both are on unless they are switched off. */
function isOn(setting: Setting | undefined): boolean {
  return setting === undefined || !["false", "0"].includes(lower(setting.value));
}

export function itemsOf(options: string): string[] {
  return options.split(",").filter((item) => item !== "");
}

/** Who decides about the options of the drive on a mount point; undefined if that cannot be told. */
export function governorOf(mountPoint: string, automount: Automount): "wsl.conf" | "fstab" | undefined {
  if (automount.byFstab.includes(mountPoint)) return "fstab";
  const letter = mountPoint.startsWith(automount.root) ? mountPoint.slice(automount.root.length) : "";
  return automount.enabled && /^[a-z]$/.test(letter) ? "wsl.conf" : undefined;
}

/** fstab(5): lines of the type drvfs; space and tab in a name are written as \040 and \011. */
function windowsDrivesOf(fstab: string): string[] {
  return fstab.split("\n").flatMap((line) => {
    const [source = "", target, type] = line.trim().split(/[ \t]+/);
    if (source.startsWith("#") || target === undefined || type !== "drvfs") return [];
    const name = target.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
    return [name.length > 1 && name.endsWith("/") ? name.slice(0, -1) : name];
  });
}

/** What microsoft's own example has. The masks keep files without metadata from being everybody's to write. */
const usual = "metadata,umask=22,fmask=11";

/** The value of `options` with `metadata` in it: others that are there stay as they are. */
export function withMetadata(options: string | undefined): string {
  const items = itemsOf(options ?? "");
  if (items.length === 0) return usual;
  if (items.includes("metadata")) return options as string;
  // WSL compares without trimming: " metadata" is no option of drvfs.
  const spaced = items.findIndex((item) => item.trim() === "metadata");
  return spaced < 0 ? `metadata,${options}` : items.map((item) => item.trim()).join(",");
}

/** Which of the options that wsl.conf has a running mount lacks: those that the mount table shows. */
export function notYetIn(mounted: readonly string[], automount: Automount): string[] {
  const shown = /^(metadata|(uid|gid|umask|fmask|dmask)=.+)$/;
  return automount.options.filter((option) => shown.test(option) && !mounted.includes(option));
}

/** A setting that WSL does not take from where it stands, though its name is one of a drive's mount options. */
export interface Misplaced {
  readonly setting: Setting;
  /** One clause: "automount.options is set in line 3 already, and the first one counts". */
  readonly because: string;
}

const mountOptions = new Set(["metadata", "uid", "gid", "umask", "fmask", "dmask", "case"]);

export function misplacedIn(conf: WslConf): Misplaced[] {
  const first = settingOf(conf, "automount", "options");
  return conf.settings.flatMap((setting): Misplaced[] => {
    const key = lower(setting.key);
    if (isNamed(setting, "automount", "options")) {
      if (first === undefined || setting === first || setting.value === first.value) return [];
      return [{ setting, because: `automount.options is set in line ${first.line} already, and the first one counts` }];
    }
    // A key of its own: the umask of the shells (WslDistributionConfig.cpp).
    if (isNamed(setting, "filesystem", "umask")) return [];
    const isOption = mountOptions.has(key);
    const isOptions = key === "options" && itemsOf(setting.value).includes("metadata");
    if (!isOption && !isOptions) return [];
    return [{ setting, because: placeOf(setting) }];
  });
}

function placeOf({ section, key }: Setting): string {
  if (["wsl2", "experimental"].includes(lower(section)))
    return `[${section}] is a section of .wslconfig, on the Windows side, and has no ${key} there either`;
  if (lower(section) === "automount") return `[automount] has no key ${key}: it is an item of its key options`;
  return section === "" ? "it stands above the first section" : `[${section}] has no key ${key}`;
}

/** Reads the two files at once. */
export function readAutomount(text: string, fstab: string): { conf: WslConf; automount: Automount } {
  const conf = parseWslConf(text);
  return { conf, automount: automountOf(conf, fstab) };
}

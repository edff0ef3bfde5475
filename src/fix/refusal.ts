// Which directories are never brought under a contract, and which only if they are named: a wrong --cache-dir as root must not
// hand /usr to somebody.
import { posix } from "node:path";

/** Directories of the system, and all that lies in some of them. */
const never: ReadonlySet<string> = new Set(
  "/ /bin /boot /dev /etc /home /lib /lib32 /lib64 /libx32 /media /mnt /opt /proc /root /run /sbin /srv /sys /tmp /usr /usr/local /var /var/lib /var/log /var/cache /var/tmp /Users /Library /System /Applications /private /Volumes".split(
    " ",
  ),
);
const neverBelow = [
  "/bin",
  "/boot",
  "/dev",
  "/etc",
  "/lib",
  "/lib64",
  "/proc",
  "/sbin",
  "/sys",
  "/usr/bin",
  "/usr/lib",
  "/usr/sbin",
];

/**
 * Why a directory cannot be a module cache; undefined if it can.
 * @param path absolute, without links
 * @param homes of the users of this machine
 */
export function dangerOf(path: string, homes: readonly string[]): string | undefined {
  if (never.has(path)) return "it is a directory of the system";
  const above = neverBelow.find((directory) => path.startsWith(`${directory}/`));
  if (above !== undefined) return `it lies in ${above}, which belongs to the system`;
  return homes.some((home) => posix.normalize(`${home}/`) === `${path}/`)
    ? "it is somebody's home directory"
    : undefined;
}

/**
 * Whether a directory looks like a module cache, by what is in it.
 * @param names of its entries
 * @param below names of the entries of its directory `cache`
 */
export function hasMarks(names: readonly string[], below: readonly string[]): boolean {
  return names.length === 0 || ["download", "lock", "vcs"].some((name) => below.includes(name));
}

// What a mount takes away from, or adds to, the permissions of the entries below it.

import { drvfsOf } from "./drvfs.ts";

export interface Mount {
  readonly mountPoint: string;
  /** As in /proc/self/mountinfo: ext4, overlay, nfs4, 9p, … */
  readonly type: string;
  readonly source: string;
  readonly readOnly: boolean;
  readonly noexec: boolean;
  readonly idmapped: boolean;
  readonly options: readonly string[];
}

const networkTypes = new Set([
  "nfs",
  "nfs4",
  "cifs",
  "smb3",
  "smbfs",
  "ceph",
  "afs",
  "glusterfs",
  "lustre",
  "gpfs",
  "9p",
  "afpfs",
  "webdav",
]);

/** True if another machine (or a hypervisor) has the last word on access and on locks. */
export function isNetwork(mount: Mount): boolean {
  return networkTypes.has(mount.type) || /^fuse\.(sshfs|glusterfs|s3fs|rclone|ceph)/.test(mount.type);
}

/** True for a Windows drive inside WSL. */
export function isDrvfs(mount: Mount): boolean {
  return drvfsOf(mount) !== undefined;
}

/** The file systems that the kernel of macOS itself decides for; others do so in their server or their driver (vfs_authopaque). */
const decidedByDarwin: ReadonlySet<string> = new Set([
  ...["apfs", "hfs", "msdos", "exfat", "devfs", "autofs", "tmpfs", "cd9660", "udf"],
]);

/** The same for a mount of macOS, where file systems of FSKit run in a process besides the kernel. */
export function decidesElsewhereOnDarwin({ type, mountPoint, options }: Mount): string | undefined {
  if (decidedByDarwin.has(type) && !options.includes("fskit")) return undefined;
  return `${mountPoint} is ${type}: its server or driver decides`;
}

/** True if the kernel's mode and ACL rules do not decide here, so that the answer is not ours to give. */
export function decidesElsewhere(mount: Mount): string | undefined {
  if (mount.type === "fuse" || mount.type.startsWith("fuse.") || mount.type === "fuseblk") {
    if (mount.options.includes("default_permissions")) return undefined;
    return `${mount.mountPoint} is a ${mount.type} mount without default_permissions: its daemon decides`;
  }
  const drive = drvfsOf(mount);
  if (drive === undefined || drive.metadata === true) return undefined;
  const metadata = drive.metadata === false ? "without metadata" : "over virtiofs, whose options are not shown";
  return `${mount.mountPoint} is a Windows drive ${metadata}: Windows decides`;
}

/**
 * What the kernel grants, somebody else can still refuse: with metadata, modes are checked as on any file system, and then each
 * call is made with the rights of the Windows user (learn.microsoft.com/windows/wsl/file-permissions).
 */
export function refusesBeyond(mount: Mount): string | undefined {
  if (drvfsOf(mount) === undefined) return undefined;
  return `${mount.mountPoint} is a Windows drive: Windows may refuse what the mode grants`;
}

// The kernel's settings that take away what modes grant: proc_sys_fs(5), and the security modules.
import type { KernelSettings } from "../permission/world.ts";
import type { ReadText } from "./container.ts";

/** A kernel without one of these settings does not restrict anything by it. */
export function readKernelSettings(text: ReadText): KernelSettings {
  const setting = (name: string): number => {
    const value = Number.parseInt(text(`/proc/sys/fs/${name}`) ?? "", 10);
    return Number.isInteger(value) ? value : 0;
  };
  return {
    protectedRegular: setting("protected_regular"),
    protectedFifos: setting("protected_fifos"),
    protectedSymlinks: setting("protected_symlinks"),
  };
}

/** False if anybody may make a hard link to anybody's file, where they can write: what a file is doing in a directory tells nothing. */
export function areHardLinksProtected(text: ReadText): boolean {
  return text("/proc/sys/fs/protected_hardlinks")?.trim() !== "0";
}

/** Types of SELinux's targeted policy that confine nothing. */
const unconfinedTypes = new Set(["unconfined_t", "unconfined_service_t", "spc_t", "kernel_t", "init_t", "initrc_t"]);

/** AppArmor profiles of container runtimes, which let a program at all files of its container but some of /proc and /sys. */
const openProfiles =
  /^(docker-default|cri-containerd\.apparmor\.d|crio-default|containers-default-.*|lxc-container-default.*)$/;

/** Why SELinux or AppArmor may refuse what modes and ACLs grant; undefined if neither does. */
export function readSecurityModule(text: ReadText): string | undefined {
  const label = (text("/proc/self/attr/current") ?? "").replace(/[\0\n]+$/, "");
  const profile = /^(.+) \((enforce|kill|complain|unconfined|mixed|prompt)\)$/.exec(label);
  if (profile !== null) {
    const [, name, mode] = profile as unknown as [string, string, string];
    if (mode === "complain" || mode === "unconfined" || openProfiles.test(name)) return undefined;
    return `AppArmor confines this program by the profile ${name}, which may refuse what modes and ACLs grant`;
  }
  const type = /^[^:]+:[^:]+:([^:]+)(:|$)/.exec(label)?.[1];
  // Containers seldom see selinuxfs: a label without it is taken as enforced.
  if (type === undefined || text("/sys/fs/selinux/enforce")?.trim() === "0" || unconfinedTypes.has(type))
    return undefined;
  return `SELinux confines this program to the type ${type}, and its policy may refuse what modes and ACLs grant`;
}

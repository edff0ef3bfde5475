// tmpfiles.d(5): a host's shared cache directory, made at boot with owner, mode and ACL.
import type { Settings, Target } from "../target.ts";

export const tmpfiles: Target = {
  name: "tmpfiles",
  summary: "a host's cache directory by tmpfiles.d: owner, mode, ACL",
  file: "/etc/tmpfiles.d/gomodcache.conf",
  cacheDir: "/srv/gomodcache",
  takes: ["uid", "gid", "cacheDir", "contract"],
  lines: (settings) => [
    "# See tmpfiles.d(5). At once: systemd-tmpfiles --create gomodcache.conf",
    ...entries(settings),
  ],
};

function entries({ uid, gid, cacheDir, contract }: Settings): string[] {
  const path = cacheDir.includes(" ") ? JSON.stringify(cacheDir) : cacheDir;
  if (contract === "private")
    return ["# One user writes; the age is -, so that nothing is removed.", `d ${path} 0755 ${uid} ${gid} -`];
  if (contract === "readonly")
    return [
      "# One user writes, everybody reads: who writes a module cache runs code as its users.",
      `d ${path} 0755 ${uid} ${gid} -`,
    ];
  return [
    "# setgid gives the group to what is made here.",
    `d ${path} 2775 ${uid} ${gid} -`,
    "# The default ACL gives it the right to write, whatever the umask of who makes it: with setgid alone that is lost.",
    `a+ ${path} - - - - default:user::rwx,default:group::rwx,default:group:${gid}:rwx,default:mask::rwx,default:other::r-x`,
  ];
}

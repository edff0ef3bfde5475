// A systemd service that runs go as one user, with the cache prepared before it starts.
import { umaskText } from "../pod.ts";
import type { Settings, Target } from "../target.ts";

export const systemdUnit: Target = {
  name: "systemd-unit",
  summary: "a service that runs go as one user",
  file: "/etc/systemd/system/go-build.service",
  cacheDir: "/srv/gomodcache",
  takes: ["uid", "gid", "cacheDir", "contract"],
  lines: (settings) => [
    "[Unit]",
    "Description=A build with go",
    "",
    "[Service]",
    "Type=oneshot",
    `User=${settings.uid}`,
    `Group=${settings.gid}`,
    "# Which rights nobody gets on what go makes.",
    `UMask=0${umaskText(settings)}`,
    `Environment=${word(`GOMODCACHE=${settings.cacheDir}`)}`,
    "# Made by systemd for this user below /var/cache; go's build cache is not for sharing.",
    "CacheDirectory=go-build",
    "Environment=GOCACHE=/var/cache/go-build HOME=/var/cache/go-build",
    "# + runs it as root, once before each start: it makes the directory or corrects owners, and changes nothing else.",
    `ExecStartPre=+/usr/bin/env gomodcache init -q --cache-dir ${word(settings.cacheDir)} ${contractWords(settings)}`,
    "# All else is read-only for the service.",
    "ProtectSystem=strict",
    `ReadWritePaths=-${word(settings.cacheDir)}`,
    "NoNewPrivileges=yes",
    "PrivateTmp=yes",
    "WorkingDirectory=/var/cache/go-build",
    "# Your command.",
    "ExecStart=/usr/bin/env go version",
  ],
};

function contractWords({ uid, gid, contract }: Settings): string {
  return `--owner ${uid}:${gid} --contract ${contract}${contract === "group" ? ` --group ${gid}` : ""}`;
}

/** systemd.syntax(7): a word with blanks stands in quotes. */
function word(text: string): string {
  return text.includes(" ") ? JSON.stringify(text) : text;
}

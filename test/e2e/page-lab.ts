// A host of its own for the commands of a page: accounts, homes, /srv and go's settings in a mount namespace, with the real sudo.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { goProgram, makeProxy, type TestModule } from "./lab.ts";
import { command, gomodcacheScript, initCommand } from "./program.ts";

export interface Block {
  readonly text: string;
  /** Who runs it; nobody in particular is the one who reads the page, here root. */
  readonly users: readonly string[];
  /** `in a project`, or nothing. */
  readonly place: string;
}

/** The blocks of a page that are marked as run by a test, in order. */
export function blocksOf(page: string): Block[] {
  const marked = /<!-- test\/e2e\/pages\.test\.ts runs this block(.*?) -->\n```sh\n([\s\S]*?)```/g;
  return [...readFileSync(page, "utf8").matchAll(marked)].map(([, who = "", text = ""]) => ({
    text,
    place: who.trim().startsWith("as ") ? "" : who.trim(),
    users: [...who.matchAll(/as (\w+)/g)].map(([, name]) => name as string),
  }));
}

export interface Host {
  readonly lab: string;
  readonly accounts: readonly string[];
  readonly modules: readonly TestModule[];
  /** Files of every account's `~/app`. */
  readonly project: Readonly<Record<string, string>>;
}

/** Bash that begins a host: run it in a new mount namespace. */
export function hostScript({ lab, accounts, modules, project }: Host): string {
  const bin = join(lab, "bin");
  mkdirSync(bin);
  for (const [name, words] of [
    ["gomodcache", command],
    ["gomodcache-init", initCommand],
  ] as const)
    writeFileSync(join(bin, name), gomodcacheScript(words), { mode: 0o755 });
  const proxy = makeProxy(join(lab, "proxy"), modules);
  for (const [name, text] of Object.entries(project)) {
    mkdirSync(dirname(join(lab, "app", name)), { recursive: true });
    writeFileSync(join(lab, "app", name), text);
  }
  const settings = `GOPROXY=${proxy}\\nGOSUMDB=off\\nGOTOOLCHAIN=local\\n`;
  const path = `${bin}:${dirname(goProgram)}:/usr/sbin:/usr/bin:/sbin:/bin`;
  const homes = ["/root", ...accounts.map((name) => `/home/${name}`)];
  return `set -euo pipefail
umask 022
mkdir ${lab}/etc
cp -a /etc/. ${lab}/etc/
mount --bind ${lab}/etc /etc
mkdir -p /var/lib/gomodcache
for directory in /srv /home /root; do mount -t tmpfs -o mode=755 tmpfs "$directory"; done
export PATH=${path} HOME=/root
unset SUDO_UID SUDO_GID SUDO_USER GOPROXY GOSUMDB GOMODCACHE GOCACHE GOFLAGS GOENV
printf 'Defaults secure_path="%s"\\nroot ALL=(ALL) NOPASSWD: ALL\\n' "$PATH" > /etc/sudoers
rm -rf /etc/sudoers.d
${accounts.map((name, at) => `useradd --create-home --uid ${2001 + at} --shell /bin/bash ${name}`).join("\n")}
for home in ${homes.join(" ")}; do
  mkdir -p "$home/.config/go" && printf '${settings}' > "$home/.config/go/env"
done
${accounts.map((name) => `cp -r ${lab}/app /home/${name}/app && chown -R ${name}: /home/${name}`).join("\n")}
mount -t tmpfs -o mode=700 tmpfs /var/lib/gomodcache
cd /root
`;
}

/** @returns status and everything that was said */
export function runOnHost(script: string): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(
    "unshare",
    ["--mount", "--propagation", "private", "bash", "-c", script],
    {
      encoding: "utf8",
      timeout: 280_000,
    },
  );
  return { status, said: stdout + stderr };
}

/** What runs the blocks as their users, each told before it is run. */
export function scriptOf(blocks: readonly Block[]): string {
  return blocks
    .flatMap(({ text, users }) => {
      const quoted = text.replaceAll("'", `'\\''`);
      return users.length === 0
        ? [`set -x\n${text}{ set +x; } 2>/dev/null`]
        : users.map((name) => `sudo -H -u ${name} bash -euxc 'cd ~\n${quoted}'`);
    })
    .join("\n");
}

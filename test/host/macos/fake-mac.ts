// A directory of programs that behave as the tools of macOS are recorded to (test/fixtures/macos/ORIGIN.md), so that the code that
// asks them runs as it would there. What ls prints of an entry is composed of the lines that a test gives for its path.
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { macosTools, type Platform } from "../../../src/host/macos/tools.ts";

const recordings = fileURLToPath(new URL("../../fixtures/macos/", import.meta.url));

export interface FakeMac {
  /** Lines of `ls -leO` below an entry, by its path, without the number. */
  readonly acls?: Readonly<Record<string, readonly string[]>>;
  /** By path: `uchg,hidden`. */
  readonly flags?: Readonly<Record<string, string>>;
  /** What mount prints; an ordinary volume on `/` if absent. */
  readonly mounts?: string;
  /** Paths with com.apple.quarantine. */
  readonly quarantined?: readonly string[];
  /** What csrutil prints; enabled if absent. */
  readonly protection?: string;
  /** Files of the system, by path; an empty /usr/share/firmlinks if absent. */
  readonly files?: Readonly<Record<string, string>>;
  /** Scripts that stand in for a tool altogether. */
  readonly instead?: Readonly<Record<string, string>>;
}

/** @param directory an empty one, whose path has no spaces */
export function fakeMac(directory: string, mac: FakeMac = {}): Platform {
  const program = (name: string, script: string): void => {
    writeFileSync(`${directory}/${name}`, `#!/bin/sh\n${mac.instead?.[name] ?? script}\n`);
    chmodSync(`${directory}/${name}`, 0o755);
  };
  const print = (file: string): string => `cat ${recordings}${file}`;
  rmSync(`${directory}/files`, { recursive: true, force: true });
  for (const [path, text] of Object.entries(mac.files ?? { "/usr/share/firmlinks": "" })) {
    mkdirSync(dirname(`${directory}/files${path}`), { recursive: true });
    writeFileSync(`${directory}/files${path}`, text);
  }
  writeFileSync(`${directory}/mounts`, mac.mounts ?? "/dev/disk3s5 on / (apfs, local, journaled)\n");
  program("mount", `cat ${directory}/mounts`);
  program("csrutil", mac.protection === undefined ? print("csrutil.txt") : `echo '${mac.protection}'`);
  program("dscacheutil", directoryService);
  program(
    "id",
    `case "$1" in -un) echo david;; *) sed 's/.*groups=//; s/([^)]*)//g; s/,/ /g' ${recordings}id.txt;; esac`,
  );
  const quarantined = (mac.quarantined ?? []).map((path) => `${path}) ${print("quarantine.txt")};;`).join(" ");
  program("xattr", `case "$3" in ${quarantined} *) echo "xattr: $3: No such xattr: $2" >&2; exit 1;; esac`);
  program(
    "ps",
    "printf '%5s %5s %s\\n' 1 0 /sbin/launchd 420 501 /opt/homebrew/Cellar/go/1.26.4/libexec/bin/go 421 -2 /bin/gopher",
  );
  program("ls", lister(mac));
  for (const [name, script] of Object.entries(mac.instead ?? {})) program(name, script);
  return { name: "darwin", tools: macosTools(directory) };
}

/** Prints the records that are asked for. */
const directoryService = `
case "$2" in user) file=users.txt;; *) file=groups.txt;; esac
if [ $# -eq 2 ]; then cat ${recordings}$file; exit; fi
awk -v RS= -v key="$4: $5" '{ split($0, lines, "\\n"); for (at in lines) if (lines[at] == key) print $0 "\\n" }' ${recordings}$file`;

/** Prints a line for each path as ls does, its name with -B, and the lines below it. */
function lister({ acls = {}, flags = {} }: FakeMac): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
  const cases = (of: (path: string) => string, paths: readonly string[]): string =>
    paths.map((path) => `${quoted(path)}) ${of(path)};;`).join("\n");
  const lines = (path: string): string =>
    (acls[path] ?? []).map((line, at) => `echo ${quoted(` ${at}: ${line}`)}`).join("; ");
  return `
[ "$1" = -ldeOB ] && [ "$2" = -- ] || { echo "ls: what is $*?" >&2; exit 64; }
shift 2
missing=0
for path; do
  if [ ! -e "$path" ] && [ ! -L "$path" ]; then echo "ls: $path: No such file or directory" >&2; missing=1; continue; fi
  flags=-
  case "$path" in ${cases((path) => `flags=${flags[path]}`, Object.keys(flags))} esac
  target=
  [ -L "$path" ] && target=" -> $(readlink "$path")"
  name=$(printf %s "$path" | LC_ALL=C awk -v ORS= 'BEGIN { for (i = 0; i < 256; i++) code[sprintf("%c", i)] = i }
    { if (NR > 1) printf "\\\\012"; for (i = 1; i <= length($0); i++) { c = substr($0, i, 1)
      if (code[c] < 32 || code[c] > 126 || c == "\\\\" || c == "\\"") printf "\\\\%03o", code[c]; else printf "%s", c } }')
  printf '%s+ 3 david  staff  %s 96 Jul  9 09:37 %s%s\\n' "$(stat -c %A "$path")" "$flags" "$name" "$target"
  case "$path" in ${cases(lines, Object.keys(acls))} esac
done
exit $missing`;
}

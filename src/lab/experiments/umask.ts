// What modes go leaves under which umask, and how a group's directory loses the group.
import { chownSync, lstatSync, readdirSync } from "node:fs";
import { posix } from "node:path";
import type { Experiment } from "../experiment.ts";
import { alpha, beta, GoLab } from "../go-lab.ts";
import type { Actor, Lab } from "../lab.ts";

export const umask: Experiment = {
  name: "umask",
  summary: "what modes go leaves under which umask, and how setgid decays",
  method:
    "A module is downloaded under four umasks, and every entry of the cache is compared with what go asks the kernel for. As root, two members of a group then share one directory: once with setgid alone, once with a default ACL.",
  needs: ["go", "stat"],
  run,
};

/** What cmd/go asks for: 0777 and 0666, and an extracted tree loses its write bits (golang/go, cmd/go/internal/modfetch/fetch.go). */
const asked = { directory: 0o777, file: 0o666, extractedDirectory: 0o555, extracted: 0o444 };
const masks = [0o022, 0o002, 0o027, 0o077];

async function run(lab: Lab): Promise<void> {
  const go = new GoLab(lab);
  const project = await go.project("project", alpha);
  for (const mask of masks) {
    const octal = mask.toString(8).padStart(3, "0");
    lab.step(`umask ${octal}`);
    const cache = lab.makeDirectory(`cache-${octal}`);
    await go.show(["mod", "download"], project, cache, { umask: mask });
    await showModes(lab, cache);
    const { wrong, count } = departures(cache, mask);
    lab.claim(
      `all ${count} entries have what go asks for, less the umask: directories ${mode(asked.directory & ~mask)}, files ${mode(asked.file & ~mask)}, extracted ${mode(asked.extractedDirectory & ~mask)} and ${mode(asked.extracted & ~mask)}${wrong.length === 0 ? "" : `; but not ${wrong.join(", ")}`}`,
      wrong.length === 0 && count > 10,
    );
  }
  if (process.geteuid?.() === 0) await shareWithGroup(lab, go, project);
  lab.conclude(
    "umask 022 lets others read and not add, 077 closes the cache, 027 leaves it to a group that only reads.",
  );
  lab.conclude(
    process.geteuid?.() === 0
      ? "The setgid bit hands the group on, not its right to write: that is taken by the umask of whoever makes the next directory. A default ACL takes the place of the umask. gomodcache init --contract group sets both."
      : "The two steps about a group need two users, so that they are left out without root.",
  );
}

const mode = (bits: number): string => bits.toString(8).padStart(4, "0");

async function showModes(lab: Lab, cache: string): Promise<void> {
  const names = [
    "cache/download",
    "cache/download/example.com/alpha/@v/v1.0.0.lock",
    "cache/download/example.com/alpha/@v/v1.0.0.mod",
    "cache/download/example.com/alpha/@v/v1.0.0.zip",
    "example.com/alpha@v1.0.0",
    "example.com/alpha@v1.0.0/alpha.go",
  ];
  await lab.show(["stat", "-c", "%A %a %n", ...names], { cwd: cache, command: "stat -c '%A %a %n' …" });
}

/** The entries that have another mode than go asked for, less the umask. */
function departures(cache: string, mask: number): { wrong: string[]; count: number } {
  const wrong: string[] = [];
  let count = 0;
  for (const entry of readdirSync(cache, { recursive: true, withFileTypes: true })) {
    const path = posix.join(entry.parentPath, entry.name);
    const name = posix.relative(cache, path);
    const extracted = name.includes("@v1.0.0") && !name.startsWith("cache/");
    const wanted = entry.isDirectory()
      ? extracted
        ? asked.extractedDirectory
        : asked.directory
      : extracted
        ? asked.extracted
        : asked.file;
    const found = lstatSync(path).mode & 0o7777;
    count += 1;
    if (found !== (wanted & ~mask)) wrong.push(`${name} (${mode(found)})`);
  }
  return { wrong, count };
}

async function shareWithGroup(lab: Lab, go: GoLab, project: string): Promise<void> {
  const group = lab.stranger(3).gid;
  const [first, second] = [1, 2].map((one): Actor => ({ ...lab.stranger(one), groups: [group] })) as [Actor, Actor];
  const other = await go.project("other", beta);
  const make = (name: string): string => {
    const cache = lab.makeDirectory(name);
    chownSync(cache, 0, group);
    return lab.makeDirectory(name, 0o2775);
  };

  lab.step("A group's directory, 2775, without an ACL");
  const plain = make("plain");
  await go.show(["mod", "download"], project, plain, { as: first, umask: 0o022 });
  await lab.show(["stat", "-c", "%A %u:%g %n", ".", "cache/download", "cache/download/example.com"], { cwd: plain });
  const decayed = lstatSync(posix.join(plain, "cache/download")).mode & 0o7777;
  lab.claim(
    "below it the setgid bit and the group are there, but not the group's right to write: 2755",
    decayed === 0o2755,
  );
  const refused = await go.show(["mod", "download"], other, plain, { as: second, umask: 0o022 });
  lab.claim(
    "so the second member of the group cannot add a module",
    refused.status !== 0 && /permission denied/.test(refused.output),
  );

  lab.step("The same directory with a default ACL for the group");
  const listed = make("listed");
  const entries = `u::rwx,g::rwx,g:${group}:rwx,o::rx,m::rwx`;
  const acl = await lab.show(["setfacl", "-d", "-m", entries, listed]);
  if (acl.status !== 0) {
    lab.claim("the file system or the machine has ACLs (apt-get install acl)", false);
    return;
  }
  await go.show(["mod", "download"], project, listed, { as: first, umask: 0o022 });
  await lab.show(["stat", "-c", "%A %u:%g %n", ".", "cache/download", "cache/download/example.com"], { cwd: listed });
  const kept = lstatSync(posix.join(listed, "cache/download")).mode & 0o7777;
  lab.claim("under the same umask 022 the group can still write: 2775", kept === 0o2775);
  const added = await go.show(["mod", "download"], other, listed, { as: second, umask: 0o022 });
  lab.claim("and the second member adds a module", added.status === 0);
}

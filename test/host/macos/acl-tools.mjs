// chmod, chflags and ls of macOS as their pages describe them, over files of any system: what a list and flags would be there is
// kept in a file, by inode. Nothing of the code under test is used here.
//   chmod(1): "-a# N" deletes by number, "+a# N ACE" inserts there, "+ai# N ACE" inserts as inherited, "-a ACE" deletes what says the
//     same, "+a ACE" inserts before other entries that allow (deny: before all), "-N" deletes the list; -h does not follow a link.
//   chflags(1): words, "no" before one clears it; only the owner may, and what is uchg lets nothing else be changed.
import { chmodSync, lstatSync, readFileSync, statSync, writeFileSync } from "node:fs";

const [state, tool, ...args] = process.argv.slice(2);
const all = JSON.parse(readFileSync(state, "utf8"));
const rights = [
  ["read", "list"],
  ["write", "add_file"],
  ["execute", "search"],
  ["delete", "delete"],
  ["append", "add_subdirectory"],
  ["delete_child", "delete_child"],
  ["readattr", "readattr"],
  ["writeattr", "writeattr"],
  ["readextattr", "readextattr"],
  ["writeextattr", "writeextattr"],
  ["readsecurity", "readsecurity"],
  ["writesecurity", "writesecurity"],
  ["chown", "chown"],
];
/** As strtofflags(3) puts them. */
const flagOrder = ["opaque", "uappnd", "uchg", "hidden"];
const inheritance = ["file_inherit", "directory_inherit", "limit_inherit", "only_inherit"];

function fail(text, status = 1) {
  process.stderr.write(`${tool}: ${text}\n`);
  process.exit(status);
}

function entryOf(path, follow) {
  let stats;
  try {
    stats = follow ? statSync(path) : lstatSync(path);
  } catch {
    fail(`${path}: No such file or directory`);
  }
  const key = `${stats.dev}:${stats.ino}`;
  all[key] ??= { acl: [], flags: [] };
  return { stats, entry: all[key] };
}

/** `who [inherited] kind words` as ls prints it, for the kind of entry. */
function parse(text, isDirectory) {
  const match = /^(.+?)[ :](allow|deny)[ :]([a-z_,]+)$/.exec(text);
  if (match === null) fail(`Unable to translate '${text}' to a UID/GID`);
  const [, who, kind, list] = match;
  const words = list.split(",").map((word) => {
    const known = rights.find((pair) => pair.includes(word));
    if (known !== undefined) return known[isDirectory ? 1 : 0];
    if (inheritance.includes(word) && isDirectory) return word;
    return fail(`Unrecognized permission ${word}`);
  });
  const order = [...rights.map((pair) => pair[isDirectory ? 1 : 0]), ...inheritance];
  return { who, kind, words: order.filter((word) => words.includes(word)), inherited: false };
}

const same = (one, other) =>
  one.who === other.who && one.kind === other.kind && one.words.join() === other.words.join();

function mayChange(path, stats, entry, isFlags) {
  if (process.getuid() !== 0 && process.getuid() !== stats.uid) fail(`${path}: Operation not permitted`);
  if (!isFlags && (entry.flags.includes("uchg") || entry.flags.includes("schg")))
    fail(`Failed to set ACL on file '${path}': Operation not permitted`);
}

/** What the kernel does besides: any change sets ctime. */
function touch(path, stats) {
  chmodSync(path, stats.mode & 0o7777);
}

function chmod() {
  const follow = args[0] !== "-h";
  if (!follow) args.shift();
  const option = args.shift();
  const at = option.endsWith("#") ? Number(args.shift()) : undefined;
  const ace = ["-a#", "-N"].includes(option) ? undefined : args.shift();
  for (const path of args) {
    const { stats, entry } = entryOf(path, follow);
    mayChange(path, stats, entry, false);
    const isDirectory = stats.isDirectory();
    if (option === "-N") entry.acl = [];
    else if (option === "-a#") {
      if (entry.acl[at] === undefined) fail(`No entry ${at} in the ACL of ${path}`);
      entry.acl.splice(at, 1);
    } else if (option === "+a#" || option === "+ai#") {
      if (at > entry.acl.length) fail(`Invalid entry number: ${at}`);
      entry.acl.splice(at, 0, { ...parse(ace, isDirectory), inherited: option === "+ai#" });
    } else if (option === "-a") {
      const gone = parse(ace, isDirectory);
      entry.acl = entry.acl.filter((one) => !same(one, gone));
    } else if (option === "+a") {
      const come = parse(ace, isDirectory);
      const place = come.kind === "deny" ? 0 : entry.acl.findIndex((one) => one.inherited || one.kind === "allow");
      entry.acl.splice(place < 0 ? entry.acl.length : place, 0, come);
    } else fail(`what is ${option}?`, 64);
    touch(path, stats);
  }
}

function chflags() {
  if (args[0] === "-h") args.shift();
  const words = args.shift().split(",");
  for (const path of args) {
    const { stats, entry } = entryOf(path, false);
    mayChange(path, stats, entry, true);
    for (const word of words) {
      const [flag, on] = word.startsWith("no") ? [word.slice(2), false] : [word, true];
      if (!flagOrder.includes(flag)) fail(`invalid flag: ${word}`);
      entry.flags = entry.flags.filter((one) => one !== flag);
      if (on) entry.flags.push(flag);
    }
    touch(path, stats);
  }
}

function ls() {
  if (args[0] !== "-ldeOB" || args[1] !== "--") fail(`what is ${args.join(" ")}?`, 64);
  let status = 0;
  let output = "";
  for (const path of args.slice(2)) {
    let stats;
    try {
      stats = lstatSync(path);
    } catch {
      process.stderr.write(`ls: ${path}: No such file or directory\n`);
      status = 1;
      continue;
    }
    const { acl, flags } = all[`${stats.dev}:${stats.ino}`] ?? { acl: [], flags: [] };
    const letter = stats.isDirectory() ? "d" : stats.isSymbolicLink() ? "l" : "-";
    const mode = [6, 3, 0]
      .map((at) => "rwx".replace(/./g, (bit, i) => ((stats.mode >> at) & (4 >> i) ? bit : "-")))
      .join("");
    output += `${letter}${mode}${acl.length > 0 ? "+" : " "} 1 david  staff  ${flagOrder.filter((flag) => flags.includes(flag)).join() || "-"} ${stats.size} Jul  9 09:37 ${path}\n`;
    for (const [at, { who, kind, words, inherited }] of acl.entries())
      output += ` ${at}: ${who}${inherited ? " inherited" : ""} ${kind} ${words.join()}\n`;
  }
  process.stdout.write(output);
  process.exit(status);
}

({ chmod, chflags, ls })[tool]();
writeFileSync(state, JSON.stringify(all));

// The hosts that go finds credentials for in the user's netrc file: cmd/go/internal/auth/netrc.go.
import { readFileSync } from "node:fs";
import { posix } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/** @returns the hosts, or undefined if there is a file that cannot be read: then nobody knows */
export function netrcHosts(env: Environment): ReadonlySet<string> | undefined {
  const file = env["NETRC"] || (env["HOME"] ? posix.join(env["HOME"], ".netrc") : undefined);
  if (file === undefined) return new Set();
  try {
    return parseNetrc(readFileSync(file, "utf8"));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? new Set() : undefined;
  }
}

/** Go reads machine entries with a login and a password up to `default`, which it does not take, and passes macros over. */
export function parseNetrc(text: string): Set<string> {
  const hosts = new Set<string>();
  let inMacro = false;
  let entry = { machine: "", login: "", password: "" };
  for (const line of text.split("\n")) {
    if (inMacro) {
      inMacro = line.trim() !== "";
      continue;
    }
    const words = line.trim().split(/\s+/);
    for (let at = 0; at + 1 < words.length; at += 2) {
      const [word, value] = [words[at] as string, words[at + 1] as string];
      if (word === "machine") entry = { machine: value, login: "", password: "" };
      else if (word === "login") entry.login = value;
      else if (word === "password") entry.password = value;
      else if (word === "macdef") inMacro = true;
      if (entry.machine !== "" && entry.login !== "" && entry.password !== "") hosts.add(entry.machine);
    }
    if (words[0] === "default") break;
  }
  return hosts;
}

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

/** What strings.Fields of Go takes for a blank (unicode.IsSpace): not a byte order mark. */
const blanks = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

/**
 * The machines with a login and a password, as parseNetrc of cmd/go/internal/auth/netrc.go finds them: quotes are letters, a macro ends at
 * an empty line (one of Windows, with a carriage return, is not empty), and `default` ends the file only as the last of an odd number of words.
 */
export function parseNetrc(text: string): Set<string> {
  const hosts = new Set<string>();
  let inMacro = false;
  let entry = { machine: "", login: "", password: "" };
  for (const line of text.split("\n")) {
    if (inMacro) {
      inMacro = line !== "";
      continue;
    }
    const words = line.split(blanks).filter((word) => word !== "");
    for (let at = 0; at + 1 < words.length; at += 2) {
      const [word, value] = [words[at] as string, words[at + 1] as string];
      if (word === "machine") entry = { machine: value, login: "", password: "" };
      else if (word === "login") entry.login = value;
      else if (word === "password") entry.password = value;
      else if (word === "macdef") inMacro = true;
      if (entry.machine === "" || entry.login === "" || entry.password === "") continue;
      hosts.add(entry.machine);
      entry = { machine: "", login: "", password: "" };
    }
    if (words.length % 2 === 1 && words.at(-1) === "default") break;
  }
  return hosts;
}

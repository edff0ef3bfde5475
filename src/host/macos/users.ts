// Users and groups of macOS are in its directory services; /etc/passwd has only those of the system. dscacheutil(1) prints them, and
// here they are put as the files and getent(1) of other systems have them.
import type { RunResult } from "../run.ts";
import type { UserSources } from "../user-sources.ts";
import type { MacosTools } from "./tools.ts";

/** What a UserDatabase asks, answered by directory services. */
export function directorySources(tools: MacosTools): UserSources {
  const ask = (kind: "user" | "group", ...query: string[]): RunResult => {
    const result = tools.run("dscacheutil", ["-q", kind, ...query]);
    const lines = result.status === 0 ? linesOf(kind, result.stdout.toString()) : [];
    // It prints nothing, and is content, where there is no such record; getent is not.
    const found = query.length === 0 || lines.length > 0;
    const status = found ? result.status : 2;
    const { status: _, ...rest } = result;
    return { ...rest, ...(status === undefined ? {} : { status }), stdout: Buffer.from(lines.join("\n")) };
  };
  return {
    file: (path) => {
      if (path === "/etc/passwd") return ask("user").stdout.toString();
      if (path === "/etc/group") return ask("group").stdout.toString();
      // Users of a network directory are not listed: they are asked for by name.
      return path === "/etc/nsswitch.conf" ? "passwd: files directory-services\n" : undefined;
    },
    program: (name, args) => {
      if (name !== "getent") return tools.run("id", args);
      const [database, key = ""] = args;
      const kind = database === "group" ? "group" : "user";
      const number = kind === "group" ? "gid" : "uid";
      return ask(kind, "-a", /^\d+$/.test(key) ? number : "name", key);
    },
  };
}

/** Records of `key: value` lines with an empty line after each, as lines of passwd(5) or group(5). */
function linesOf(kind: "user" | "group", output: string): string[] {
  return output.split(/\n\s*\n/).flatMap((block) => {
    const record = new Map<string, string>();
    for (const line of block.split("\n")) {
      const colon = line.indexOf(": ");
      if (colon > 0) record.set(line.slice(0, colon), line.slice(colon + 2).trim());
    }
    const field = (key: string): string => record.get(key) ?? "";
    const name = field("name");
    const gid = unsigned(field("gid"));
    // A colon would shift the fields after it.
    if (name === "" || [name, field("dir"), field("shell")].some((text) => text.includes(":"))) return [];
    if (kind === "group") return [`${name}:*:${gid}:${field("users").split(/\s+/).filter(Boolean).join(",")}`];
    return [`${name}:*:${unsigned(field("uid"))}:${gid}::${field("dir")}:${field("shell")}`];
  });
}

/** `nobody` is -2: the kernel's IDs have 32 bits without a sign. */
function unsigned(text: string): string {
  return /^-\d+$/.test(text) ? String(Number(text) + 4294967296) : text;
}

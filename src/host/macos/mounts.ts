// Which file systems are mounted where on macOS: what mount(8) prints.
import type { Looked } from "../../facts/facts.ts";
import type { Mount } from "../../permission/mount.ts";
import { fromBytes } from "../bytes.ts";
import { complaint } from "../run.ts";
import type { MacosTools } from "./tools.ts";

/** The mounts of this machine. */
export function readDarwinMounts(tools: MacosTools): Looked<readonly Mount[]> {
  const result = tools.run("mount", []);
  if (result.status !== 0) return { unseen: `mount: ${complaint(result)}` };
  const { mounts, unread } = parseDarwinMounts(fromBytes(result.stdout));
  // What is mounted unseen could be what a path is on.
  if (unread.length > 0) return { unseen: `mount printed a line of an unknown form: ${unread[0]}` };
  return withFirmlinks(mounts, tools);
}

const firmlinks = "/usr/share/firmlinks";

/**
 * Since macOS 10.15 `/Users`, `/opt`, `/private` and others are firmlinks: they look like directories of the sealed system volume and
 * are those of the data volume. Each is told as a mount of that volume, since it is one to all that is below it.
 */
function withFirmlinks(mounts: readonly Mount[], tools: MacosTools): Looked<readonly Mount[]> {
  const data = mounts.find(({ mountPoint }) => mountPoint === "/System/Volumes/Data");
  if (data === undefined) return { value: mounts };
  const text = tools.file(firmlinks);
  if (text === undefined) return { unseen: `${firmlinks} could not be read, which tells what is on the data volume` };
  const linked = text.split("\n").flatMap((line) => {
    const [path, target] = line.split("\t");
    return path?.startsWith("/") && target ? [{ ...data, mountPoint: path }] : [];
  });
  // Before the others, so that a volume which is mounted on such a directory covers it.
  return { value: [...linked, ...mounts] };
}

/**
 * Reads `SOURCE on MOUNTPOINT (TYPE, OPTION, …)`, a line for each. Later mounts cover earlier ones on the same point.
 * @returns besides the lines that are of another form
 */
export function parseDarwinMounts(text: string): { mounts: Mount[]; unread: string[] } {
  const mounts: Mount[] = [];
  const unread: string[] = [];
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const mount = parseLine(line);
    if (mount === undefined) unread.push(line.slice(0, 200));
    else mounts.push(mount);
  }
  return { mounts, unread };
}

function parseLine(line: string): Mount | undefined {
  // A volume may be called "a on b (c)": the last parentheses are mount's, and its mount point is the absolute path before them.
  const parts = /^(.*?) on (\/.*) \(([^()]+)\)$/.exec(line);
  if (parts === null) return undefined;
  const [, source, mountPoint, list] = parts as unknown as [string, string, string, string];
  const [type, ...options] = list.split(/, */) as [string, ...string[]];
  if (!/^[a-z0-9_.-]+$/i.test(type)) return undefined;
  return {
    mountPoint,
    type,
    source,
    readOnly: options.includes("read-only"),
    noexec: options.includes("noexec"),
    idmapped: false,
    options,
  };
}

// realpath(3) over a world, so that nothing is asked of a file system that does not answer.
import { Unseen, type World } from "../permission/world.ts";

/** MAXSYMLINKS of include/linux/namei.h. */
const mostLinks = 40;

/** @see MachineWorld.realPath */
export function realPath(world: World, path: string): string | "absent" | "dangling" | Unseen {
  let links = 0;
  let real = "";
  const rest = path.split("/").reverse();
  // While more than this is left, the way still leads through the target of a link.
  let afterLink = Number.POSITIVE_INFINITY;
  while (rest.length > 0) {
    const part = rest.pop() as string;
    const inLink = rest.length >= afterLink;
    if (part === "" || part === ".") continue;
    if (part === "..") {
      real = real.slice(0, Math.max(0, real.lastIndexOf("/")));
      continue;
    }
    const next = `${real}/${part}`;
    const entry = world.look(next);
    if (entry instanceof Unseen) return entry;
    if (entry === "absent") return inLink ? "dangling" : "absent";
    if (entry.type !== "symlink") {
      real = next;
      continue;
    }
    links += 1;
    if (links > mostLinks) return "dangling";
    const target = world.target(next);
    if (target instanceof Unseen) return target;
    if (target.startsWith("/")) real = "";
    if (!inLink) afterLink = rest.length;
    rest.push(...target.split("/").reverse());
  }
  return real === "" ? "/" : real;
}

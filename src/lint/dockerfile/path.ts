// Absolute paths of an image as texts.

/** True if one is the other, or above it. */
export function covers(above: string, path: string): boolean {
  return above === "/" || above === path || path.startsWith(`${above}/`);
}

/** True if one of them is the other, or above it. */
export function related(a: string, b: string): boolean {
  return covers(a, b) || covers(b, a);
}

/** A path as a command of the image means it; undefined if its start is not known. */
export function absolute(path: string, directory: string | undefined, home: string | undefined): string | undefined {
  if (path === "~" || path.startsWith("~/")) return home === undefined ? undefined : tidy(home + path.slice(1));
  if (path.startsWith("~")) return undefined;
  if (path.startsWith("/")) return tidy(path);
  return directory === undefined ? undefined : tidy(`${directory}/${path}`);
}

/** Without `.`, `..`, double slashes and a slash at the end; a glob stands for its directory. */
export function tidy(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (/[*?[]/.test(part)) break;
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** The directory that a path is in. */
export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

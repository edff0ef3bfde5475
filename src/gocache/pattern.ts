// Patterns of module paths as GOPRIVATE, GONOPROXY, GONOSUMDB and GOINSECURE have them: MatchPrefixPatterns of
// golang.org/x/mod/module, over Go's path.Match.

/** Whether one of a comma-separated list of patterns matches a module path or its first elements. */
export function matchesPrefix(patterns: string, path: string): boolean {
  return matchingPattern(patterns, path) !== undefined;
}

/** The first pattern of such a list that matches, as it is written: a blank beside a comma belongs to the pattern. */
export function matchingPattern(patterns: string, path: string): string | undefined {
  return patterns.split(",").find((pattern) => matchesOne(pattern, path));
}

/** The patterns of such a list that can match no module path: they have blanks or are malformed. */
export function deadPatterns(patterns: string): string[] {
  return patterns.split(",").filter((pattern) => {
    const glob = pattern.replace(/\/$/, "");
    // A blank is in no module path; a class that is not closed, or a backslash at the end, is Go's ErrBadPattern.
    return glob !== "" && (/\s|(^|[^\\])\[[^\]]*$|(^|[^\\])\\$/.test(glob) || toRegExp(glob) === undefined);
  });
}

/** True if the pattern matches the first elements of the module path, as many as the pattern has. */
function matchesOne(pattern: string, path: string): boolean {
  const glob = pattern.replace(/\/$/, "");
  if (glob === "") return false;
  const elements = path.split("/");
  const wanted = glob.split("/").length;
  return elements.length >= wanted && (toRegExp(glob)?.test(elements.slice(0, wanted).join("/")) ?? false);
}

/** Go's path.Match as a regular expression; undefined if the pattern is malformed. */
function toRegExp(glob: string): RegExp | undefined {
  const source = glob.replace(
    /\\(.)|\[(\^?)((?:\\.|[^\]\\])+)\]|[*?]|[.+^${}()|[\]\\]/gs,
    (part, escaped, not, members) => {
      if (escaped !== undefined) return escapeText(escaped);
      if (members !== undefined) return `[${not}${members.replace(/[\^[]/g, "\\$&")}]`;
      if (part === "*") return "[^/]*";
      return part === "?" ? "[^/]" : escapeText(part);
    },
  );
  try {
    return new RegExp(`^${source}$`, "s");
  } catch {
    return undefined;
  }
}

function escapeText(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

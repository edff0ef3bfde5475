// The patterns of GOPRIVATE, GONOSUMDB and GOINSECURE: golang.org/x/mod/module, MatchPrefixPatterns, over Go's path.Match.

/** Hosts from which most public modules come. A pattern that covers one of them covers other people's code. */
const publicHosts = [
  "github.com",
  "gitlab.com",
  "bitbucket.org",
  "golang.org",
  "google.golang.org",
  "gopkg.in",
  "k8s.io",
];
/** Nobody's module: only a pattern for the whole host matches it. */
const anyModule = "gomodcache-any-owner/gomodcache-any-module";

/** The patterns of a comma-separated list that match every module, or every module of a public host. */
export function widePatterns(list: string): string[] {
  return list
    .split(",")
    .filter((pattern) => publicHosts.some((host) => matchesPrefix(pattern, `${host}/${anyModule}`)));
}

/** True if the pattern matches the first elements of the module path, as many as the pattern has. */
export function matchesPrefix(pattern: string, path: string): boolean {
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

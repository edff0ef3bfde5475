// Which of go's directories a word of a shell script names.
import type { GoPlaces } from "../dockerfile/go-places.ts";
import { absolute, covers } from "../dockerfile/path.ts";

export type CacheVariable = "GOMODCACHE" | "GOCACHE" | "GOPATH";

const variables = /^\$(?:(GOMODCACHE|GOCACHE|GOPATH)\b|\{(GOMODCACHE|GOCACHE|GOPATH)\b[^}]*\})(\/.*)?$/;
const asked =
  /^(?:\$\(\s*(?:\S*\/)?go env (GOMODCACHE|GOCACHE|GOPATH)\s*\)|`(?:\S*\/)?go env (GOMODCACHE|GOCACHE|GOPATH)`)(\/.*)?$/;

/**
 * The directory that is named, or one that holds it, or one in it; GOPATH only if its pkg is meant too.
 * @param known what the surroundings tell, in a Dockerfile
 */
export function cacheNamed(
  word: string,
  known?: { places: GoPlaces; workdir: string | undefined },
): CacheVariable | undefined {
  const match = variables.exec(word) ?? asked.exec(word);
  if (match !== null) {
    const name = (match[1] ?? match[2]) as CacheVariable;
    const rest = match[3] ?? "";
    if (name !== "GOPATH") return name;
    return /^\/?$|^\/\*?$/.test(rest) ? "GOPATH" : /^\/pkg(\/|$)/.test(rest) ? "GOMODCACHE" : undefined;
  }
  if (/(^|\/)pkg\/mod(\/|$)/.test(word)) return "GOMODCACHE";
  if (/(^|\/)\.cache\/go-build(\/|$)/.test(word)) return "GOCACHE";
  if (/^(~|\$\{?HOME\}?)\/go(\/|\/pkg\/?)?$/.test(word)) return "GOPATH";
  if (known === undefined || word.includes("$")) return undefined;
  const path = absolute(word, known.workdir, known.places.home);
  if (path === undefined || path === "/") return undefined;
  const { modules, builds } = known.places;
  if (modules !== undefined && (covers(path, modules) || covers(modules, path)))
    return modules === `${path}/pkg/mod` ? "GOPATH" : "GOMODCACHE";
  if (builds !== undefined && (covers(path, builds) || covers(builds, path))) return "GOCACHE";
  return undefined;
}

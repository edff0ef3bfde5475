// What checks a module that is fetched: go.sum, and the checksum database (cmd/go/internal/modfetch/sumdb.go).
import { readProxies, type When } from "./proxies.ts";
import { coveredBy, type Match, type RouteSettings } from "./settings.ts";

export type DatabaseCheck =
  | {
      readonly kind: "database";
      readonly name: string;
      /** Asked in this order whether they pass the database on; the first that does is used, and no other. */
      readonly through: readonly { readonly address: string; readonly when: When }[];
      /** Asked if no proxy does. */
      readonly address: string;
    }
  /** The database is not asked; new content is taken as it comes. */
  | { readonly kind: "none"; readonly because: "GOSUMDB=off" | Match }
  /** Go stops with this. */
  | { readonly kind: "refused"; readonly reason: string };

/** Names that stand for an address of their own, or for a key that go has built in. */
const alias = { name: "sum.golang.google.cn", is: "sum.golang.org https://sum.golang.google.cn" };

/** The module as which go fetches toolchains; neither GOSUMDB=off nor GONOSUMDB exempts it. */
const toolchain = "golang.org/toolchain";

/** What checks a module that is not in go.sum; what is there is compared with go.sum, and the database is not asked. */
export function databaseCheck(path: string, settings: RouteSettings): DatabaseCheck {
  const { gosumdb } = settings;
  if (path !== toolchain) {
    const exempt = coveredBy("GONOSUMDB", path, settings);
    if (gosumdb === "off") return { kind: "none", because: "GOSUMDB=off" };
    if (exempt !== undefined) return { kind: "none", because: exempt };
  } else if (/^file:\/\/[^,|]*$/.test(settings.goproxy)) {
    if (gosumdb === "off") return { kind: "none", because: "GOSUMDB=off" };
  } else if (gosumdb === "off") return { kind: "refused", reason: "checksum database disabled by GOSUMDB=off" };
  const [key, address, ...more] = (gosumdb === alias.name ? alias.is : gosumdb).split(/\s+/).filter(Boolean);
  if (key === undefined) return { kind: "refused", reason: "missing GOSUMDB" };
  if (more.length > 0) return { kind: "refused", reason: "invalid GOSUMDB: too many fields" };
  const name = nameOf(key);
  if (name === undefined) return { kind: "refused", reason: "invalid GOSUMDB: malformed verifier id" };
  if (address !== undefined) return { kind: "database", name, through: [], address };
  const { entries } = readProxies(settings.goproxy);
  const through: { address: string; when: When }[] = [];
  let when: When = "first";
  for (const entry of entries) {
    if (entry.kind !== "proxy") break;
    through.push({ address: entry.shown, when });
    when = entry.fallBack;
  }
  return { kind: "database", name, through, address: `https://${name}` };
}

/** `name+hash+key` (golang.org/x/mod/sumdb/note), or the one name whose key go has. */
function nameOf(key: string): string | undefined {
  if (key === "sum.golang.org") return key;
  const [, name] = /^([^+\s/]+(?:\/[^+\s]*[^+\s/])?)\+[0-9a-fA-F]{8}\+[A-Za-z0-9+/]+=*$/.exec(key) ?? [];
  return name;
}

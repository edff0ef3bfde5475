// Which patterns of GOPRIVATE, GONOSUMDB and GOINSECURE cover other people's code.
import { matchesPrefix } from "../../gocache/pattern.ts";

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

/** True for a host that many publish on, and for those below it. */
export function isPublicHost(host: string): boolean {
  return publicHosts.some((one) => host === one || host.endsWith(`.${one}`));
}

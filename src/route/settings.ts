// What of go's settings decides where a module comes from and what checks it.
import { matchingPattern } from "../gocache/pattern.ts";

export interface RouteSettings {
  readonly goproxy: string;
  readonly goprivate: string;
  /** As `go env` says: GOPRIVATE's value if it is not set on its own (cmd/go/internal/cfg/cfg.go). */
  readonly gonoproxy: string;
  readonly gonosumdb: string;
  readonly gosumdb: string;
  readonly goinsecure: string;
  readonly govcs: string;
  /** Empty where this go does not know it, before 1.24. */
  readonly goauth: string;
  /** True for -mod=vendor, whether by GOFLAGS or since there is a vendor directory: nobody is asked. */
  readonly vendored: boolean;
  /** Machines of the user's netrc file; undefined if it could not be read. */
  readonly netrc: ReadonlySet<string> | undefined;
}

/** A pattern that covers a module, and the variable that has it. */
export interface Match {
  readonly variable: string;
  readonly pattern: string;
}

/** The pattern of GONOPROXY or GONOSUMDB that covers a module; the variable is GOPRIVATE where the value comes from there. */
export function coveredBy(
  variable: "GONOPROXY" | "GONOSUMDB",
  path: string,
  { gonoproxy, gonosumdb, goprivate }: RouteSettings,
): Match | undefined {
  const value = variable === "GONOPROXY" ? gonoproxy : gonosumdb;
  const pattern = matchingPattern(value, path);
  return pattern === undefined ? undefined : { variable: value === goprivate ? "GOPRIVATE" : variable, pattern };
}

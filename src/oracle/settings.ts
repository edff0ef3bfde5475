// The settings of go that steer a prediction, from the facts about the machine.
import type { CacheFacts, Facts } from "../facts/facts.ts";
import type { GoSettings } from "../gocache/machine.ts";

/** The newest minor version of go whose behaviour was checked; taken when go itself is not there to be asked. */
const assumedMinor = 26;

/** What of the facts the settings are made of. */
export type SettingFacts = Pick<Facts, "go" | "environment" | "subject"> & {
  readonly cache: Pick<CacheFacts, "path">;
};

export function goSettings(facts: SettingFacts): GoSettings {
  const { env, version } = facts.go;
  const text = version?.text.replace(/^go/, "") ?? `1.${assumedMinor}.0`;
  return {
    goMinor: version?.minor ?? assumedMinor,
    goVersion: /^\d+(\.\d+)*((rc|beta)\d+)?/.exec(text)?.[0] ?? text,
    cache: facts.cache.path,
    // Without a home in the user database, where another user's GOCACHE is depends on an environment that we cannot see.
    buildCache: isHomeUnknown(facts) && env["GOCACHE"] === "off" ? undefined : (env["GOCACHE"] ?? ""),
    goroot: env["GOROOT"] ?? "/usr/local/go",
    temporary: env["GOTMPDIR"] || facts.environment["TMPDIR"] || "/tmp",
    goproxy: env["GOPROXY"] ?? "",
    noProxy: env["GONOPROXY"] || (env["GOPRIVATE"] ?? ""),
    toolchain: env["GOTOOLCHAIN"] || "auto",
    goos: env["GOOS"] || "linux",
    goarch: env["GOARCH"] || "amd64",
    cgo: env["CGO_ENABLED"] !== "0",
    goflags: (env["GOFLAGS"] ?? "").split(/\s+/).filter((flag) => flag !== ""),
    workFile: facts.environment["GOWORK"] ?? "",
  };
}

function isHomeUnknown({ subject }: SettingFacts): boolean {
  return !subject.self && subject.home === undefined;
}

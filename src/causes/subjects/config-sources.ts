// Where go gets things from: proxies, the checksum database, flags, toolchains.
import type { Rule } from "../rule.ts";
import { env, unset } from "./config-remedies.ts";
import { missingPackage, oddRoot } from "./standard.ts";

export const sources: readonly Rule[] = [
  {
    subcategory: "goproxy-empty-list",
    says: /GOPROXY list is not the empty string, but contains no entries/,
    message: "GOPROXY holds nothing but commas or blanks",
    remedies: [env("GOPROXY"), unset("GOPROXY")],
  },
  {
    subcategory: "goproxy-invalid",
    says: /invalid proxy URL|unsupported protocol scheme|GOPROXY.*(?:invalid|malformed)|parsing GOPROXY|first path segment in URL cannot contain colon/i,
    message: "GOPROXY holds something that is no URL with https, http or file",
    remedies: [env("GOPROXY"), unset("GOPROXY")],
  },
  {
    subcategory: "goproxy-off",
    says: /disabled by GOPROXY=off|GOPROXY=off/,
    unless: /^(?:\S+=\S+ )*GOPROXY=off /,
    message: "Something is not in the module cache, and GOPROXY=off forbids to fetch it",
    remedies: [
      { text: "Fetch what is missing while there is a network", command: "GOPROXY=direct go mod download" },
      env("GOPROXY GOFLAGS GONOPROXY"),
    ],
  },
  {
    subcategory: "file-proxy-missing",
    says: /(?:reading|open) (?:file:\/\/)?\S*\/@v\/\S+(?:\.(?:info|mod|zip)|list): (?:no such file|open)|reading file:\/\/\S+: /,
    errno: ["ENOENT"],
    unless: /cache\/download|missing ziphash/,
    message: "GOPROXY is a directory that does not have the module, or is not mounted: {path}",
    remedies: [env("GOPROXY"), { text: "Look into it", command: "ls {path}" }],
  },
  {
    subcategory: "gosumdb-invalid",
    says: /invalid GOSUMDB|malformed verifier/,
    message: "GOSUMDB has no name and key of a checksum database",
    remedies: [env("GOSUMDB"), unset("GOSUMDB")],
  },
  {
    subcategory: "goflags-bad",
    says: /parsing \$GOFLAGS|-mod=\S+ not supported|invalid value .* for flag -mod|flag provided but not defined: .*GOFLAGS|\(set by \$?GOFLAGS\)|GOFLAGS.*(?:invalid|unknown flag)|unknown flag -\S+.*GOFLAGS|go: -mod may only be set/i,
    message: "GOFLAGS, or a flag -mod, holds what go does not know",
    remedies: [env("GOFLAGS"), unset("GOFLAGS")],
  },
  {
    subcategory: "govcs-disallowed",
    says: /GOVCS disallows/,
    message: "GOVCS forbids that version control for this module",
    remedies: [
      env("GOVCS GOPRIVATE"),
      { text: "Allow git for private modules", command: "go env -w GOVCS=private:git,public:git|hg" },
    ],
  },
  {
    subcategory: "gotoolchain-invalid",
    says: /invalid GOTOOLCHAIN|cannot find "go\d[^"]*" in PATH|GOTOOLCHAIN.*(?:not found|invalid)|unknown GOTOOLCHAIN/,
    message: "GOTOOLCHAIN names no toolchain that is to be had here",
    remedies: [
      { text: "Write a release such as go1.23.4, or", command: "export GOTOOLCHAIN=local" },
      env("GOTOOLCHAIN"),
    ],
  },
  {
    subcategory: "goroot-broken",
    says: /cannot find GOROOT directory|go: cannot find (?:main )?GOROOT|GOROOT .*(?:not exist|no such)|GOROOT is not set|does not match go tool version/,
    message: "GOROOT is no Go installation, or another one than that of the go command",
    remedies: [{ text: "Let go find it itself", command: "unset GOROOT; go env -u GOROOT; command -v go" }],
  },
  {
    subcategory: "goroot-broken",
    holds: (statement) => missingPackage(statement) !== undefined && oddRoot(statement),
    message: "GOROOT is not the directory of a Go installation, but one in it or beside it",
    remedies: [{ text: "Let go find it itself", command: "unset GOROOT; go env -u GOROOT; command -v go" }],
  },
];

// Variables, flags and files of go's configuration; here those of the project.
import type { Rule, Subject } from "../rule.ts";
import { cachePlaces } from "./config-caches.ts";
import { env } from "./config-remedies.ts";
import { sources } from "./config-sources.ts";
import { tidy } from "./remedies.ts";

const project: readonly Rule[] = [
  {
    subcategory: "no-gomod",
    says: /go\.mod file not found in current directory|working directory is not part of a module|outside GOPATH, module path must be|cannot find main module|cannot determine module path|no modules were found in the current workspace|(?:pattern|directory) \S+: directory prefix \S+ does not contain (?:main module|modules listed in go\.work)/,
    message: "go runs in a directory that belongs to no module",
    disposition: "fix-repository",
    remedies: [
      { text: "Run it where go.mod is; in a Dockerfile set WORKDIR before", command: "go env GOMOD GOWORK" },
      { text: "Or make one", command: "go mod init example.com/NAME" },
    ],
  },
  {
    subcategory: "vendor-inconsistent",
    says: /inconsistent vendoring|vendor\/modules\.txt|go mod vendor'? to (?:sync|ignore)|To sync the vendor directory/,
    message: "The directory vendor does not agree with go.mod",
    disposition: "fix-repository",
    remedies: [
      { text: "Make it anew, and commit it", command: "go mod vendor && git add vendor" },
      { text: "Or leave it out of account", command: "go build -mod=mod ./..." },
    ],
  },
  {
    subcategory: "mod-readonly",
    says: /(?:import lookup|updates to go\.mod|lookup) disabled by -mod=|disabled by -mod=(?:readonly|vendor)|cannot (?:query module|find module) .*-mod=/,
    unless: /go\.sum needed/,
    message: "go.mod lacks a module, and -mod forbids go to look for it",
    disposition: "fix-repository",
    remedies: [tidy, env("GOFLAGS")],
  },
  {
    subcategory: "replace-dir-missing",
    says: /replacement (?:directory|module) .*does not exist|replaced by .*: (?:reading|open).*no such file|parsing (?:\.\.|\/)\S*go\.mod: open \S+: no such file|cannot load module \S+ listed in go\.work|reading \.\.?\/\S*go\.mod: open/,
    message: "go.mod or go.work points at a directory that is not there, as one outside of the image's context",
    disposition: "fix-repository",
    remedies: [
      {
        text: "In a Dockerfile, copy that directory before go runs; go.mod says which",
        command: "go mod edit -json | grep -A3 Replace",
      },
    ],
  },
  {
    subcategory: "replace-dir-missing",
    says: /parsing \S*go\.mod: open \S+: no such file/,
    message: "go.mod points at a directory that is not there",
    disposition: "fix-repository",
    remedies: [{ text: "See where", command: "go mod edit -json | grep -A3 Replace" }],
  },
  {
    subcategory: "gopath-mode",
    says: /^(?:\S+ )?(?:.*: )?(?:package \S+: )?cannot find package "[^"]+" in any of|\(from \$GOPATH\)|GO111MODULE=(?:off|auto)|in GOPATH mode|outside GOPATH(?!,)/,
    unless: /^GO111MODULE/,
    message: "go looks in GOPATH, as modules are switched off or unknown to this release",
    remedies: [
      { text: "Switch modules on, and run it where go.mod is", command: "go env -w GO111MODULE=on" },
      { text: "A Go before 1.11 has none", command: "go version" },
    ],
  },
  {
    subcategory: "path-too-long",
    errno: ["ENAMETOOLONG"],
    message: "A path has become too long for this system: {path}",
    remedies: [
      {
        text: "Put the caches near the root of the drive; on Windows, allow long paths",
        command: "go env -w GOMODCACHE=C:\\gomod",
      },
    ],
  },
];

export const config: Subject = {
  category: "config",
  disposition: "fix-environment",
  words: [
    "gomodcache",
    "module cache",
    "gocache",
    "build cache",
    "cache directory",
    "cache at ",
    "cache in ",
    "cache (",
    "gopath",
    "metacharacter",
    "mkdir ",
    "creating work dir",
    "tmpdir",
    "symbolic links",
    "file exists",
    "goproxy",
    "proxy url",
    "protocol scheme",
    "path segment",
    "/@v/",
    "reading file:",
    "gosumdb",
    "verifier",
    "goflags",
    "-mod",
    "govcs",
    "gotoolchain",
    "in path",
    "goroot",
    "is not in std",
    "go tool version",
    "go.mod file not found",
    "main module",
    "module path",
    "no modules were found",
    "part of a module",
    "directory prefix",
    "vendor",
    "replace",
    "go.work",
    "go.mod: open",
    "cannot find package",
    "go111module",
    "name too long",
    "extension is too long",
  ],
  rules: [...cachePlaces, ...sources, ...project],
};

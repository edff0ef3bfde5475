// Versions, packages and toolchains that do not exist or do not fit.
import type { Rule, Subject } from "../rule.ts";
import { namesWhatIsMissing, publicProxy } from "./net-http.ts";
import { localToolchain, tidy } from "./remedies.ts";
import { isStandard, missingPackage, oddRoot, releaseOf } from "./standard.ts";

const newerGo = {
  text: "Use a newer Go: another image, or let go fetch the toolchain that go.mod asks for",
  command: "export GOTOOLCHAIN=auto",
};
const versions = { text: "See which versions there are", command: "go list -m -versions {module}" };
const why = { text: "See which module asks for it", command: "go mod graph | grep {module}" };

const rules: readonly Rule[] = [
  {
    subcategory: "toolchain-language-version",
    says: /is a language version but not a toolchain version/,
    message: "go.mod names a language version where a release of the toolchain is wanted: 1.24 is none, 1.24.0 is",
    remedies: [{ text: "Write the release", command: "go mod edit -toolchain=none" }, localToolchain],
  },
  {
    subcategory: "toolchain-not-available",
    says: /toolchain not available|(?:download|golang\.org\/toolchain@)\S* .*(?:404|no such toolchain)|invalid toolchain/,
    message: "There is no such release of the toolchain: up to Go 1.20 the first was 1.20, since then it is 1.21.0",
    remedies: [
      { text: "Write a release that exists into go.mod, with its third number", command: "go mod edit -go=1.22.0" },
      localToolchain,
    ],
  },
  {
    subcategory: "go-version-too-new",
    says: /requires go ?>= ?\d|module requires Go \d|requires go version|go\.mod requires go|requires newer Go version|compiled with newer/i,
    unless: /^go: added|upgrading/,
    message: "Something needs a newer Go than the one that runs",
    remedies: [newerGo, { text: "Or take an older version of the module", command: "go list -m -versions {module}" }],
  },
  {
    subcategory: "go-version-too-new",
    holds: (statement) => releaseOf(missingPackage(statement) ?? "") !== undefined,
    message: "The package came with a newer release of Go than the one that runs",
    remedies: [newerGo],
  },
  {
    subcategory: "gomod-parse-conflict-markers",
    says: /go\.(?:mod|sum|work):\d+: (?:unknown directive: (?:<<<<<<<|=======|>>>>>>>)|.*(?:<<<<<<<|>>>>>>>))|malformed go\.sum:/,
    message: "go.mod or go.sum has the marks of a merge that was not finished",
    remedies: [{ text: "Settle the conflict, then", command: "go mod tidy" }],
  },
  {
    subcategory: "gomod-parse-newer-syntax",
    says: /invalid go version '[^']*': must match format|unknown directive: (?:toolchain|tool|godebug|ignore|retract)|unknown block type: (?:toolchain|tool|godebug|ignore|retract)/,
    message: "go.mod is written for a newer Go than the one that runs",
    remedies: [{ text: "Use the Go that go.mod asks for", command: "grep -E '^(go|toolchain) ' go.mod; go version" }],
  },
  {
    subcategory: "gomod-update-readonly",
    says: /updates to go\.(?:mod|work) needed|existing contents of go\.(?:mod|work)/,
    near: "symptom",
    message: "go.mod is not complete, and go may not complete it here",
    remedies: [tidy],
  },
  {
    subcategory: "gomod-parse-error",
    says: /errors parsing \S*go\.(?:mod|work)|go\.(?:mod|work):\d+(?::\d+)?: (?:usage|unknown|invalid|syntax|malformed|unexpected|repeated)/,
    near: "symptom",
    message: "go.mod cannot be read as one",
    remedies: [{ text: "Mend the line that is named", command: "go mod edit -json" }],
  },
  {
    subcategory: "gomod-path-mismatch",
    says: /module declares its path as|but was required as|unexpected module path|has (?:malformed|non-\S*) module path|but does not contain go\.mod|invalid version: (?:module|go\.mod) (?:contains|has)|parsing go\.mod: unexpected/,
    message: "The module calls itself by another path than the one it is required as",
    remedies: [
      { text: "Require it by the path that it declares", command: "go get DECLARED_PATH@{version}" },
      { text: "Or, for a fork, keep the path and replace it", command: "go mod edit -replace {module}=FORK@VERSION" },
    ],
  },
  {
    subcategory: "ambiguous-import",
    says: /ambiguous import/,
    message: "Two modules have the same package",
    remedies: [
      {
        text: "Bring the older one to a version that has the package no more",
        command: "go get MODULE@latest && go mod tidy",
      },
      why,
    ],
  },
  {
    subcategory: "package-not-in-module",
    says: /does not contain package|but does not contain package|main module \(\S+\) does not contain/,
    message: "The module exists and has no such package, at least not in this version",
    remedies: [
      { text: "Look for the version that has it, or mend the import", command: "go list -m -versions {module}" },
    ],
  },
  {
    subcategory: "invalid-pseudo-version",
    says: /invalid pseudo-version|does not match version-control timestamp|revision is (?:shorter|longer) than canonical|major version without preceding tag|invalid version: should be v\d|should be v\d, not v\d|version "[^"]*" invalid|preceding tag/,
    message: "The version in go.mod does not agree with the repository",
    remedies: [{ text: "Let go write it", command: "go get {module}@COMMIT" }],
  },
  {
    subcategory: "conflicting-versions",
    says: /conflicting versions|but \S+ requires|ambiguous requirement|requires \S+@\S+, not|is not (?:the )?same|inconsistent requirements|version conflict/i,
    spoken: "go",
    message: "Two requirements contradict each other",
    remedies: [why, tidy],
  },
  {
    subcategory: "proxy-404-no-version",
    says: /(?:reading https?:\S+|unexpected status \(\S+\)): (?:404|410)\b/,
    holds: (_, { text }) => namesWhatIsMissing.test(text) || /unknown revision/i.test(text),
    where: "server",
    message: "The proxy {host} knows no such version: {module}@{version}",
    remedies: [versions, { text: "If it is private, say so", command: "go env -w GOPRIVATE={module}" }],
  },
  {
    subcategory: "proxy-404-no-module",
    says: /(?:reading https?:\S+|unexpected status \(\S+\)): (?:404|410)\b/,
    notAround: /sumdb|sum\.golang\.org|\/lookup\//,
    holds: ({ said }) => publicProxy(said),
    where: "server",
    likely: true,
    message: "The proxy {host} has no such module: {module}",
    remedies: [
      { text: "Look at the spelling of the import path" },
      { text: "If it is private, say so", command: "go env -w GOPRIVATE={module}" },
    ],
  },
  {
    subcategory: "disallowed-retracted",
    says: /no matching versions for query|(?:excluded|retracted|disallowed) by|is (?:excluded|retracted)\b|all versions .* (?:retracted|excluded)/,
    unless: /warning|retracted by module author/,
    message: "No version is left that go may take: all are retracted, excluded, or there is none",
    remedies: [
      versions,
      {
        text: "Ask for one by name, with the reason for its retraction read",
        command: "go list -m -retracted -versions {module}",
      },
    ],
  },
  {
    subcategory: "package-not-in-std",
    holds: (statement) => {
      const name = missingPackage(statement);
      return name !== undefined && !isStandard(name) && !oddRoot(statement);
    },
    message: "The import path has no host name, so go looks for it in the standard library",
    remedies: [
      { text: "Write the whole path, as the module's go.mod has it", command: "go list -m" },
      { text: "Or make the directory a module", command: "go mod init example.com/NAME" },
    ],
  },
  {
    subcategory: "module-not-found",
    says: /cannot find module providing package|module \S+: not a known dependency|unrecognized import path|no required module provides package|malformed module path|cannot find module for path/,
    unless: /GOPROXY=off|disabled by -mod|go\.mod file not found|https fetch: Get|x509|dial tcp|i\/o timeout/,
    near: "symptom",
    likely: true,
    message: "No module is known that has the package",
    remedies: [
      { text: "Let go find and add it, and commit go.mod and go.sum", command: "go mod tidy" },
      { text: "Look at the spelling of the import path" },
    ],
  },
];

export const resolve: Subject = {
  category: "resolve",
  disposition: "fix-repository",
  words: [
    "toolchain",
    "requires go",
    "requires newer",
    "compiled with newer",
    " is not in goroot",
    " is not in std",
    "unknown directive",
    "unknown block type",
    "malformed",
    "invalid go version",
    "errors parsing",
    "updates to go.",
    "go.mod:",
    "go.work:",
    "declares its path",
    "required as",
    "module path",
    "does not contain",
    "invalid version",
    "parsing go.mod",
    "ambiguous import",
    "ambiguous requirement",
    "pseudo-version",
    "timestamp",
    "canonical",
    "preceding tag",
    "should be v",
    "conflict",
    " requires ",
    "404 not found",
    "410 gone",
    "no matching versions",
    "retracted",
    "excluded",
    "cannot find module",
    "known dependency",
    "unrecognized import path",
    "no required module",
    "<<<<<<<",
    ">>>>>>>",
  ],
  rules,
};

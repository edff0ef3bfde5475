// Checksums: go.sum, the checksum database, and what does not agree with them.
import type { Rule, Subject } from "../rule.ts";
import { freshModcache, localToolchain, tidy } from "./remedies.ts";

const compare = {
  text: "See what the checksum database says: equal to go.sum, then the proxy or the origin changed; equal to what was downloaded, then go.sum is wrong",
  command: "curl -sS https://sum.golang.org/lookup/{module}@{version}",
};
const noReflex = {
  text: "Do not delete go.sum, and do not switch the checksum database off, before it is clear which side is wrong",
};
const direct = {
  text: "Look at the proxies that are asked: one may lag behind or lack it",
  command: "go env GOPROXY GOSUMDB",
};
const lookup = /(?:sum\.golang\.org|\/sumdb\/\S+)\/lookup\/\S+/;

const rules: readonly Rule[] = [
  {
    subcategory: "gosum-mismatch-html-body",
    says: /checksum mismatch/,
    around: /<!DOCTYPE|<html|text\/html|captive portal/i,
    message: "What was downloaded for {module} is a web page: a captive portal or a login page stands in between",
    disposition: "fix-environment",
    remedies: [
      {
        text: "Fetch the file by hand, and look at it",
        command: 'curl -sSL "$(go env GOPROXY | cut -d, -f1)/{module}/@v/{version}.mod" | head',
      },
      direct,
    ],
  },
  {
    subcategory: "sumdb-mismatch-gomod",
    says: /\/go\.mod: checksum mismatch/,
    around: /(?:reported by the checksum server|^\s*(?!go\.sum)[\w.-]+\.\w+:\s+h1:)/m,
    message:
      "The go.mod of {module} is not what the checksum database has: the tag was moved, or a proxy has another state",
    remedies: [compare, direct, noReflex],
  },
  {
    subcategory: "sumdb-mismatch-zip",
    says: /checksum mismatch/,
    around: /(?:reported by the checksum server|^\s*(?!go\.sum)[\w.-]+\.\w+:\s+h1:)/m,
    message:
      "What was downloaded of {module} is not what the checksum database has: the tag was moved, or a proxy has another state",
    remedies: [compare, direct, noReflex],
  },
  {
    subcategory: "gosum-mismatch-gomod",
    says: /\/go\.mod: checksum mismatch/,
    message: "The go.mod of {module} is not what go.sum says",
    remedies: [freshModcache, compare, noReflex],
  },
  {
    subcategory: "gosum-mismatch-zip",
    says: /checksum mismatch/,
    unless: /zip: |archive|ziphash/,
    message: "What was downloaded of {module} is not what go.sum says",
    remedies: [freshModcache, compare, noReflex],
  },
  {
    subcategory: "gosum-mismatch-zip",
    says: /^SECURITY ERROR|does NOT match an earlier download|does NOT match the one reported/,
    likely: true,
    near: "symptom",
    message: "What was downloaded is not what is recorded",
    remedies: [freshModcache, noReflex],
  },
  {
    subcategory: "gosum-missing-entry-package",
    says: /missing go\.sum entry (?:for module providing|needed to verify package)|missing go\.sum entry.*package/,
    message: "go.sum has no entry for the module of a package that is imported",
    near: "symptom",
    remedies: [tidy, { text: "In a Dockerfile, copy go.sum too", command: "COPY go.mod go.sum ./" }],
  },
  {
    subcategory: "gosum-missing-entry-gomod",
    says: /missing go\.sum entry/,
    message: "go.sum has no entry for {module}",
    near: "symptom",
    remedies: [tidy, { text: "In a Dockerfile, copy go.sum too", command: "COPY go.mod go.sum ./" }],
  },
  {
    subcategory: "gosum-update-readonly",
    says: /updates to go\.sum needed|updating go\.sum: .*disabled|existing go\.sum/,
    message: "go.sum is not complete, and go may not complete it here",
    near: "symptom",
    remedies: [tidy],
  },
  {
    subcategory: "sumdb-proxy-unsupported",
    says: /\/sumdb\/\S+\/supported: (?:4\d\d|5\d\d)/,
    message: "The proxy {host} does not pass the checksum database on, and does not say so as go expects",
    disposition: "fix-environment",
    where: "server",
    remedies: [
      direct,
      {
        text: "Ask the database directly for what that proxy has",
        command: "export GONOSUMDB= GOSUMDB=sum.golang.org GOPROXY=direct",
      },
      {
        text: "Only if go.sum is complete and under review",
        command: "export GOSUMDB=off",
        weakens: "new modules are then taken as the proxy gives them",
      },
    ],
  },
  {
    subcategory: "sumdb-tile-404-proxy",
    says: /\/tile\/\S+: (?:4\d\d|5\d\d)|checking tree.*reading/,
    message: "The proxy {host} has not all of the checksum database",
    disposition: "fix-environment",
    where: "server",
    remedies: [
      direct,
      { text: "If it lags behind, forget which state was seen", command: 'rm -r "$(go env GOPATH)/pkg/sumdb"' },
    ],
  },
  {
    subcategory: "sumdb-410-via-proxy",
    says: /\/sumdb\/\S+\/lookup\/\S+: (?:410|404)/,
    message: "The checksum database, asked through the proxy {host}, does not have {module}",
    where: "server",
    remedies: [direct, { text: "Take another version", command: "go list -m -versions {module}" }],
  },
  {
    subcategory: "sumdb-410-create-zip",
    says: /\/lookup\/\S+: (?:410|404)/,
    message:
      "The checksum database could not read {module}: the version does not exist, its files cannot be made a module, or it is private",
    where: "server",
    remedies: [
      { text: "Read why", command: "curl -sS https://sum.golang.org/lookup/{module}@{version}" },
      { text: "Take another version", command: "go list -m -versions {module}" },
      { text: "If it is private, say so", command: "go env -w GOPRIVATE={module}" },
    ],
  },
  {
    subcategory: "sumdb-lookup-failed",
    category: "net",
    coarse: "net",
    says: /(?:sum\.golang\.org|\/sumdb\/\S+)\/(?:lookup|tile|latest)\S*: (?:5\d\d|429)/,
    holds: ({ said }) => lookup.test(said) || /tile|latest/.test(said),
    message: "The checksum database {host} failed",
    disposition: "retry",
    where: "server",
    remedies: [{ text: "Try again: this often passes by itself" }],
  },
  {
    subcategory: "sumdb-security-misbehavior",
    says: /inconsistent tree|SECURITY ERROR\s+go\.sum database server misbehavior|misbehavior detected|duplicate record|database server misbehavior/,
    message:
      "The checksum database shows another history than before: what is kept of it is stale, or somebody interferes",
    disposition: "fix-environment",
    remedies: [
      {
        text: "Forget which state was seen, and try with another network",
        command: 'rm -r "$(go env GOPATH)/pkg/sumdb"',
      },
      direct,
    ],
  },
  {
    subcategory: "toolchain-checksum",
    says: /golang\.org\/toolchain@|download go\d/,
    around: /GOSUMDB=off|checksum (?:mismatch|database)|missing GOSUMDB|GONOSUMDB/,
    message: "A toolchain is never fetched without the checksum database, which is switched off",
    disposition: "fix-environment",
    remedies: [localToolchain, { text: "Or switch the database on again", command: "go env -u GOSUMDB" }],
  },
  {
    subcategory: "gosumdb-missing",
    says: /missing GOSUMDB|checksum database disabled by GOSUMDB=off/,
    message: "GOSUMDB names no checksum database, and go.sum does not have {module}",
    disposition: "fix-environment",
    remedies: [{ text: "Use the default again", command: "go env -u GOSUMDB" }, tidy],
  },
];

export const sum: Subject = {
  category: "sum",
  coarse: "sum",
  disposition: "fix-repository",
  words: [
    "checksum",
    "security error",
    "does not match",
    "go.sum",
    "updates to go.",
    "/supported: ",
    "/tile/",
    "/lookup/",
    "/latest: ",
    "inconsistent tree",
    "misbehavior",
    "duplicate record",
    "gosumdb",
    "h1:",
    "<html",
    "<!doctype",
  ],
  rules,
};

// A report with everything in it, hostile names included, and the answers of can and why.
import type { CanAnswer, WhyAnswer } from "../../src/finding/answer.ts";
import type { Report } from "../../src/finding/finding.ts";
import type { RenderOptions } from "../../src/report/options.ts";

const download = "/go/pkg/mod/cache/download";

/** Names that try to forge lines, colours, CI commands and markup. */
export const hostileNames = [
  "a\n::error::forged",
  "a\r\x1b[2J\x1b]0;title\x07b",
  "::error file=x::forged",
  "##[error]forged ##vso[task.complete]",
  "a|b `c` <b>bold</b> [link](http://example.com) ]]> & 'q' \"d\"",
  "invalid \\xff\\xfe utf-8",
  "\u202egpj.exe \u2066x\u2069 \u200bzero",
  "lone \ud800 surrogate \uffff",
  "日本語 é",
];

export const hostile: Report = {
  command: "doctor",
  target: "/go/pkg/mod\n::error::target",
  context: ["GOMODCACHE from go env", "as \x1b[31mapp (1000:1000)"],
  verdict: "findings",
  findings: [
    {
      rule: "foreign-owner",
      severity: "error",
      confidence: "certain",
      message: "12,310 files belong to root, so app (1000) cannot update them",
      paths: [
        {
          path: `${download}/golang.org/x/text/@v/v0.21.0.lock`,
          owner: "root",
          group: "root",
          mode: "-rw-r--r--",
        },
        { path: `${download}/golang.org/x/sys/@v/list`, owner: "root", group: "build-users", mode: "-rw-r--r--+" },
        { path: `${download}/golang.org/x/net/@v`, owner: "0", group: "3000", mode: "drwxr-sr-x" },
        { path: `${download}/golang.org/x/mod/@v`, owner: "root", group: "root", mode: "drwxr-xr-x" },
      ],
      count: 12310,
      subject: "app (1000)",
      why: "A step that ran as root downloaded modules: go writes files with the owner and the umask of whoever runs it",
      fixes: [
        {
          title: "Give group go write access to the cache, and let what is made later inherit it",
          disposition: "safe",
          command:
            "chgrp -R go /go/pkg/mod && chmod -R g+rwX /go/pkg/mod && find /go/pkg/mod -type d -exec chmod g+s {} +",
        },
        {
          title: "Delete the cache; go downloads the modules again",
          disposition: "unsafe",
          command: "sudo go clean -modcache",
        },
      ],
      docs: "docs/rules/foreign-owner.md",
    },
    {
      rule: "foreign-entry",
      severity: "warning",
      confidence: "likely",
      message: `Something that go did not put there: ${hostileNames[0]} and ${hostileNames[4]}`,
      paths: hostileNames.map((name, index) => ({
        path: `/go/pkg/mod/${name}`,
        owner: index === 2 ? "ow\x1b[31mner" : "app",
        group: "app",
        mode: "-rw-r--r--",
      })),
      count: hostileNames.length,
      subject: "every user but 0",
      why: "::error::why\u2028##[error]why",
      fixes: [
        {
          title: "Delete it\n::error::title",
          disposition: "unsafe",
          command: `rm -- '/go/pkg/mod/${hostileNames[0]}'`,
        },
      ],
      docs: "docs/rules/foreign-entry.md",
    },
    {
      rule: "umask-too-strict",
      severity: "advice",
      confidence: "certain",
      message: "umask 077 will make new files private again",
      paths: [],
      count: 1,
      fixes: [],
      docs: "docs/rules/umask-too-strict.md",
    },
  ],
  skipped: [
    { rule: "acl-mask", reason: "getfacl is not installed" },
    { rule: "sticky-directory", reason: "the directory /go/pkg/mod/::error::x\n could not be read" },
    { rule: "zip-missing", reason: "the directory /go/pkg/mod/::error::x\n could not be read" },
  ],
  passed: 35,
  operations: [
    { operation: "build", verdict: "yes", message: "" },
    {
      operation: "download",
      verdict: "no",
      message: `cannot create ${download}/x/@v/v1.0.0.lock: others have r-x on @v`,
    },
    { operation: "verify", verdict: "unknown", message: "::error::the security module may refuse it" },
  ],
  stats: { entries: 41203, seconds: 0.4312 },
};

export const healthy: Report = {
  command: "doctor",
  target: "/go/pkg/mod",
  context: ["GOMODCACHE from go env"],
  verdict: "healthy",
  findings: [],
  skipped: [],
  passed: 38,
  stats: { entries: 41203, seconds: 0.4312 },
};

export const incomplete: Report = {
  ...healthy,
  verdict: "incomplete",
  skipped: ["a", "b", "c", "d"].map((rule) => ({ rule: `${rule}-rule`, reason: "the cache could not be read" })),
  passed: 34,
};

const region = { line: 7, column: 5, endLine: 7, endColumn: 42 };

/** What lint says: a finding with an edit, and one that only an editor can mend, in a file with a hostile name. */
export const linted: Report = {
  command: "lint",
  target: "/src/app",
  context: ["what git tracks"],
  verdict: "findings",
  findings: [
    {
      rule: "dockerfile-cache-mount-owner",
      severity: "error",
      confidence: "certain",
      message: "GOMODCACHE /go/pkg/mod is a cache mount of root: go cannot write there as uid 1001",
      paths: [],
      count: 1,
      subject: "uid 1001",
      fixes: [
        {
          title: "Give the mount to 1001:1001",
          disposition: "safe",
          command: "gomodcache lint --fix --only dockerfile-cache-mount-owner 'build dir/Dockerfile'",
          edits: [{ start: 127, end: 164, text: "--mount=type=cache,target=/go/pkg/mod,uid=1001,gid=1001", ...region }],
        },
      ],
      location: { file: "build dir/Dockerfile", ...region },
      docs: "docs/rules/dockerfile-cache-mount-owner.md",
    },
    {
      rule: "ignore-without-reason",
      severity: "warning",
      confidence: "likely",
      message: "this ignore gives no reason, so it holds nothing back",
      paths: [],
      count: 1,
      why: "Nobody can tell whether it still holds",
      fixes: [{ title: "Write the reason after the rule", disposition: "safe", command: "" }],
      location: { file: hostileNames[0] as string, line: 1, column: 2, endLine: 3, endColumn: 4 },
      docs: "docs/rules/ignore-without-reason.md",
    },
  ],
  skipped: [{ rule: "file", reason: "big.sh: it is larger than 10 MiB" }],
  passed: 20,
  suppressed: 2,
  stats: { entries: 12, seconds: 0.0312 },
};

/** A report with that many warnings, the first an error. */
export function many(count: number): Report {
  const findings = Array.from({ length: count }, (_, index) => ({
    ...(hostile.findings[1] as Report["findings"][number]),
    rule: `rule-${index}`,
    severity: index === 0 ? ("error" as const) : ("warning" as const),
  }));
  return { ...hostile, findings };
}

const subject = { uid: 1000, gid: 1000, groups: [3000], capabilities: new Set<never>(), umask: 0o22 };

export const cannot: CanAnswer = {
  operation: "download",
  goCommand: "go mod download",
  target: "/src/app\n::error::x",
  subject,
  subjectName: "app",
  verdict: "no",
  reasons: [
    {
      path: `${download}/golang.org/x/text/@v/v0.21.0.lock`,
      need: "create",
      deniedBy: {
        path: `${download}/golang.org/x/text/@v`,
        by: "acl-mask",
        because: "the ACL gives group 3000 rwx, but its mask is r-x",
      },
      message: "app cannot create v0.21.0.lock in a directory of root",
    },
    {
      path: `${download}/\n::error::y/@v/v1.zip`,
      need: "be fetched",
      message: "it is not in the cache, and GOPROXY=off\n::error::z",
    },
  ],
  warnings: ["The answer rests on the network: proxy.example\x1b[31m must answer"],
};

export const can: CanAnswer = { ...cannot, verdict: "yes", reasons: [], warnings: [] };

const link = {
  owner: "root",
  group: "root",
  mode: "drwxr-xr-x",
  need: "execute",
  verdict: "yes",
  by: "other",
} as const;

export const why: WhyAnswer = {
  path: `${download}/x/@v/list`,
  need: "write",
  subject,
  subjectName: "app",
  verdict: "no",
  chain: [
    { ...link, path: "/", mount: "ext4 rw,relatime", because: "others have r-x" },
    { ...link, path: "/go", because: "others have r-x" },
    {
      ...link,
      path: `${download}/\x1b[31m\n::error::x`,
      acl: "u::rwx,g::r-x,g:3000:rwx,m::rwx,o::r-x",
      because: "group 3000 has rwx",
    },
    {
      ...link,
      path: `${download}/x/@v/list`,
      mode: "-rw-r--r--",
      need: "write",
      verdict: "no",
      because: "others have r--",
    },
  ],
  kernel: { asked: true, allowed: false, agrees: true },
  fixes: [{ title: "Let group 3000 write", disposition: "safe", command: `chmod g+w ${download}/x/@v/list` }],
};

export const options: RenderOptions = {
  version: "1.2.3",
  width: 80,
  colour: false,
  unicode: false,
  verbose: false,
  quiet: false,
};

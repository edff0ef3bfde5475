// Is a Dockerfile rule right? For each one a bad file is really built and fails as the rule says, a good one builds, and so does what
// lint --fix makes of the bad one.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixed, found } from "../lint/found.ts";
import { type ImageLab, makeImageLab, missingImageTools } from "./image-lab.ts";
import { removeLab } from "./lab.ts";

const reason = missingImageTools();
const around = { has: (path: string) => path !== "vendor/modules.txt" };
let lab: ImageLab;

beforeAll(() => {
  if (reason === undefined) lab = makeImageLab();
});
afterAll(() => {
  if (reason === undefined) removeLab(lab.directory);
});

interface Case {
  readonly name: string;
  readonly rule: string;
  readonly bad: string;
  /** What go says. */
  readonly says: RegExp;
  readonly good: string;
  /** False if the fix is left to the reader. */
  readonly fix?: false;
}

const project = "FROM golang:1.22\nWORKDIR /src\nCOPY go.mod go.sum a.go ./\n";
const cached = "ENV GOCACHE=/tmp/go-build\n";
const cases: Case[] = [
  {
    name: "root downloads, another user gets one more",
    rule: "dockerfile-modules-of-another-user",
    bad: `${project}RUN go mod download\n${cached}RUN mkdir -p /work && chown 1001 /work\nUSER 1001\nRUN cd /work && go mod init example.com/w && go get example.com/beta@v1.0.0\n`,
    says: /\/go\/pkg\/mod\/cache\/download.*permission denied/,
    good: `${project}RUN go mod download\n${cached}USER 1001\nRUN go build .\n`,
  },
  {
    name: "root fetches a tool, another user the project's modules",
    rule: "dockerfile-modules-of-another-user",
    bad: `${project}${cached}RUN go install example.com/beta@v1.0.0 || true\nUSER 1001\nRUN go mod download\n`,
    says: /permission denied/,
    good: `${project}${cached}USER 1001\nRUN go mod download\n`,
    fix: false,
  },
  {
    name: "another user cleans what root downloaded",
    rule: "dockerfile-modules-of-another-user",
    bad: `${project}RUN go mod download\n${cached}USER 1001\nRUN go clean -modcache\n`,
    says: /permission denied/,
    good: `${project}RUN go mod download\nRUN go clean -modcache\n`,
  },
  {
    name: "a user without a home compiles",
    rule: "dockerfile-cache-not-writable",
    bad: `${project}RUN go mod download\nUSER 1001\nRUN go build .\n`,
    says: /build cache.*\/\.cache.*permission denied/,
    good: `${project}RUN go mod download\n${cached}USER 1001\nRUN go build .\n`,
  },
  {
    name: "HOME is root's",
    rule: "dockerfile-cache-not-writable",
    bad: `${project}RUN go mod download\nENV HOME=/root\nUSER 1001\nRUN go build .\n`,
    says: /\/root\/\.cache.*permission denied/,
    good: `${project}RUN adduser -D -u 1001 app && go mod download\nUSER 1001\nRUN go build .\n`,
  },
  {
    name: "GOMODCACHE is where only root can make it",
    rule: "dockerfile-cache-not-writable",
    bad: `${project}${cached}ENV GOMODCACHE=/cache/mod\nUSER 1001\nRUN go mod download\n`,
    says: /\/cache: permission denied/,
    good: `${project}${cached}ENV GOMODCACHE=/cache/mod\nRUN mkdir -p /cache/mod && chown 1001 /cache/mod\nUSER 1001\nRUN go mod download\n`,
  },
  {
    name: "a cache mount of root on GOMODCACHE",
    rule: "dockerfile-cache-mount-owner",
    bad: `${project}${cached}USER 1001\nRUN --mount=type=cache,target=/go/pkg/mod go mod download\n`,
    says: /\/go\/pkg\/mod.*permission denied/,
    good: `${project}${cached}USER 1001\nRUN --mount=type=cache,target=/go/pkg/mod,uid=1001 go mod download\n`,
  },
  {
    name: "a cache mount of root on GOCACHE",
    rule: "dockerfile-cache-mount-owner",
    bad: `${project}RUN go mod download\nENV GOCACHE=/build\nUSER 1001\nRUN --mount=type=cache,target=/build go build .\n`,
    says: /build cache.*\/build.*permission denied/,
    good: `${project}RUN go mod download\nENV GOCACHE=/build\nUSER 1001\nRUN --mount=type=cache,target=/build,uid=1001 go build .\n`,
  },
  {
    name: "two users share a cache mount",
    rule: "dockerfile-cache-mount-shared",
    bad: `${project}${cached}RUN --mount=type=cache,target=/go/pkg/mod,uid=1001,gid=1001 go mod download\nUSER 1001\nRUN --mount=type=cache,target=/go/pkg/mod,uid=1001,gid=1001 go install example.com/beta@v1.0.0 ; go mod download example.com/beta@v1.0.0\n`,
    says: /permission denied/,
    good: `${project}${cached}USER 1001\nRUN --mount=type=cache,target=/go/pkg/mod,uid=1001,gid=1001 go mod download\nRUN --mount=type=cache,target=/go/pkg/mod,uid=1001,gid=1001 go mod download example.com/beta@v1.0.0\n`,
  },
  {
    name: "go.mod is root's",
    rule: "dockerfile-work-tree-not-writable",
    bad: `${project}${cached}USER 1001\nRUN go get example.com/beta@v1.0.0\n`,
    says: /go\.(mod|sum).*permission denied/,
    good: `FROM golang:1.22\nWORKDIR /src\nRUN chown 1001 /src\n${cached}USER 1001\nCOPY --chown=1001:1001 go.mod go.sum a.go ./\nRUN go get example.com/beta@v1.0.0\n`,
  },
  {
    name: "the output goes into a directory of root",
    rule: "dockerfile-work-tree-not-writable",
    bad: `${project}${cached}USER 1001\nRUN go build -o out.a .\n`,
    says: /out\.a.*permission denied/,
    good: `${project}${cached}USER 1001\nRUN go build -o /tmp/out.a .\n`,
  },
];

describe.each(cases)("$rule: $name", ({ rule, bad, says, good, fix, name }) => {
  const finds = (text: string): number => found(rule, "Dockerfile", text, { around }).length;

  it("the bad one is found and fails, the good one is not and builds, and so does the bad one after lint --fix", (context) => {
    context.skip(reason !== undefined, reason);
    expect([finds(bad), finds(good)]).toEqual([1, 0]);
    const failed = lab.build(bad, `${name}-bad`);
    expect(failed.status, failed.output).not.toBe(0);
    expect(failed.output).toMatch(says);
    const passed = lab.build(good, `${name}-good`);
    expect(passed.status, passed.output).toBe(0);
    const text = fixed(rule, "Dockerfile", bad, false, { around });
    if (fix === false) expect(text).toBe(bad);
    else expect(finds(text), text).toBe(0);
    if (fix === false) return;
    const { status, output } = lab.build(text, `${name}-fixed`);
    expect(status, `${text}\n${output}`).toBe(0);
  });
});

/** Builds and expects it to work. */
function built(text: string, tag: string, args: readonly string[] = []): void {
  const { status, output } = lab.build(text, tag, { tag, args });
  expect(status, output).toBe(0);
}

describe("what the images hold", () => {
  it("dockerfile-cache-owner-in-later-layer: every file twice, and once after lint --fix", (context) => {
    context.skip(reason !== undefined, reason);
    const rule = "dockerfile-cache-owner-in-later-layer";
    const bad = `${project}RUN go mod download\nRUN chown -R 1001:1001 /go/pkg\n`;
    built(bad, "twice");
    const good = fixed(rule, "Dockerfile", bad);
    expect(good).toBe(`${project}RUN go mod download && chown -R 1001:1001 /go/pkg\n`);
    built(good, "once");
    // The module's text alone has more than a megabyte, and its zip as much again.
    expect(lab.size("twice") - lab.size("once")).toBeGreaterThan(2_000_000);
  });

  it("dockerfile-clean-in-later-layer: nothing is saved", (context) => {
    context.skip(reason !== undefined, reason);
    const rule = "dockerfile-clean-in-later-layer";
    const bad = `${project}RUN go mod download\nRUN go clean -modcache\n`;
    const good = `${project}RUN go mod download && go clean -modcache\n`;
    expect([found(rule, "Dockerfile", bad).length, found(rule, "Dockerfile", good).length]).toEqual([1, 0]);
    built(bad, "cleaned-late");
    built(good, "cleaned");
    expect(lab.size("cleaned-late") - lab.size("cleaned")).toBeGreaterThan(2_000_000);
  });

  it("dockerfile-secret-baked-in: what was deleted, and what was only an argument, can be read", (context) => {
    context.skip(reason !== undefined, reason);
    const rule = "dockerfile-secret-baked-in";
    const bad = `FROM golang:1.22\nARG GIT_TOKEN\nCOPY .netrc /root/\nRUN test -n "$GIT_TOKEN" && rm /root/.netrc\n`;
    expect(found(rule, "Dockerfile", bad).map(({ location }) => location?.line)).toEqual([2, 3]);
    built(bad, "secret", ["--build-arg", "GIT_TOKEN=sesame-open-sesame"]);
    expect(lab.inspect("secret")).toContain("sesame-open-sesame");
    expect(lab.holds("secret", "hunter2-hunter2")).toBe(true);
    const good = "FROM golang:1.22\nRUN --mount=type=secret,id=netrc,target=/root/.netrc test -s /root/.netrc\n";
    expect(found(rule, "Dockerfile", good)).toEqual([]);
    built(good, "no-secret", ["--secret", `id=netrc,src=${lab.context}/.netrc`]);
    expect(lab.holds("no-secret", "hunter2-hunter2")).toBe(false);
  });

  it("script-cache-world-writable: another user changes what is compiled", (context) => {
    context.skip(reason !== undefined, reason);
    const rule = "script-cache-world-writable";
    const attack = "USER 1002\nRUN echo 'const B = 2' >> /go/pkg/mod/example.com/alpha@v1.0.0/a.go\n";
    const bad = `${project}RUN go mod download && chmod -R 777 /go\n`;
    const good = `${project}RUN go mod download\n`;
    expect([found(rule, "Dockerfile", bad).length, found(rule, "Dockerfile", good).length]).toEqual([1, 0]);
    expect(lab.build(bad + attack, "open").status).toBe(0);
    expect(lab.build(good + attack, "closed").output).toMatch(/permission denied/i);
  });

  it("dockerfile-go-sum-not-copied: nobody notices another module than the one that go.sum knows", (context) => {
    context.skip(reason !== undefined, reason);
    const rule = "dockerfile-go-sum-not-copied";
    const bad = "FROM golang:1.22\nWORKDIR /src\nCOPY other/go.mod ./\nRUN go mod download\n";
    const good = fixed(rule, "Dockerfile", bad, false, { around });
    expect(good).toBe(bad.replace("other/go.mod", "other/go.mod other/go.sum"));
    expect(lab.build(bad, "unchecked").status).toBe(0);
    expect(lab.build(good, "checked").output).toMatch(/checksum mismatch/);
  });
});

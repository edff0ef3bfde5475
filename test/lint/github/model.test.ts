import { describe, expect, it } from "vitest";
import { isHosted, isSelfHosted, readWorkflow, type Workflow } from "../../../src/lint/github/model.ts";
import { Unreadable } from "../../../src/lint/model.ts";
import { found } from "../found.ts";

const path = ".github/workflows/ci.yml";
const read = (text: string): Workflow => {
  const model = readWorkflow({ path, text });
  if (model instanceof Unreadable) throw new Error(model.reason);
  return model;
};

describe("readWorkflow", () => {
  it("knows jobs, runners, actions and their versions", () => {
    const sha = "a".repeat(40);
    const { jobs } = read(`env: {A: 1}
defaults: {run: {shell: bash}}
jobs:
  a:
    runs-on: ubuntu-24.04
    env: {B: "\${{ x }}", A: 2}
    steps:
      - uses: Actions/setup-go@v5.1
      - uses: actions/setup-go@${sha} # v6.0.0
      - uses: actions/cache/restore@${sha}
      - uses: ./local
      - {if: failure(), run: go build}
  b: {runs-on: [self-hosted, linux], container: golang}
  c: {runs-on: "\${{ matrix.os }}"}
  d: {runs-on: {group: big, labels: [ubuntu-latest]}, container: {image: "golang:\${{ x }}"}}
  e: {uses: ./.github/workflows/other.yml}
`);
    expect(jobs.map((job) => [job.name, isHosted(job), isSelfHosted(job), job.image])).toEqual([
      ["a", true, false, undefined],
      ["b", false, true, "golang"],
      ["c", false, false, undefined],
      ["d", true, false, undefined],
      ["e", false, false, undefined],
    ]);
    const [a] = jobs;
    expect(a?.steps.map(({ action }) => action && [action.name, action.path, action.major])).toEqual([
      ["actions/setup-go", "", 5],
      ["actions/setup-go", "", 6],
      ["actions/cache", "restore", undefined],
      undefined,
      undefined,
    ]);
    expect([...(a?.env ?? [])]).toEqual([
      ["A", "2"],
      ["B", undefined],
    ]);
    expect(a?.steps.map(({ conditional }) => conditional)).toEqual([false, false, false, false, true]);
  });

  it("takes no expression for shell, and shows it as it is written", () => {
    const text = `jobs:
  a:
    steps:
      - run: |
          if \${{ a == 'x' && "y" }}; then
            go build -o \${{ env.OUT }}/x \${{x}}
          fi
`;
    const go = read(text).commands.at(-1);
    expect(go?.words.map(({ value }) => value)).toEqual(["go", "build", "-o", "${{ env.OUT }}/x", "${{x}}"]);
    expect(go && text.slice(go.start, go.end)).toBe("go build -o ${{ env.OUT }}/x ${{x}}");
  });

  it.each([
    ["ubuntu-latest", "", 1],
    ["ubuntu-latest", "shell: pwsh, ", 0],
    ["ubuntu-latest", "shell: 'bash -e {0}', ", 1],
    ["windows-latest", "", 0],
    ["windows-latest", "shell: bash, ", 1],
  ])("on %s with %j there are %d commands", (runner, shell, count) => {
    const text = `jobs: {a: {runs-on: ${runner}, steps: [{${shell}run: go build}]}}`;
    expect(read(text).commands.length).toBe(count);
  });

  it("is no template, and may be broken", () => {
    expect(readWorkflow({ path, text: "jobs: {a: [go" })).toMatchObject({ reason: /^it is broken YAML: / });
    expect(
      read("jobs:\n  a:\n    steps:\n      - run: |\n          go list -f '\n          {{.Dir}}'\n").jobs.length,
    ).toBe(1);
  });
});

it.each([
  ["checksum-database-off", "GOSUMDB", "off"],
  ["checksum-bypass-wide", "GOPRIVATE", "'*'"],
  ["insecure-download", "GIT_SSL_NO_VERIFY", "true"],
])("%s looks at every env and at every script", (rule, name, value) => {
  const text = `env: {${name}: ${value}}
jobs:
  a:
    env: &env
      ${name}: ${value}
    container: {image: golang, env: {${name}: ${value}}}
    steps:
      - env: {${name}: ${value}}
        run: ${name}=${value} go build
  b: {env: *env}
`;
  expect(found(rule, path, text).map(({ location }) => location?.line)).toEqual([1, 5, 6, 8, 9]);
});

describe("script rules in workflows", () => {
  const job = (runner: string, ...runs: string[]): string =>
    `jobs:\n  a:\n    runs-on: ${runner}\n    steps:\n${runs.map((run) => `      - run: ${run}\n`).join("")}`;
  const lines = (rule: string, text: string) => found(rule, path, text).map(({ location }) => location?.line);

  it("sudo go hurts on a hosted runner only who builds after it", () => {
    expect(lines("script-sudo-go", job("ubuntu-latest", "sudo -E go test ./..."))).toEqual([]);
    expect(lines("script-sudo-go", job("ubuntu-latest", "go build", "sudo -E go test", "sudo go vet"))).toEqual([]);
    expect(lines("script-sudo-go", job("ubuntu-latest", "sudo -E go test ./...", "go build ./..."))).toEqual([5]);
    expect(lines("script-sudo-go", job("self-hosted", "sudo -E go test ./..."))).toEqual([5]);
  });

  it("rm -rf stops where root is not the user, and chown stays where the machine does", () => {
    const remove = "rm -rf ~/go/pkg/mod";
    expect(lines("script-cache-removed-by-hand", job("ubuntu-latest", remove))).toEqual([5]);
    expect(lines("script-cache-removed-by-hand", job("ubuntu-latest\n    container: golang", remove))).toEqual([]);
    const chown = "sudo chown -R runner ~/go/pkg/mod";
    expect(lines("script-cache-chown", job("[self-hosted]", chown))).toEqual([5]);
    expect(lines("script-cache-chown", job("ubuntu-latest", chown))).toEqual([]);
    expect(lines("script-cache-world-writable", job("ubuntu-latest", "sudo chmod -R 777 ~/go"))).toEqual([5]);
  });
});

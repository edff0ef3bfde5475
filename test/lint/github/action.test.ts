// An action.yml: what runs in the jobs of others is read as a job's steps are.
import { describe, expect, it } from "vitest";
import { readWorkflow, type Workflow } from "../../../src/lint/github/model.ts";
import { Unreadable } from "../../../src/lint/model.ts";
import { fixed, found } from "../found.ts";

const path = ".github/actions/go/action.yml";
const read = (text: string): Workflow => {
  const model = readWorkflow({ path, text });
  if (model instanceof Unreadable) throw new Error(model.reason);
  return model;
};
const action = (steps: string): string => `name: go\nruns:\n  using: composite\n  steps:\n${steps}`;
const run = (...scripts: string[]): string =>
  action(scripts.map((one) => `    - shell: bash\n      run: ${one}\n`).join(""));
const lines = (rule: string, text: string) => found(rule, path, text).map(({ location }) => location?.line);

describe("a composite action", () => {
  it("is one job, of which only the caller knows where it runs", () => {
    const { jobs } = read(action("    - uses: actions/setup-go@v5\n    - {shell: bash, run: go build}\n"));
    expect(jobs).toMatchObject([{ composite: true, steps: [{ action: { name: "actions/setup-go" } }, {}] }]);
    expect(jobs[0]?.labels).toBeUndefined();
    expect(read("jobs: {a: {steps: [{run: go build}]}}").jobs).toMatchObject([{ composite: false }]);
  });

  it("has commands with their places, and no expressions in them", () => {
    const text = action(
      `    - shell: bash\n      run: |\n        if \${{ inputs.fast }}; then\n          go build \${{ inputs.what }}\n        fi\n`,
    );
    const go = read(text).commands.at(-1);
    expect(go && text.slice(go.start, go.end)).toBe("go build ${{ inputs.what }}");
  });

  it("reads what a POSIX shell runs only", () => {
    for (const shell of ["pwsh", "python", "${{ inputs.shell }}"])
      expect(read(action(`    - {shell: "${shell}", run: go build}\n`)).commands).toEqual([]);
  });

  it.each([
    ["script-sudo-go", "sudo -E go build ./..."],
    ["script-cache-world-writable", "chmod -R 777 $GOMODCACHE"],
    ["script-cache-removed-by-hand", "rm -rf $GOMODCACHE"],
    ["checksum-database-off", "go env -w GOSUMDB=off"],
  ])("%s: %s", (rule, script) => expect(lines(rule, run("echo go", script))).toEqual([8]));

  it("has settings in the env of its steps", () => {
    expect(lines("checksum-database-off", action("    - env: {GOSUMDB: off}\n      run: go build\n"))).toEqual([5]);
  });

  it("says nothing of chown -R, which hurts only on machines that stay", () => {
    const chown = "sudo chown -R $USER ~/go/pkg/mod";
    expect(found("script-cache-chown", "x.sh", `${chown}\n`)).toHaveLength(1);
    expect(lines("script-cache-chown", run(chown))).toEqual([]);
  });

  it("restores a cache twice, and is mended where it does", () => {
    const cache = "    - uses: actions/cache@v4\n      with:\n        path: |\n          ~/go/pkg/mod\n";
    const keep = `${cache}          ~/.cache/go-build\n        key: go\n`;
    const text = action(`    - uses: actions/setup-go@v5\n      with:\n        go-version: stable\n${keep}`);
    expect(lines("github-cache-restored-twice", text)).toEqual([8]);
    expect(fixed("github-cache-restored-twice", path, text)).toBe(
      text.replace("go-version", "cache: false\n        go-version"),
    );
    expect(
      lines("github-cache-restored-twice", text.replace("go-version: stable", 'cache: "${{ inputs.cache }}"')),
    ).toEqual([]);
  });

  it("can be told to be left alone", () => {
    const ignored = run(
      "|\n        # gomodcache ignore=script-sudo-go for us\n        sudo go build\n        sudo go vet",
    );
    expect(lines("script-sudo-go", ignored)).toEqual([9]);
  });
});

describe("an action without steps", () => {
  it.each([
    ["of a container", "runs: {using: docker, image: Dockerfile, env: {GOSUMDB: off}, args: [sudo go build]}"],
    ["of JavaScript", "runs: {using: node20, main: dist/go.js, steps: [{shell: bash, run: sudo go build}]}"],
    ["of nothing", "runs:\n  using: composite # go\n"],
    ["of something else", "runs:\n  using: composite\n  steps: go build\n"],
    ["of a list", "# go\nruns: [using, composite]\n"],
  ])("%s has no command and no finding", (_, text) => {
    expect(read(text).commands).toEqual([]);
    expect(lines("script-sudo-go", text)).toEqual([]);
    expect(lines("checksum-database-off", text)).toEqual([]);
  });
});

it("takes composite in any letters, as the runner does", () => {
  expect(read("runs: {using: Composite, steps: [{shell: bash, run: go build}]}").commands).toHaveLength(1);
});

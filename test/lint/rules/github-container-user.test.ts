import { describe, expect, it } from "vitest";
import { fixed, found } from "../found.ts";

const rule = "github-container-user";
const path = ".github/workflows/ci.yml";
const job = (options: string, runner = "ubuntu-latest", run = "go build ./..."): string => `jobs:
  build:
    runs-on: ${runner}
    container:
      image: golang:1.25
      options: ${options}
    steps:
      - uses: actions/checkout@v4
      - run: ${run}
`;
const lines = (text: string) => found(rule, path, text).map(({ location }) => location?.line);

describe(rule, () => {
  it.each(["--user 1000", "--cpus 2 --user=1000:1000", "-u 65532", "'--init -u1000'", '--user "1000"'])(
    "%s",
    (options) => expect(lines(job(options))).toEqual([6]),
  );

  it.each([
    "--user 1001",
    "--user 1001:121",
    "--user root",
    "--user 0",
    "--user app",
    "--cpus 2",
    "--user ${{ inputs.uid }}",
  ])("is silent: %s", (options) => expect(lines(job(options))).toEqual([]));

  it("is silent where the runner's user is not known, and where go is not run", () => {
    expect(lines(job("--user 1000", "self-hosted"))).toEqual([]);
    expect(lines(job("--user 1000", "${{ matrix.os }}"))).toEqual([]);
    expect(lines(job("--user 1000", "ubuntu-latest", "make go"))).toEqual([]);
  });

  it("takes the runner's user, if asked to", () => {
    const text = job("--init --user 1000:1000");
    expect(fixed(rule, path, text)).toBe(text);
    expect(fixed(rule, path, text, true)).toBe(job("--init --user 1001:1000"));
  });
});

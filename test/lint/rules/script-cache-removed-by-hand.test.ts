import { describe, expect, it } from "vitest";
import { fixed, found, linesOf } from "../found.ts";

const rule = "script-cache-removed-by-hand";
const script = (text: string): number => found(rule, "x.sh", `#!/bin/sh\n${text}\n`).length;

describe(rule, () => {
  it.each([
    "rm -rf $GOMODCACHE",
    'rm -fr "$(go env GOMODCACHE)"',
    "rm -rf ~/go/pkg/mod",
    "sudo rm -rf /home/ci/go/pkg/mod",
    "rm -rf $GOPATH/pkg/mod ~/.cache/go-build",
    `trap 'x' EXIT; if true; then rm -r -f \${GOMODCACHE}; fi`,
  ])("%s", (text) => expect(script(text)).toBe(1));

  it.each([
    "go clean -modcache",
    "rm -rf ~/.cache/go-build",
    "rm -rf $GOMODCACHE/cache/download/example.com/x",
    "rm -rf ./build",
    "chmod -R u+w $GOMODCACHE && rm -rf $GOMODCACHE",
    "rm -f $GOMODCACHE/x.lock",
  ])("is silent: %s", (text) => expect(script(text)).toBe(0));

  it("is silent in a Dockerfile, where root deletes what root has made", () => {
    expect(linesOf(rule, "FROM golang:1.22\nRUN go mod download && rm -rf /go/pkg/mod\n")).toEqual([]);
  });

  it("lets go do it, where that is the same", () => {
    expect(fixed(rule, "x.sh", '#!/bin/sh\nrm -rf "$(go env GOMODCACHE)" || true\n')).toBe(
      "#!/bin/sh\ngo clean -modcache || true\n",
    );
    for (const line of ["rm -rf $GOMODCACHE ./x", "sudo rm -rf $GOMODCACHE", "rm -rf /home/ci/go/pkg/mod"])
      expect(fixed(rule, "x.sh", line, true)).toBe(line);
  });
});

import { describe, expect, it } from "vitest";
import { fixed, found, linesOf } from "../found.ts";

const rule = "script-sudo-go";

describe(rule, () => {
  it.each([
    "sudo go build ./...",
    "sudo -E go test ./...",
    "sudo -n --preserve-env=PATH go mod download",
    "sudo env PATH=$PATH go install ./cmd/x",
    "sudo GOFLAGS=-mod=mod /usr/local/go/bin/go build",
    "if ci; then sudo -u root go vet ./...; fi",
    "make && sudo time go build",
    "sudo sh -c 'cd /src && go build ./...'",
  ])("finds go as root: %s", (line) => {
    expect(found(rule, "build.sh", `#!/bin/sh\n${line}\n`)).toMatchObject([{ location: { line: 2 } }]);
  });

  it.each([
    "go build ./...",
    "sudo -u app go build ./...",
    "sudo go version",
    "sudo go env GOMODCACHE",
    "sudo install -m 755 bin/x /usr/local/bin/x",
    "sudo apt-get install -y golang-go",
    "echo sudo go build",
    "# sudo go build ./...",
    "sudo tar -C /usr/local -xzf go.tar.gz",
  ])("is silent: %s", (line) => {
    expect(found(rule, "build.sh", `#!/bin/sh\n${line}\n`)).toEqual([]);
  });

  it("looks into RUN too", () => {
    expect(linesOf(rule, "FROM registry.example.org/dev\nRUN sudo -E go install ./...\n")).toEqual([2]);
  });

  it("takes sudo away only if it may change what the script does", () => {
    const text = "#!/bin/sh\nA=1 sudo -E go build ./... # as root\n";
    expect(fixed(rule, "build.sh", text)).toBe(text);
    expect(fixed(rule, "build.sh", text, true)).toBe("#!/bin/sh\nA=1 go build ./... # as root\n");
  });
});

import { expect, it } from "vitest";
import { kindOf, versionOf } from "../../src/gocache/kind.ts";

it.each([
  ["", true, "root"],
  ["cache", true, "directory"],
  ["cache/lock", false, "side-lock"],
  ["cache/download", true, "directory"],
  ["cache/download/golang.org/x/text", true, "directory"],
  ["cache/download/golang.org/x/text/@v", true, "version-directory"],
  ["cache/download/golang.org/x/text/@v/list", false, "list"],
  ["cache/download/golang.org/x/text/@v/v0.1.0.info", false, "info"],
  ["cache/download/golang.org/x/text/@v/v0.1.0.mod", false, "mod"],
  ["cache/download/golang.org/x/text/@v/v0.1.0.zip", false, "zip"],
  ["cache/download/golang.org/x/text/@v/v0.1.0.ziphash", false, "ziphash"],
  ["cache/download/golang.org/x/text/@v/v0.1.0.lock", false, "lock"],
  ["cache/download/golang.org/x/text/@v/v0.1.0.partial", false, "partial"],
  ["cache/download/golang.org/x/text/@v/v0.1.0.zip123456.tmp", false, "temporary"],
  ["cache/download/golang.org/x/text/@v/notes.txt", false, "foreign"],
  ["cache/download/sumdb/sum.golang.org/tile/8/0/000", false, "sumdb"],
  ["cache/vcs/0123abcd", true, "vcs"],
  ["cache/vcs/0123abcd.lock", false, "vcs"],
  ["golang.org", true, "directory"],
  ["golang.org/x/text@v0.1.0", true, "module-directory"],
  ["golang.org/x/text@v0.1.0/unicode", true, "source-directory"],
  ["golang.org/x/text@v0.1.0/doc.go", false, "source-file"],
  ["golang.org/toolchain@v0.0.1-go1.22.0.linux-amd64/bin/go", false, "toolchain-binary"],
  ["golang.org/toolchain@v0.0.1-go1.22.0.linux-amd64/pkg/tool/linux_amd64/compile", false, "toolchain-binary"],
  ["golang.org/toolchain@v0.0.1-go1.22.0.linux-amd64/src/bin/go.go", false, "source-file"],
  ["notes.txt", false, "foreign"],
  ["golang.org/x/text@v0.1.0", false, "foreign"],
] as const)("%s (directory: %s) is %s", (path, isDirectory, kind) => {
  expect(kindOf(path, isDirectory)).toBe(kind);
});

it("tells the version of a file", () => {
  expect(versionOf("v1.2.3.ziphash")).toBe("v1.2.3");
  expect(versionOf("list")).toBeUndefined();
});

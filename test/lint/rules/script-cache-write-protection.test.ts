import { describe, expect, it } from "vitest";
import { found } from "../found.ts";

const rule = "script-cache-write-protection";
const script = (text: string): number => found(rule, "x.sh", `#!/bin/sh\n${text}\n`).length;

describe(rule, () => {
  it.each([
    "find $(go env GOMODCACHE) -type f -exec chmod 644 {} \\;",
    'find "$GOMODCACHE" -type f -print0 | xargs -0 chmod 644; find "$GOMODCACHE" -exec chmod u+w {} +',
    "chmod -R u+w ~/go/pkg/mod",
    "sudo chmod -R 755 $GOPATH/pkg/mod",
    "chmod -R +w $GOMODCACHE",
  ])("%s", (text) => expect(script(text)).toBe(1));

  it.each([
    ["directories only", "find $GOMODCACHE -type d -exec chmod 755 {} +"],
    ["to delete it", "chmod -R u+w $GOMODCACHE && rm -rf $GOMODCACHE"],
    ["not the cache", "find . -type f -exec chmod 644 {} +"],
    ["rights to read", "chmod -R a+rX $GOMODCACHE"],
    ["the build cache", "chmod -R u+w ~/.cache/go-build"],
    ["for everybody: another rule", "chmod -R 777 $GOMODCACHE"],
  ])("is silent: %s", (_, text) => expect(script(text)).toBe(0));
});

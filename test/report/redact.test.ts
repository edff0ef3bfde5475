import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { redacted, redactedArguments } from "../../src/report/redact.ts";

describe("what is secret", () => {
  const secrets = [
    "https://ci:hunter2@proxy.example.org/x",
    "https://hunter2@git.example.org/x.git: 403",
    "git+ssh://git:hunter2@h/x",
    "GOPROXY=https://a:hunter2@one,https://b:hunter2@two|direct",
    "-X main.apiKey=hunter2",
    "-ldflags=-X 'main.dbPassword=hunter2' -s",
    '{"token": "hunter2", "user": "x"}',
    "access_token=hunter2&x=1",
    "X-Amz-Signature=hunter2&x",
    "Authorization: Bearer hunter2hunter2",
    "DB_PASSWORD=hunter2",
    "X-Vault-Token: hunter2",
    "'secret': 'hunter2'",
    "https://x/y?sig=hunter2&se=1",
  ];
  for (const text of secrets) {
    test(text, () => {
      expect(redacted(text)).not.toContain("hunter2");
      expect(redacted(text)).toContain("REDACTED");
      expect(redacted(redacted(text))).toBe(redacted(text));
    });
  }

  test("tokens that are known by their form", () => {
    const digits = "0123456789abcdefABCDEF0123456789abcd";
    for (const token of [`ghp_${digits}`, `github_pat_${digits}`, `glpat-${digits}`, "AKIA0123456789ABCDEF"])
      expect(redacted(`fatal: ${token}: denied`)).toBe("fatal: REDACTED: denied");
  });

  test("the argument after a flag", () => {
    expect(redactedArguments(["tool", "--token", "hunter2", "-v", "--api-key=hunter2"])).toEqual([
      "tool",
      "--token",
      "REDACTED",
      "-v",
      "--api-key=REDACTED",
    ]);
  });
});

test("what is not secret stays", () => {
  for (const text of [
    "go: example.com/tokenizer@v1.2.0: unrecognized import path",
    "https://proxy.example.org/github.com/!burnt!sushi/toml/@v/v1.0.0.zip",
    "open /srv/gomod/cache/lock: permission denied",
    "go: example.com/tokenizer: git ls-remote -q https://example.com/tokenizer: exit status 128",
    "reading https://proxy.example.org/secret: 404 Not Found",
    "author: somebody",
    "git@github.com:x/y.git",
    "verifying example.com/secrets@v1.0.0: checksum mismatch",
  ])
    expect(redacted(text)).toBe(text);
});

test("any text, in time that grows with its length", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(typeof redacted(text)).toBe("string");
    }),
  );
  for (const piece of ["a", "token", "://", "=", "eyJ", "-", "bearer ", "a.", "-eyJ", "token-", 'token="', '"'])
    expect(redacted(piece.repeat(20_000)).length).toBeGreaterThan(0);
});

import { describe, expect, it } from "vitest";
import type { CanAnswer } from "../../src/finding/answer.ts";
import { goCommandFails, predictionFinding } from "../../src/rules/go-command-fails.ts";
import { healthyFacts } from "./healthy-facts.ts";

const failing: CanAnswer = {
  operation: "build",
  goCommand: "go build -o /dev/null ./...",
  target: "/app",
  subject: healthyFacts({}).subject.subject,
  verdict: "no",
  reasons: [
    {
      path: "/cache/example.com/a@v1.0.0/a.go",
      need: "read",
      deniedBy: { path: "/cache/example.com/a@v1.0.0/a.go", by: "other", because: "others have ---" },
      message:
        "go must open /cache/example.com/a@v1.0.0/a.go to compile package example.com/a: EACCES: others have ---",
    },
  ],
  warnings: [],
};

describe("go-command-fails", () => {
  it("finds nothing by itself", () => {
    expect(goCommandFails.check(healthyFacts({}))).toEqual([]);
  });

  it("names the commands, what go trips over, and how to ask further", () => {
    const finding = predictionFinding([failing, { ...failing, goCommand: "go test ./..." }], healthyFacts({}));
    expect(finding.message).toContain("go build -o /dev/null ./..., go test ./... will fail for ");
    expect(finding.why).toBe(failing.reasons[0]?.message);
    expect(finding.fixes[0]?.command).toContain("gomodcache why /cache/example.com/a@v1.0.0/a.go --as ");
  });

  it("has no command to offer when nothing refuses", () => {
    const missing = {
      ...failing,
      reasons: [{ path: "example.com/b@v1.0.0", need: "be fetched", message: "module lookup disabled by GOPROXY=off" }],
    };
    expect(predictionFinding([missing], healthyFacts({})).fixes).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { cacheOnOverlay as rule } from "../../src/rules/cache-on-overlay.ts";
import { aMount, healthyFacts, only } from "./healthy-facts.ts";

describe("cache-on-overlay", () => {
  const cache = { path: "/go/pkg/mod", mount: aMount({ type: "overlay" }) };

  it("is silent outside of containers and on volumes", () => {
    expect(rule.check(healthyFacts({ cache }))).toEqual([]);
    expect(rule.check(healthyFacts({ container: "docker" }))).toEqual([]);
  });

  it.each([
    ["docker", "docker run --mount type=volume,source=go-modules,target=/go/pkg/mod IMAGE"],
    ["podman", "podman run --mount type=volume,source=go-modules,target=/go/pkg/mod IMAGE"],
  ])("advises a volume in %s", (container, command) => {
    expect(only(rule, { cache, container }).fixes[0]?.command).toBe(command);
  });

  it("patches a deployment in Kubernetes", () => {
    const command = only(rule, { cache, container: "kubernetes" }).fixes[0]?.command ?? "";
    const patch = JSON.parse(command.slice(command.indexOf("'") + 1, -1));
    expect(patch.spec.template.spec.containers[0].volumeMounts[0].mountPath).toBe("/go/pkg/mod");
  });
});

import { describe, expect, it } from "vitest";
import { fixed, found } from "../found.ts";
import { container, linesIn, pod } from "../kubernetes-text.ts";

const rule = "kubernetes-empty-dir-mode";
const go = (context = "runAsUser: 1001", mount = "", image = "golang:1.25"): string =>
  container(
    "build",
    image,
    `securityContext: {${context}}, volumeMounts: [{name: cache, mountPath: /go/pkg/mod${mount}}], command: [go, mod, download]`,
  );
const withMode = (mode: string, one = go(), spec = ""): string =>
  pod({ main: [one], volume: `emptyDir: {mode: ${mode}}`, spec });

describe(rule, () => {
  it.each([
    ["0755", "0755"],
    ["0700", "0700"],
    ["0o750", "0750"],
    ["493", "0755"],
    // The cluster reads a decimal number.
    ["700", "1274"],
    ["01775", "1775"],
  ])("mode: %s", (mode, octal) => {
    const group = octal === "1775" || octal === "1274" ? go("runAsUser: 1001, runAsGroup: 1001") : go();
    const findings = found(rule, "pod.yaml", withMode(mode, group));
    expect(findings.map(({ location }) => location?.line)).toEqual([8]);
    expect(findings[0]?.message).toBe(
      `The emptyDir "cache" has mode ${octal} and belongs to root: container "build" cannot write its Go cache there as uid 1001`,
    );
  });

  it.each([
    ["open", "0777", go()],
    ["sticky", "01777", go()],
    ["open by chance", "755", go()],
    ["more than the cluster takes", "02700", go()],
    ["no number", '"0700"', go()],
    ["root", "0700", go("runAsUser: 0")],
    ["the image decides", "0700", go("runAsNonRoot: true")],
    ["root's group, without runAsGroup", "0770", go()],
    ["root's group", "0770", go("runAsUser: 1001, runAsGroup: 0")],
    [
      "an image that may have the user in root's group",
      "0770",
      go("runAsUser: 1, runAsGroup: 1", "", "registry.example.org/go"),
    ],
    ["only read", "0755", go("runAsUser: 1001", ", readOnly: true")],
    ["a subdirectory has a mode of its own", "0755", go("runAsUser: 1001", ", subPath: go")],
  ])("is silent: %s", (_, mode, one) => expect(linesIn(rule, withMode(mode, one))).toEqual([]));

  it("is silent where the kubelet opens it to a group", () => {
    expect(linesIn(rule, withMode("0700", go(), "securityContext:\n  fsGroup: 2000"))).toEqual([]);
    expect(
      linesIn(rule, withMode("0770", go("runAsUser: 1, runAsGroup: 1"), "securityContext:\n  supplementalGroups: [0]")),
    ).toEqual([]);
  });

  it("opens it, if asked to, in the number's own way", () => {
    for (const [mode, after] of [
      ["0750", "0777"],
      ["488", "511"],
    ] as const) {
      const text = withMode(mode);
      expect(fixed(rule, "pod.yaml", text)).toBe(text);
      expect(fixed(rule, "pod.yaml", text, true)).toBe(text.replace(`mode: ${mode}`, `mode: ${after}`));
    }
  });
});

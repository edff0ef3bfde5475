// In a container, the cache lies in the container's own writable layer.
import type { Facts } from "../facts/facts.ts";
import type { Fix } from "../finding/finding.ts";
import type { FactRule } from "./rule.ts";
import { pathOf, shellQuote } from "./shared/say.ts";

export const cacheOnOverlay: FactRule = {
  id: "cache-on-overlay",
  severity: "advice",
  title: "the module cache is in the container's own layer",
  looksAt: "facts",
  check: (facts) => {
    const { cache, container } = facts;
    if (container === undefined || container === "wsl" || (cache.state !== "directory" && cache.state !== "missing"))
      return [];
    if (cache.mount?.type !== "overlay" && cache.mount?.type !== "fuse.fuse-overlayfs") return [];
    return [
      {
        message: `${cache.path} is in the container's own layer: what is downloaded is lost with the container, for every user`,
        paths: [pathOf(cache.path, cache.entry, facts)],
        count: 1,
        why: "A chown or chmod of modules that came with the image copies every file into the upper layer; as a step of an image build it stores them a second time",
        fixes: [volumeFix(facts)],
      },
    ];
  },
};

function volumeFix(facts: Facts): Fix {
  const { path } = facts.cache;
  if (facts.container === "kubernetes") {
    const volume = { name: "go-modules", persistentVolumeClaim: { claimName: "go-modules" } };
    const container = { name: "CONTAINER", volumeMounts: [{ name: "go-modules", mountPath: path }] };
    const patch = JSON.stringify({ spec: { template: { spec: { volumes: [volume], containers: [container] } } } });
    return {
      title: "Keep it in a volume (DEPLOYMENT and CONTAINER are yours; the claim go-modules must exist)",
      disposition: "safe",
      command: `kubectl patch deployment DEPLOYMENT -p ${shellQuote(patch)}`,
    };
  }
  const program = facts.container === "podman" ? "podman" : "docker";
  return {
    title: "Keep it in a volume (IMAGE is your image)",
    disposition: "safe",
    command: `${program} run --mount ${shellQuote(`type=volume,source=go-modules,target=${path}`)} IMAGE`,
  };
}

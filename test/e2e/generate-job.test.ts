// The Job that generate makes, in every variant, really run: as the Pod of its template, on volumes as the kubelet makes them.
import { chmodSync, cpSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { blockOf, settingsOf, targetNamed, type Wanted } from "../../src/generate/render.ts";
import { makeInitImage, makePodLab, missingPodTools, type PodLab } from "./pod-lab.ts";

const reason = missingPodTools();
const initImage = "localhost/gomodcache:test";
let lab: PodLab;

beforeAll(async () => {
  if (reason !== undefined) return;
  lab = await makePodLab(["docker.io/library/golang:1.25", "docker.io/library/busybox:1.37"]);
  if (existsSync(new URL("../../dist/init-cli.js", import.meta.url))) await makeInitImage(lab, initImage);
}, 240_000);
afterAll(async () => {
  if (reason === undefined) await lab.remove();
}, 120_000);

function manifest(wanted: Wanted): string {
  const target = targetNamed("kubernetes-job");
  return blockOf(target, settingsOf(target, { goVersion: "1.25", ...wanted }, "0.1.0"), "");
}

let count = 0;

/** Go's own packages are compiled once: for those variants whose containers are one user, by the first of them. */
function warm(): string {
  const path = join(lab.directory, "warm");
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o777);
  return path;
}

/** A claim that root filled with another module. */
function claimOfRoot(): string {
  count += 1;
  const claim = join(lab.directory, `claim${count}`);
  const old = join(claim, "cache/download/example.com/old/@v");
  mkdirSync(old, { recursive: true });
  for (const one of [
    claim,
    join(claim, "cache"),
    join(claim, "cache/download"),
    join(claim, "cache/download/example.com"),
  ])
    chmodSync(one, 0o755);
  return claim;
}

describe.skipIf(reason !== undefined)(
  reason === undefined ? "generate kubernetes-job" : `generate kubernetes-job (skipped: ${reason})`,
  () => {
    const variants: [string, Wanted, boolean][] = [
      ["same-uid", { variant: "same-uid" }, false],
      ["group", { variant: "group", gid: 3000 }, false],
      ["readonly", { variant: "readonly" }, false],
      ["init on an emptyDir", { variant: "init" }, false],
      ["init on a claim that root filled", { variant: "init" }, true],
      ["init by gomodcache-init, on such a claim", { variant: "init", initImage }, true],
      ["init by gomodcache-init, for a group", { variant: "init", initImage, contract: "group", gid: 3000 }, true],
    ];

    it.each(variants)(
      "%s: downloads and builds",
      async (_, wanted, claimed) => {
        const workspace = join(lab.directory, `workspace${count}`);
        cpSync(lab.sources, workspace, { recursive: true });
        const played = await lab.podman.play(manifest(wanted), {
          workspace,
          ...(wanted.variant === "init" ? { tmp: warm() } : {}),
          ...(claimed ? { gomodcache: claimOfRoot() } : {}),
        });
        expect(played, JSON.stringify(played)).toMatchObject({ passed: true });
        expect(played.containers.map(({ name }) => name).slice(-2)).toEqual(["download", "build"]);
      },
      240_000,
    );

    it("same-uid on a claim that root filled fails, which is what the step of init is for", async () => {
      const played = await lab.podman.play(manifest({ variant: "same-uid" }), {
        workspace: lab.sources,
        gomodcache: claimOfRoot(),
      });
      expect(played.passed).toBe(false);
      expect(played.containers.at(-1)).toMatchObject({
        name: "download",
        output: expect.stringMatching(/permission denied/),
      });
    }, 120_000);
  },
);

// What the webhook injects, really run: pods that fail as they are, and work with the patch.
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import jsonPatch from "fast-json-patch";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { admit } from "../../src/admission/admit.ts";
import type { JsonObject } from "../../src/admission/json.ts";
import { Malformed, readReview } from "../../src/admission/review.ts";
import { type Route, routeOf } from "../../src/admission/route.ts";
import { container, review } from "../cluster/reviews.ts";
import { makePodLab, missingPodTools, type PodLab } from "./pod-lab.ts";

const reason = missingPodTools();
let lab: PodLab;
beforeAll(async () => {
  if (reason === undefined) lab = await makePodLab(["docker.io/library/golang:1.25", "docker.io/library/busybox:1.37"]);
}, 120_000);
afterAll(async () => {
  if (reason === undefined) await lab.remove();
}, 120_000);

function injected(object: JsonObject): JsonObject {
  const asked = readReview(review({ object }));
  if (asked instanceof Malformed) throw new Error(asked.reason);
  const settings = { mode: "warn", failOn: "error", excluded: new Set<string>() } as const;
  const { patch = [], warnings } = admit(asked, routeOf("/mutate") as Route, settings);
  expect(warnings).toEqual([]);
  return jsonPatch.applyPatch(structuredClone(object), structuredClone([...patch]) as jsonPatch.Operation[], true)
    .newDocument as JsonObject;
}

const pod = (annotations: JsonObject, containers: JsonObject[], more: JsonObject = {}): JsonObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "build", annotations: { "gomodcache.dev/inject": "true", ...annotations } },
  spec: { restartPolicy: "Never", ...more, containers },
});
const step = (name: string, script: string, securityContext: JsonObject): JsonObject =>
  container({ name, image: "golang:1.25", command: ["sh", "-c", script], securityContext, volumeMounts: [] });

const get = (module: string): string =>
  `mkdir -p /tmp/w && cd /tmp/w && go mod init example.com/w && go get example.com/${module}@v1.0.0`;
const readOnly = { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };

describe.skipIf(reason !== undefined)(
  `the pods that the webhook makes${reason === undefined ? "" : ` (skipped: ${reason})`}`,
  () => {
    const play = (object: JsonObject, volumes?: Record<string, string>) => lab.podman.play(stringify(object), volumes);

    it("go works for a user without a home, under a read-only root file system", async () => {
      const object = pod({ "gomodcache.dev/uid": "1001" }, [step("build", `id -u; ${get("alpha")}`, readOnly)]);
      expect((await play(object)).passed).toBe(false);
      const played = await play(injected(object));
      expect(played).toMatchObject({ passed: true, containers: [{ output: expect.stringMatching(/^1001\n/) }] });
    });

    it("two users of one group add to one cache in the variant group, and not without it", async () => {
      const containers = [step("second", get("beta"), { runAsUser: 1001, runAsGroup: 3000 })];
      const more = { initContainers: [step("first", get("alpha"), { runAsUser: 1002, runAsGroup: 3000 })] };
      const same = await play(injected(pod({}, containers, more)));
      expect(same.passed).toBe(false);
      expect(same.containers.at(-1)?.output).toMatch(/permission denied/);
      expect(await play(injected(pod({ "gomodcache.dev/variant": "group" }, containers, more)))).toMatchObject({
        passed: true,
      });
    });

    it("a claim that root filled is given to the user in the variant init, and not without it", async () => {
      const claim = join(lab.directory, "claim");
      mkdirSync(claim);
      chmodSync(claim, 0o755);
      const volumes = { volumes: [{ name: "gomodcache", persistentVolumeClaim: { claimName: "modules" } }] };
      const asks = { "gomodcache.dev/uid": "1001", "gomodcache.dev/gid": "1001" };
      const containers = [step("build", get("alpha"), {})];
      const without = await play(injected(pod(asks, containers, volumes)), { gomodcache: claim });
      expect(without.passed).toBe(false);
      expect(without.containers.at(-1)?.output).toMatch(/permission denied/);
      const init = { ...asks, "gomodcache.dev/variant": "init" };
      const played = await play(injected(pod(init, containers, volumes)), { gomodcache: claim });
      expect(played).toMatchObject({ passed: true, containers: [{ name: "gomodcache-hand-over" }, { name: "build" }] });
    });
  },
);

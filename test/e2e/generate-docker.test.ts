// The Dockerfiles that generate makes, built: by a user without an account, twice with one cache mount, and beside another user's.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { blockOf, commandLine, fileWith, settingsOf, targetNamed, type Wanted } from "../../src/generate/render.ts";
import { type ImageLab, makeImageLab, missingImageTools } from "./image-lab.ts";
import { removeLab } from "./lab.ts";

const reason = missingImageTools();
let lab: ImageLab;

beforeAll(() => {
  if (reason === undefined)
    lab = makeImageLab({
      "cmd/app/main.go": 'package main\n\nimport "example.com/alpha"\n\nfunc main() { println(alpha.A) }\n',
    });
}, 120_000);
afterAll(() => {
  if (reason === undefined) removeLab(lab.directory);
});

function dockerfile(wanted: Wanted): string {
  const target = targetNamed("dockerfile");
  const settings = settingsOf(target, { goVersion: "1.22", ...wanted }, "0.1.0");
  return fileWith(target, settings, blockOf(target, settings, commandLine(target, wanted)), "");
}

describe.skipIf(reason !== undefined)(
  reason === undefined ? "generate dockerfile" : `generate dockerfile (skipped: ${reason})`,
  () => {
    it("cache mounts: it builds, also when the mounts are there already and have another user's beside them", () => {
      for (const uid of [3001, 3001, 3002]) {
        const { status, output } = lab.build(dockerfile({ uid, gid: 3000 }), "mounts");
        expect({ uid, status, output }).toMatchObject({ status: 0 });
      }
      // Without what it says about the owner, it fails: the image is one in which that matters.
      const bad = lab.build(dockerfile({ uid: 3003 }).replaceAll(",uid=3003,gid=3003", ""), "bad");
      expect(bad.status).not.toBe(0);
      expect(bad.output).toMatch(/permission denied/);
    }, 300_000);

    it("layer: it builds, for a path of one's own too, and the image's user is the number", () => {
      const { status, output } = lab.build(
        dockerfile({ uid: 3001, variant: "layer", cacheDir: "/data/modules" }),
        "layer",
        {
          tag: "generated",
        },
      );
      expect({ status, output }).toMatchObject({ status: 0 });
      expect(JSON.parse(lab.inspect("generated")).OCIv1.config.User).toBe("3001:3001");
    }, 300_000);
  },
);

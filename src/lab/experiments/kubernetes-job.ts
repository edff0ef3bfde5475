// The generated Job on a volume that root filled: without its first step, with it, and on an emptyDir.
import { parseDocument } from "yaml";
import { blockOf, settingsOf, targetNamed } from "../../generate/render.ts";
import type { Experiment } from "../experiment.ts";
import { alpha, beta, GoLab } from "../go-lab.ts";
import type { Lab } from "../lab.ts";
import { type Played, Podman } from "../podman.ts";

export const kubernetesJob: Experiment = {
  name: "kubernetes-job",
  summary: "the generated Job, with and without its first step",
  method:
    "The Job of gomodcache generate kubernetes-job --variant init is run by podman, which knows no Job, as the Pod of its template. Its cache volume is first a directory as a claim that root filled, then one as the kubelet makes an emptyDir: 0777, of root. The image is busybox under the name of the golang image, with go's own tree mounted.",
  needs: ["root", "go", "podman", "runc", "catatonit", "busybox", "tar", "setpriv"],
  run,
};

const uid = 1001;

async function run(lab: Lab): Promise<void> {
  const go = new GoLab(lab);
  const target = targetNamed("kubernetes-job");
  const manifest = blockOf(target, settingsOf(target, { variant: "init", uid, goVersion: "1.25" }, "lab"), "");
  const withoutStep = withoutInit(manifest, "hand-over");
  const goRoot = (await lab.run(["go", "env", "GOROOT"], { env: go.environment("/nonexistent") })).stdout.trim();
  const podman = new Podman({ directory: lab.at("podman"), goRoot, proxy: lab.at("proxy"), programs: lab.programs });
  lab.cleanup(() => podman.close());
  const images = [...manifest.matchAll(/image: "?([\w.:/-]+)"?/g)].map(([, image]) => `docker.io/library/${image}`);
  await podman.makeImage([...new Set(images)]);

  const seeded = await go.project("seeded", beta);
  const workspace = await go.project("workspace", alpha, "main");

  // What is compiled of go's own packages is kept from one run to the next.
  const tmp = lab.makeDirectory("tmp", 0o777);

  lab.step("A claim that a root step filled once with another module, and the Job without its step hand-over");
  const claim = lab.makeDirectory("claim");
  await go.show(["mod", "download"], seeded, claim, { umask: 0o022 });
  const failed = await play(lab, podman, withoutStep, { gomodcache: claim, workspace });
  lab.claim(
    `uid ${uid} cannot add its module to what root left`,
    !failed.passed && /permission denied/.test(failed.containers.at(-1)?.output ?? ""),
  );

  lab.step("The same claim, and the Job as it is generated");
  const passed = await play(lab, podman, manifest, { gomodcache: claim, workspace, tmp });
  lab.claim("the step gives the directory to the user, and download and build pass", passed.passed);
  await lab.show(["stat", "-c", "%A %u:%g %n", ".", "cache/download", "example.com/alpha@v1.0.0"], { cwd: claim });

  lab.step("An emptyDir, and the Job without its step hand-over");
  const empty = await play(lab, podman, withoutStep, { workspace, tmp });
  lab.claim("it passes: an emptyDir is 0777, and nobody has left anything in it", empty.passed);

  lab.conclude("An emptyDir needs no chown. What needs it is what a root step or an earlier pod left in the volume.");
  lab.conclude(
    "With one UID for all containers from the beginning there is never anything to give away: --variant same-uid has no root step.",
  );
}

async function play(lab: Lab, podman: Podman, manifest: string, volumes: Record<string, string>): Promise<Played> {
  const played = await podman.play(manifest, volumes);
  const lines = played.containers.map(
    ({ name, status, output }) => `${name}: exit status ${status}\n${output.replace(/^(?=.)/gm, "  ")}`,
  );
  lab.shown("podman kube play job.yaml", lines.length === 0 ? played.podman : lines.join(""));
  return played;
}

/** The manifest without one of its init containers. */
function withoutInit(manifest: string, name: string): string {
  const document = parseDocument(manifest);
  const path = ["spec", "template", "spec", "initContainers"];
  const list = document.toJS().spec.template.spec.initContainers as { name: string }[];
  document.deleteIn([...path, list.findIndex((one) => one.name === name)]);
  return String(document);
}

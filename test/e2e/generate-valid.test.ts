// Whatever generate makes, past the programs that read such files, or the code of their projects.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { targetNamed, type Wanted } from "../../src/generate/render.ts";
import { fileOf, forms, made, wantedOf } from "../generate/made.ts";
import { describeWithTools, judge, runTool } from "./tools.ts";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "generate-valid-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

/** A file with the text, below the test's directory. */
function put(name: string, text: string): string {
  const file = join(directory, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** Each variant as it comes, and with everything that can be set. */
function textsOf(name: string): { readonly label: string; readonly text: string }[] {
  return forms
    .filter(({ target }) => target.name === name)
    .flatMap(({ target, variant }) => {
      const all: Wanted = {
        ...(target.takes.includes("uid") ? { uid: 4294967, gid: 12 } : {}),
        ...(target.takes.includes("cacheDir") && target.relative !== true ? { cacheDir: "/data/go mod/a@b" } : {}),
        ...(target.takes.includes("initImage")
          ? { initImage: "registry.example.org:5000/gomodcache:0.1@sha256:0a" }
          : {}),
      };
      return [wantedOf(variant), { ...wantedOf(variant), ...all }].map((wanted) => ({
        label: JSON.stringify(wanted),
        text: made(target, wanted),
      }));
    });
}

const validated = [
  ["kubernetes-job", "kubernetes"],
  ["tekton-task", "tekton"],
  ["tekton-pipeline", "tekton"],
  ["argo-workflow", "argo"],
  ["compose", "compose"],
] as const;

describeWithTools("what generate makes is valid", () => {
  it.each(validated)("%s, by the code of %s", (name, kind) => {
    const texts = textsOf(name);
    expect(texts.length).toBeGreaterThan(1);
    for (const { label, text } of texts)
      expect({ label, ...runTool("validate", [kind, put(`${name}.yaml`, text)]) }).toEqual({
        label,
        status: 0,
        stdout: "",
        stderr: "",
      });
  });

  it.each([
    ["kubernetes-job", "kubernetes", "runAsNonRoot:", "runAsNonroot:", "unknown field"],
    ["kubernetes-job", "kubernetes", "name: tmp\n", "name: temp\n", "Not found"],
    ["kubernetes-job", "kubernetes", "runAsUser: 1001", "runAsUser: -1", "must be between"],
    ["tekton-task", "tekton", "workspaces:", "workspace:", "unknown field"],
    ["tekton-pipeline", "tekton", "runAfter: [test]", "runAfter: [nothing]", "nothing"],
    ["argo-workflow", "argo", "entrypoint: build", "entrypoint: nothing", "nothing"],
    ["compose", "compose", "condition: service_completed_successfully", "condition: done", "condition"],
  ])("a fault in %s would be told: %s, %s", (name, kind, good, bad, words) => {
    const text = made(targetNamed(name));
    expect(text).toContain(good);
    const { status, stderr } = runTool("validate", [kind, put("bad.yaml", text.replace(good, bad))]);
    expect(status).toBe(1);
    expect(stderr).toContain(words);
  });

  it("the kustomize component changes a Job as it should, and what comes out is valid", () => {
    const job = (name: string, labels: string): string => `apiVersion: batch/v1
kind: Job
metadata: {name: ${name}${labels}}
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: build
          image: golang:1.25
          command: [go, build, ./...]
`;
    for (const { label, text } of textsOf("kustomize-component")) {
      put("kustomize/components/gomodcache/kustomization.yaml", text);
      put("kustomize/asks.yaml", job("asks", ", labels: {gomodcache: enabled}"));
      put("kustomize/other.yaml", job("other", ""));
      put("kustomize/kustomization.yaml", "resources: [asks.yaml, other.yaml]\ncomponents: [components/gomodcache]\n");
      const built = runTool("kustomize", ["build", join(directory, "kustomize")]);
      expect({ label, ...built }).toMatchObject({ label, status: 0, stderr: "" });
      expect(runTool("validate", ["kubernetes", put("built.yaml", built.stdout)])).toMatchObject({
        status: 0,
        stderr: "",
      });
      const [asks, other] = built.stdout.split("---\n").map((one) => parse(one));
      const { uid } = text.includes("4294967") ? { uid: 4294967 } : { uid: 1001 };
      expect(asks).toMatchObject({
        metadata: { name: "asks" },
        spec: { template: { spec: { securityContext: { runAsUser: uid, runAsNonRoot: true } } } },
      });
      expect(asks.spec.template.spec.volumes.map((one: { name: string }) => one.name)).toEqual(["gomodcache", "tmp"]);
      expect(other.spec.template.spec.volumes).toBeUndefined();
    }
  });

  it("GitHub workflows, by actionlint with shellcheck", () => {
    for (const { label, text } of textsOf("github-actions")) {
      const args = ["-no-color", "-shellcheck", "shellcheck", "-pyflakes", "", put(".github/workflows/go.yml", text)];
      expect({ label, ...runTool("actionlint", args) }).toEqual({ label, status: 0, stdout: "", stderr: "" });
    }
    const bad = made(targetNamed("github-actions"), { variant: "self-hosted" }).replace('"$GITHUB_ENV"', "$GITHUB_ENV");
    const { status, stdout } = runTool("actionlint", ["-no-color", "-shellcheck", "shellcheck", put("bad.yml", bad)]);
    expect(status).toBe(1);
    expect(stdout).toContain("SC2086");
  });
});

function missing(program: string): string | undefined {
  return spawnSync(program, ["--version"], { stdio: "ignore" }).error === undefined
    ? undefined
    : `${program} is not installed`;
}

/** describe(), or a skip that says which program is missing. */
function describeWith(program: string, title: string, tests: () => void): void {
  const reason = missing(program);
  describe.skipIf(reason !== undefined)(reason === undefined ? title : `${title} (skipped: ${reason})`, tests);
}

/** Every script in what is generated for a POSIX shell, with the words that it is given. */
function scripts(): { readonly label: string; readonly text: string }[] {
  return forms.flatMap(({ target, variant }) => {
    const contracts = target.takes.includes("contract") ? (["private", "group", "readonly"] as const) : [undefined];
    return contracts.flatMap((contract) => {
      const fits = contract === undefined || !["group", "readonly", "same-uid"].includes(variant ?? "");
      const text = made(target, { ...wantedOf(variant), ...(contract === undefined || !fits ? {} : { contract }) });
      const label = `${target.name} ${variant ?? ""} ${contract ?? ""}`.trim();
      if (variant === "git-hook") return [{ label, text }];
      const arrays = [...text.matchAll(/(?:command|entrypoint): (\[.*\])$/gm)].map((one) =>
        JSON.parse(one[1] as string),
      );
      const inArrays = arrays
        .filter(([first]) => first === "sh")
        .map(([, , script]) => ({ label, text: (script as string).replaceAll("$$", "$") }));
      const command = /"onCreateCommand": (".*")$/m.exec(text)?.[1];
      return command === undefined ? inArrays : [...inArrays, { label, text: JSON.parse(command) as string }];
    });
  });
}

describeWith("shellcheck", "scripts in what generate makes", () => {
  it("are what sh -n and shellcheck accept", () => {
    const all = scripts();
    expect(new Set(all.map(({ label }) => label.split(" ")[0]))).toEqual(
      new Set(["kubernetes-job", "compose", "devcontainer", "pre-commit"]),
    );
    for (const { label, text } of all) {
      expect({ label, ...judge("sh", ["-n"], { input: text }) }).toMatchObject({ label, status: 0, stderr: "" });
      expect({ label, ...judge("shellcheck", ["-s", "sh", "-"], { input: text }) }).toMatchObject({
        label,
        status: 0,
        stdout: "",
      });
    }
  });
});

describeWith("systemd-analyze", "what generate makes for systemd", () => {
  const contracts = ["private", "group", "readonly"] as const;
  const paths = ["/srv/gomodcache", "/srv/go mod"];

  it.each(contracts)("the unit, %s, by systemd-analyze verify", (contract) => {
    for (const cacheDir of paths) {
      const text = made(targetNamed("systemd-unit"), { contract, cacheDir });
      const file = put(basename(fileOf(targetNamed("systemd-unit"))), text);
      expect(judge("systemd-analyze", ["verify", "--man=no", file])).toMatchObject({
        status: 0,
        stdout: "",
        stderr: "",
      });
    }
    const bad = made(targetNamed("systemd-unit")).replace("UMask=", "UMaks=");
    expect(judge("systemd-analyze", ["verify", "--man=no", put("bad.service", bad)]).stderr).toContain("UMaks");
  });

  it.each(contracts)("tmpfiles.d, %s, by systemd-tmpfiles in a root of its own", (contract) => {
    for (const cacheDir of paths) {
      const root = join(directory, `root-${contract}-${paths.indexOf(cacheDir)}`);
      mkdirSync(join(root, "srv"), { recursive: true });
      const text = made(targetNamed("tmpfiles"), { contract, cacheDir, uid: 3001, gid: 3002 });
      const made_ = judge("systemd-tmpfiles", ["--create", `--root=${root}`, put("gomodcache.conf", text)]);
      expect(made_).toMatchObject({ status: 0, stderr: "" });
      const mode = contract === "group" ? "2775" : "755";
      expect(judge("stat", ["-c", "%a %u:%g", join(root, cacheDir)]).stdout).toBe(`${mode} 3001:3002\n`);
      const acl = judge("getfacl", ["-cnp", join(root, cacheDir)]).stdout;
      if (contract === "group") expect(acl).toContain("default:group:3002:rwx");
      else expect(acl).not.toContain("default:");
    }
  });
});

// No false alarms: Dockerfiles, manifests, CI files and scripts in the ways of well-known projects. What is found in them is named here, and is right.
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { kindOf } from "../../src/lint/file.ts";
import { lint } from "../../src/lint/run.ts";

const folder = new URL("fixtures/", import.meta.url);
const names = readdirSync(folder).filter((name) => /Dockerfile$|\.ya?ml$|\.devcontainer$|\.sh$/.test(name));
/** `file: rule`. */
const right = [
  // Every chgrp copies all files up once more, also those that have the group already.
  "openshift-arbitrary-uid.Dockerfile: dockerfile-cache-owner-in-later-layer",
];

/** Where a file of its kind would stand. */
const pathOf = (name: string): string =>
  name.endsWith(".workflow.yaml")
    ? `.github/workflows/${name.replace(".workflow", "")}`
    : name.endsWith(".action.yaml")
      ? `.github/actions/${name.replace(".action.yaml", "")}/action.yaml`
      : name.endsWith(".devcontainer")
        ? ".devcontainer/devcontainer.json"
        : name;

it("there are three dozen and more, of every kind", () => {
  expect(names.length).toBeGreaterThanOrEqual(36);
  const kinds = names.map((name) => kindOf({ path: pathOf(name), text: readFileSync(new URL(name, folder), "utf8") }));
  for (const kind of ["dockerfile", "kubernetes", "tekton", "github-workflow", "gitlab-ci", "compose", "devcontainer"])
    expect(kinds.filter((one) => one === kind).length).toBeGreaterThanOrEqual(2);
  expect(kinds).not.toContain(undefined);
});

it.each(names)("%s: nothing that its author would call wrong", (name) => {
  const text = readFileSync(new URL(name, folder), "utf8");
  for (const has of [() => true, () => undefined, (path: string) => path === "go.sum"]) {
    const { findings, skipped } = lint([{ path: pathOf(name), text }], { around: { has } });
    expect(skipped).toEqual([]);
    expect(findings.map(({ rule }) => `${name}: ${rule}`)).toEqual(right.filter((one) => one.startsWith(`${name}:`)));
  }
});

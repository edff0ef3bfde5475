// No false alarms: Dockerfiles and manifests in the ways of well-known projects. What is found in them is named here, and is right.
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { lint } from "../../src/lint/run.ts";

const folder = new URL("fixtures/", import.meta.url);
const names = readdirSync(folder).filter((name) => /Dockerfile$|\.yaml$/.test(name));
/** `file: rule`. */
const right = [
  // Every chgrp copies all files up once more, also those that have the group already.
  "openshift-arbitrary-uid.Dockerfile: dockerfile-cache-owner-in-later-layer",
];

it("there are two dozen and more", () => expect(names.length).toBeGreaterThanOrEqual(24));

it.each(names)("%s: nothing that its author would call wrong", (name) => {
  const text = readFileSync(new URL(name, folder), "utf8");
  for (const has of [() => true, () => undefined, (path: string) => path === "go.sum"]) {
    const { findings, skipped } = lint([{ path: name, text }], { around: { has } });
    expect(skipped).toEqual([]);
    expect(findings.map(({ rule }) => `${name}: ${rule}`)).toEqual(right.filter((one) => one.startsWith(`${name}:`)));
  }
});

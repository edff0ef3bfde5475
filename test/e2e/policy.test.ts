// The policies answer as lint does: each case of the tests of the kubernetes rules, each fixture, what is generated, and pods that are
// drawn at random go past both.
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { forms, made, wantedOf } from "../generate/made.ts";
import { looked } from "../lint/found.ts";
import { drawnPods, isOpaque, lintSays, objectsOf, policiesSay } from "./policy-cases.ts";
import { describeWithTools } from "./tools.ts";

const rules = new URL("../lint/rules/", import.meta.url);
const fixtures = new URL("../lint/fixtures/", import.meta.url);
const isTekton = /^apiVersion: "?tekton\.dev\//m;

describe("the cases of lint", async () => {
  // They run here once more: what they ask of lint is then asked of the policies too.
  for (const name of readdirSync(rules).filter((one) => one.startsWith("kubernetes-")))
    await import(new URL(name, rules).href);
});

/** `rule severity` */
const rulesIn = (said: readonly string[]): string[] => said.map((one) => one.split(" ").slice(0, 2).join(" "));

/** What only lint can know. Nothing else may differ, and never may the policies say what lint does not. */
const onlyLint: readonly { readonly why: string; readonly is: (text: string) => boolean }[] = [
  {
    why: "a Task of Tekton is no pod yet; its pods are what a cluster is asked to admit",
    is: (text) => isTekton.test(text),
  },
];

describeWithTools("the policies", () => {
  it("say what lint says about the cases of its tests, about every fixture and about what is generated", {
    timeout: 300_000,
  }, () => {
    const texts = new Set(looked.map(({ text }) => text));
    // The tests before this one have run.
    expect(texts.size).toBeGreaterThan(150);
    for (const name of readdirSync(fixtures)) {
      if (name.endsWith(".yaml")) texts.add(readFileSync(new URL(name, fixtures), "utf8"));
    }
    for (const { target, variant } of forms) {
      const text = made(target, wantedOf(variant));
      if (/^kind: /m.test(text)) texts.add(text);
    }
    const cases = [...texts].filter((text) => lintSays(text) !== undefined);
    const answers = policiesSay(cases.map(objectsOf));
    const seen = new Set<string>();
    const used = new Set<string>();
    cases.forEach((text, at) => {
      const ours = answers[at] as string[];
      const theirs = lintSays(text) as string[];
      for (const one of ours) seen.add(one.replace(/ .*/, ""));
      const reason = onlyLint.find(({ is }) => is(text));
      if (reason === undefined) expect({ text, said: ours }).toEqual({ text, said: theirs });
      else {
        expect(theirs).toEqual(expect.arrayContaining(ours));
        used.add(reason.why);
      }
    });
    const names = readdirSync(new URL("../../policy/rego/rules/", import.meta.url));
    expect([...seen].sort()).toEqual(names.map((name) => name.replace(".rego", "")).sort());
    expect([...used]).toEqual(onlyLint.map(({ why }) => why));
  });

  it("say what lint says about pods that are drawn at random, and no more where a script takes a shell to read", {
    timeout: 300_000,
  }, () => {
    const seed = Number(process.env["SEED"] ?? 20261125);
    const count = Number(process.env["DRAWS"] ?? 400);
    console.log(`the policies: SEED=${seed} DRAWS=${count}`);
    const pods = fc.sample(drawnPods, { seed, numRuns: count });
    const answers = policiesSay(pods.map((pod) => [JSON.parse(JSON.stringify(pod))]));
    const seen = new Set<string>();
    pods.forEach((pod, at) => {
      const text = stringify(JSON.parse(JSON.stringify(pod)));
      const ours = answers[at] as string[];
      const theirs = lintSays(text) as string[];
      for (const one of ours) seen.add(one.replace(/ .*/, ""));
      if (!isOpaque(pod)) expect({ seed, text, said: ours }).toEqual({ seed, text, said: theirs });
      // The first pair of containers that a policy can read may not be the first one that lint reads.
      else
        expect({ seed, text, lint: rulesIn(theirs) }).toEqual({
          seed,
          text,
          lint: expect.arrayContaining(rulesIn(ours)),
        });
    });
    // The rarer rules need more draws; the cases above have them all.
    expect(seen.size).toBeGreaterThan(4);
  });
});

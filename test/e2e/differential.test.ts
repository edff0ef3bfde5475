// Random cache states, subjects and operations: what `can` says against what the real go does. By hand, many more:
// DRAWS=5000 SEED=7 npx vitest run test/e2e/differential.test.ts
import { afterAll, beforeAll, expect, it } from "vitest";
import { ask } from "./ask.ts";
import { type DifferentialLab, layOut, makeDifferentialLab, runGo } from "./differential-lab.ts";
import { type Draw, makeDraw } from "./draw.ts";
import { knownDraws } from "./known-draws.ts";
import { removeLab } from "./lab.ts";
import { describeOnMachine } from "./requirements.ts";

const seed = Number(process.env["SEED"] ?? 20261123);
const draws = Number(process.env["DRAWS"] ?? 500);
/** A test per so many draws, so that a long run shows how far it is. */
const batch = 50;

describeOnMachine(`differential test, seed ${seed}`, () => {
  let lab: DifferentialLab;
  let unknown = 0;
  beforeAll(() => {
    lab = makeDifferentialLab();
  });
  afterAll(() => removeLab(lab.directory));

  const disagreement = (draw: Draw): string | undefined => {
    const { said, went } = compare(lab, draw);
    if (said.verdict === "unknown") unknown += 1;
    if (said.verdict === "unknown" || said.verdict === (went.status === 0 ? "yes" : "no")) return undefined;
    return `${JSON.stringify(draw)}\n  go: ${went.status} ${went.stderr.slice(0, 400)}\n  we: ${said.verdict} ${said.reasons[0]?.message}`;
  };

  it("agrees with go where it once did not", () => {
    expect(knownDraws.map(disagreement).filter((text) => text !== undefined)).toEqual([]);
    unknown = 0;
  });

  for (let from = 0; from < draws; from += batch) {
    it(`agrees with go in draws ${from} to ${Math.min(from + batch, draws) - 1}`, { timeout: 600_000 }, () => {
      const numbers = Array.from({ length: Math.min(batch, draws - from) }, (_, index) => from + index);
      const drawn = numbers.map((number) => makeDraw(seed, number, lab.projects, lab.paths));
      expect(drawn.map(disagreement).filter((text) => text !== undefined)).toEqual([]);
    });
  }

  it("answers unknown in at most 2 of 100 draws", () => {
    expect(unknown).toBeLessThanOrEqual(draws * 0.02);
  });
});

function compare(lab: DifferentialLab, draw: Draw) {
  const situation = layOut(lab, draw);
  const said = ask({
    user: draw.user,
    operation: draw.operation,
    project: situation.project,
    environment: situation.environment,
    ...(draw.operation === "get" || draw.operation === "list-versions"
      ? { module: { path: "example.com/alpha", version: "v1.1.0" } }
      : {}),
  });
  return { said, went: runGo(draw, situation) };
}

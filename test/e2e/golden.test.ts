// The golden tables: what go 1.19, 1.24 and 1.27 did in 31 cache states, and what the predictor says; then the machine's own go.
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ModuleVersion } from "../../src/gocache/gomod.ts";
import type { Operation } from "../../src/gocache/operation.ts";
import { ask } from "./ask.ts";
import { enterState, type GoldenLab, makeGoldenLab, reader } from "./golden-lab.ts";
import { goProgram, removeLab, runAs } from "./lab.ts";
import { describeOnMachine } from "./requirements.ts";

interface Row {
  readonly table: string;
  readonly minor: number;
  readonly state: string;
  readonly command: string;
  readonly offline: boolean;
  readonly verdict: "yes" | "no";
}

function readTable(table: string): Row[] {
  const text = readFileSync(new URL(`../fixtures/golden/oracle-${table}.tsv`, import.meta.url), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => {
      const [version = "", state = "", command = "", status = ""] = line.split("\t");
      const offline = command.startsWith("GOPROXY=off ");
      const minor = Number(version.split(".")[1]);
      return {
        table,
        minor,
        state,
        command: command.replace("GOPROXY=off ", ""),
        offline,
        verdict: status === "rc=0" ? "yes" : "no",
      };
    });
}

const rows = ["go1.19", "go1.24", "go1.27", "offline"].flatMap(readTable);
const states = [...new Set(rows.map(({ state }) => state))];

const alpha: ModuleVersion = { path: "example.com/alpha", version: "v1.1.0" };
const unused: ModuleVersion = { path: "example.com/unused", version: "v1.0.0" };

interface GoldenCommand {
  readonly operation: Operation;
  readonly argv: readonly string[];
  readonly module?: ModuleVersion;
}

const commands: Readonly<Record<string, GoldenCommand>> = {
  "go build": { operation: "build", argv: ["build", "-o", "/dev/null", "./..."] },
  "go list -deps": { operation: "list", argv: ["list", "-deps", "./..."] },
  "go list -m all": { operation: "list-modules", argv: ["list", "-m", "all"] },
  "go vet": { operation: "vet", argv: ["vet", "./..."] },
  "go test": { operation: "test", argv: ["test", "./..."] },
  "go mod download": { operation: "download", argv: ["mod", "download"] },
  "go mod download -json": { operation: "download", argv: ["mod", "download", "-json"] },
  "go mod verify": { operation: "verify", argv: ["mod", "verify"] },
  "go mod tidy": { operation: "tidy", argv: ["mod", "tidy"] },
  "go mod vendor": { operation: "vendor", argv: ["mod", "vendor"] },
  "go get alpha@v1.1.0": { operation: "get", argv: ["get", "example.com/alpha@v1.1.0"], module: alpha },
  "go list -m -versions": { operation: "list-versions", argv: ["list", "-m", "-versions", "example.com/alpha"] },
  "go list -m -u": { operation: "list-versions", argv: ["list", "-m", "-u", "example.com/alpha"] },
  "go list -m @latest": { operation: "list-versions", argv: ["list", "-m", "example.com/alpha@latest"] },
  "go mod download unused": {
    operation: "download",
    argv: ["mod", "download", "example.com/unused@v1.0.0"],
    module: unused,
  },
  "go clean -modcache": { operation: "clean", argv: ["clean", "-modcache"] },
};

describeOnMachine("golden tables", () => {
  let lab: GoldenLab;
  beforeAll(() => {
    lab = makeGoldenLab();
  });
  afterAll(() => removeLab(lab.directory));

  const predictRow = ({ command, offline }: Pick<Row, "command" | "offline">, minor?: number) => {
    const { operation, module } = commands[command] as GoldenCommand;
    return ask({
      user: reader,
      operation,
      project: lab.project,
      environment: { ...lab.environment, ...(offline ? { GOPROXY: "off" } : {}) },
      allIndexed: minor !== undefined,
      ...(minor === undefined ? {} : { goMinor: minor }),
      ...(module === undefined ? {} : { module }),
    });
  };

  it("has a go command for each row", () => {
    expect(rows.length).toBe(1598);
    expect(rows.filter(({ command }) => commands[command] === undefined)).toEqual([]);
  });

  it.each(states)("predicts every row of state %s", (state) => {
    enterState(lab, state);
    const wrong = rows
      .filter((row) => row.state === state)
      .map((row) => ({ row, said: predictRow(row, row.minor) }))
      .filter(({ row, said }) => said.verdict !== row.verdict)
      .map(
        ({ row, said }) =>
          `${row.table} ${row.command}: go ${row.verdict}, we ${said.verdict}: ${said.reasons[0]?.message}`,
      );
    expect(wrong).toEqual([]);
  });

  it.each(states)("agrees with the machine's go in state %s", (state) => {
    const wrong: string[] = [];
    const asked = new Map(
      rows.filter((row) => row.state === state).map((row) => [`${row.offline} ${row.command}`, row]),
    );
    for (const { command, offline } of asked.values()) {
      enterState(lab, state);
      const said = predictRow({ command, offline });
      const env = { ...lab.environment, ...(offline ? { GOPROXY: "off" } : {}) };
      const went = runAs(reader, [goProgram, ...(commands[command] as GoldenCommand).argv], { cwd: lab.project, env });
      if (said.verdict === (went.status === 0 ? "yes" : "no")) continue;
      wrong.push(
        `${offline ? "offline " : ""}${command}: go ${went.status} ${went.stderr.slice(0, 300)}, we ${said.verdict}: ${said.reasons[0]?.message}`,
      );
    }
    expect(wrong).toEqual([]);
  });
});

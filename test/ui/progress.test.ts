import { describe, expect, it } from "vitest";
import { type ProgressOptions, startProgress } from "../../src/ui/progress.ts";

/** A progress whose clock is moved by hand, and what it wrote. */
function play(options: Partial<ProgressOptions> & { isTTY?: boolean; columns?: number } = {}) {
  const written: string[] = [];
  let time = 5;
  const progress = startProgress({
    stream: {
      isTTY: options.isTTY ?? true,
      columns: options.columns ?? 60,
      write: (text: string) => written.push(text),
    },
    env: options.env ?? {},
    off: options.off ?? false,
    verb: "scanning",
    ...(options.unit === undefined ? {} : { unit: options.unit }),
    now: () => time,
  });
  const at = (milliseconds: number, done: number, what = "/go/pkg/mod", total?: number): void => {
    time = 5 + milliseconds;
    progress.update(done, what, total);
  };
  return { progress, at, written };
}

describe("on a terminal", () => {
  it("shows nothing for what takes less than 300 ms", () => {
    const { progress, at, written } = play();
    at(0, 1);
    at(299, 10);
    progress.stop();
    expect(written).toEqual([]);
  });

  it("overwrites one line, at most ten times a second, and clears it", () => {
    const { progress, at, written } = play();
    at(300, 41203, "/go/pkg/mod/a");
    at(399, 41204);
    at(400, 41300, "/go/pkg/mod/b");
    progress.stop();
    progress.stop();
    at(9000, 50000);
    expect(written).toEqual([
      "\r\x1b[Kscanning 41,203 entries  /go/pkg/mod/a",
      "\r\x1b[Kscanning 41,300 entries  /go/pkg/mod/b",
      "\r\x1b[K",
    ]);
    const second = play();
    for (let time = 0; time < 1300; time++) second.at(time, time);
    expect(second.written).toHaveLength(10);
  });

  it("says of how many, and of what", () => {
    const { at, written } = play({ unit: ["module", "modules"] });
    at(300, 1200, "a@v1.0.0", 4000);
    at(400, 1, "b@v1.0.0");
    expect(written).toEqual([
      "\r\x1b[Kscanning 1,200 of 4,000 modules  a@v1.0.0",
      "\r\x1b[Kscanning 1 module  b@v1.0.0",
    ]);
  });

  it("stays on its line, and lets no control character out", () => {
    const { at, written } = play({ columns: 30 });
    at(300, 1, "/a\n\x1b[2J/very/long/path");
    at(400, 1, `/${"日".repeat(30)}`);
    expect(written).toEqual(["\r\x1b[Kscanning 1 entry  /a\\n\\x1b...", "\r\x1b[Kscanning 1 entry  /日日日..."]);
  });
});

describe("elsewhere", () => {
  it.each([
    ["in a pipe", { isTTY: false }],
    ["on a dumb terminal", { env: { TERM: "dumb" } }],
    ["when turned off", { off: true }],
    ["when turned off in CI", { off: true, env: { CI: "true" } }],
    ["in a pipe with CI=false", { isTTY: false, env: { CI: "false" } }],
  ])("is silent %s", (_, options) => {
    const { progress, at, written } = play(options);
    at(60_000, 100);
    progress.stop();
    expect(written).toEqual([]);
  });

  it.each([true, false])("prints a plain line every 30 s in CI (terminal: %j)", (isTTY) => {
    const { progress, at, written } = play({ isTTY, env: { CI: "true" } });
    at(29_999, 1);
    at(30_000, 100, "/a\n::error::x");
    at(45_000, 150);
    at(60_000, 200, "/b");
    progress.stop();
    expect(written).toEqual(["scanning 100 entries  /a\\n\\x3a:error::x\n", "scanning 200 entries  /b\n"]);
  });
});

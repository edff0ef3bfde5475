// The last lines of a CI run: tests that passed only on their second try, by name, and `N passed, N failed`.
import type { Reporter, SerializedError, TestModule } from "vitest/node";

// biome-ignore lint/style/noDefaultExport: vitest loads a reporter by its default export.
export default class CiReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: "passed" | "failed" | "skipped"): number =>
      tests.filter((test) => test.result().state === state).length;
    for (const test of tests.filter((test) => test.diagnostic()?.flaky))
      console.log(`passed only on its second try: ${test.module.relativeModuleId} > ${test.fullName}`);
    // A file that broke before its tests ran, or an error outside of every test.
    const broken = modules.filter(
      (module) => module.state() === "failed" && [...module.children.allTests("failed")].length === 0,
    ).length;
    const skipped = count("skipped");
    const failed = count("failed") + broken + unhandled.length;
    console.log(`${count("passed")} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
    // CI has every tool, so a test that was skipped is a test that is broken.
    if (skipped > 0) process.exitCode = 1;
  }
}

import { defineConfig } from "vitest/config";

const all = "test/**/*.test.ts";
const hostile = "test/hostile/**/*.test.ts";
/** Against the tools and the kernel of macOS itself. */
const darwin = "test/**/*.darwin.test.ts";

/**
 * What needs no Linux. The others need /proc, setpriv, getfacl, mounts, containers, or GNU's tools, most of them as root: `.ci/run` runs
 * all of them.
 */
const portable = [
  "test/{causes,commands,contract,finding,gocache,lint,permission,relay,report,route,rules}/**/*.test.ts",
  "test/fix/{choose,refusal,unproven}.test.ts",
  "test/tree/means-chdir.test.ts",
];
const needsLinux = [
  // bash's and GNU's ways.
  "test/rules/shared/shell.test.ts",
  // The kernel is asked whether the simulation is right.
  "test/permission/kernel.test.ts",
  "test/gocache/dirhash.test.ts",
];
const isPortable = process.platform !== "linux" || process.env["PORTABLE"] === "1";
if (isPortable)
  process.stderr.write("Only the tests that need no Linux are run: vitest.config.ts says which, and why\n");

export default defineConfig({
  test: {
    // Real go commands as other users take seconds each on a small machine.
    testTimeout: 120_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
    projects: isPortable
      ? [
          {
            extends: true,
            test: {
              name: "portable",
              include: process.platform === "darwin" ? [...portable, darwin] : portable,
              exclude: needsLinux,
            },
          },
        ]
      : [
          {
            extends: true,
            test: {
              name: "tests",
              include: [all],
              exclude: [hostile, darwin],
              sequence: { groupOrder: 0 },
              // Thousands of real processes on a busy machine: one that starves for a moment costs a second try, which CI names.
              retry: process.env["CI"] ? 1 : 0,
            },
          },
          // Afterwards and one by one: the attacks set sysctls and mount things, which other tests would feel.
          {
            extends: true,
            test: { name: "hostile", include: [hostile], sequence: { groupOrder: 1 }, maxWorkers: 1 },
          },
        ],
  },
});

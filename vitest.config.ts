import { defineConfig } from "vitest/config";

const all = "test/**/*.test.ts";
const hostile = "test/hostile/**/*.test.ts";

export default defineConfig({
  test: {
    // Real go commands as other users take seconds each on a small machine.
    testTimeout: 120_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: "tests",
          include: [all],
          exclude: [hostile],
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

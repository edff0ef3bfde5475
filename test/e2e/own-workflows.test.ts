// Our own workflows, past actionlint, which also knows the runners by name and gives the scripts to shellcheck.
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { describeWithTools, runTool } from "./tools.ts";

const folder = fileURLToPath(new URL("../../.github/workflows/", import.meta.url));

describeWithTools("workflows of this repository", () => {
  it.each(readdirSync(folder))("%s", (name) => {
    const result = runTool("actionlint", ["-no-color", "-shellcheck", "shellcheck", folder + name]);
    expect(result).toEqual({ status: 0, stdout: "", stderr: "" });
  });
});

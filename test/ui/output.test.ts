import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UserError } from "../../src/error.ts";
import { parseOutput, writeReport, writeStream } from "../../src/ui/output.ts";

describe("parseOutput", () => {
  it.each([
    ["report.txt", { file: "report.txt" }],
    ["sarif:out.sarif", { format: "sarif", file: "out.sarif" }],
    ["json-v1:/tmp/a:b.json", { format: "json-v1", file: "/tmp/a:b.json" }],
    ["markdown:-", { format: "markdown", file: "-" }],
    ["-", { file: "-" }],
    ["./notes:1.txt", { file: "./notes:1.txt" }],
    ["/tmp/a:b", { file: "/tmp/a:b" }],
    ["junit:a\nb", { format: "junit", file: "a\nb" }],
  ])("reads %j", (value, expected) => {
    expect(parseOutput(value)).toEqual(expected);
  });

  it.each([
    ["", /names no file/],
    ["sarif:", /names no file/],
    ["xml:out.xml", /"xml" is not a format/],
  ])("refuses %j", (value, message) => {
    expect(() => parseOutput(value)).toThrow(message);
    expect(() => parseOutput(value)).toThrow(UserError);
  });
});

describe("writeReport", () => {
  let directory = "";
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "gomodcache-output-"));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it("replaces a file", () => {
    const file = join(directory, "report");
    writeReport(file, "a longer first report\n");
    writeReport(file, "second\n");
    expect(readFileSync(file, "utf8")).toBe("second\n");
  });

  it.each([
    ["missing/report", "ENOENT", /Make its directory/],
    [".", "EISDIR", /name a file in it/],
  ])("says what to do about %j", (file, code, hint) => {
    let thrown: unknown;
    try {
      writeReport(join(directory, file), "text");
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(UserError);
    expect(thrown).toMatchObject({ message: expect.stringContaining(code), hint: expect.stringMatching(hint) });
  });
});

describe("writeStream", () => {
  const failing = (code: string): Writable =>
    new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error(code), { code })) });

  it("takes a closed pipe for an answer, also the second time", async () => {
    const stream = failing("EPIPE");
    await writeStream(stream, "one");
    await writeStream(stream, "two");
    expect(stream.listenerCount("error")).toBe(1);
  });

  it("says when it could not write", async () => {
    await expect(writeStream(failing("ENOSPC"), "text")).rejects.toMatchObject({
      name: "UserError",
      message: expect.stringContaining("standard output: ENOSPC"),
    });
  });

  it("ends quietly with the status that was set when the reader went away", () => {
    const output = fileURLToPath(new URL("../../src/ui/output.ts", import.meta.url));
    const program = `
      import { writeStream } from ${JSON.stringify(output)};
      process.exitCode = 3;
      for (let turn = 0; turn < 50; turn++) await writeStream(process.stdout, "line\\n".repeat(20_000));
    `;
    const command = `"$NODE" --import tsx --input-type=module -e "$PROGRAM" | head -n 1; echo "status \${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync("bash", ["--norc", "-c", command], {
      encoding: "utf8",
      env: { PATH: process.env["PATH"], NODE: process.execPath, PROGRAM: program },
      cwd: fileURLToPath(new URL("../..", import.meta.url)),
    });
    expect({ stdout, stderr }).toEqual({ stdout: "line\nstatus 3\n", stderr: "" });
  });
});

// What is told of an error goes where the context says, and nowhere else.
import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { tellError } from "../../src/commands/errors.ts";
import type { Context } from "../../src/context.ts";
import { exitStatus, UserError } from "../../src/error.ts";

/** A context that keeps what is written. */
function contextWith(env: Context["env"]): { context: Context; out: () => string; err: () => string } {
  const stream = () => {
    let text = "";
    const writable = new Writable({
      write(part, _encoding, done) {
        text += String(part);
        done();
      },
    });
    return { stream: writable as unknown as NodeJS.WriteStream, text: () => text };
  };
  const [stdout, stderr] = [stream(), stream()];
  const context = { env, cwd: "/", version: "1.2.3", stdout: stdout.stream, stderr: stderr.stream };
  return { context, out: stdout.text, err: stderr.text };
}

test("a message and what to do, on standard error", () => {
  const { context, out, err } = contextWith({});
  const error = new UserError("no such thing\n::error::x", "name another", exitStatus.findings);
  expect(tellError(error, ["fix"], context)).toBe(exitStatus.findings);
  expect(out()).toBe("");
  expect(err()).toMatch(/^gomodcache: no such thing.*\n {2}name another\n$/);
  expect(err()).not.toMatch(/^::/m);
});

test("a document on standard output where one was asked for", () => {
  const { context, out, err } = contextWith({});
  tellError(new UserError("no such thing", "name another"), ["fix", "--json"], context);
  expect(JSON.parse(out())).toMatchObject({
    command: "fix",
    tool: { version: "1.2.3" },
    error: { message: "no such thing", hint: "name another" },
  });
  expect(err()).toBe("");
});

test("a bug of ours has its stack where the environment of the context asks for it", () => {
  const silent = contextWith({});
  expect(tellError(new Error("oh"), ["fix"], silent.context)).toBe(exitStatus.internal);
  expect(silent.err()).not.toContain("errors.test.ts");
  const loud = contextWith({ GOMODCACHE_DEBUG: "1" });
  tellError(new Error("oh"), ["fix"], loud.context);
  expect(loud.err()).toContain("errors.test.ts");
});

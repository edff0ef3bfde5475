import { expect, test } from "vitest";
import { straceOptions } from "../../src/trace/strace.ts";

const watched = { errnos: new Set(["EACCES"]), filter: true, onlyGo: false };
const calls = (options: string[]): string[] =>
  options
    .find((one) => one.startsWith("trace="))
    ?.slice(6)
    .split(",") ?? [];

test("of a go command only the calls that could tell something new are stopped", () => {
  const [all, ofGo] = [
    calls(straceOptions("calls", watched)),
    calls(straceOptions("calls", { ...watched, onlyGo: true })),
  ];
  expect(all.filter((name) => !ofGo.includes(name))).toEqual(["?readlink", "?readlinkat"]);
  expect(ofGo).toEqual(expect.arrayContaining(["?openat", "?newfstatat", "?lstat", "?fchmod"]));
  expect(ofGo).not.toContain("?write");
});

test("errors that only calls on open files give bring those calls", () => {
  expect(calls(straceOptions("calls", { ...watched, errnos: new Set(["ENOSPC"]) }))).toContain("?write");
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FailedCall } from "../../src/trace/reading/call.ts";
import { StraceReader, type StraceStats } from "../../src/trace/reading/strace-reader.ts";

const denials = new Set(["EACCES", "EPERM", "EROFS"]);

function read(text: string, pieces = text.length || 1, errnos = denials): { calls: FailedCall[]; stats: StraceStats } {
  const calls: FailedCall[] = [];
  const reader = new StraceReader({ errnos, onFailure: (call) => calls.push(call) });
  for (let at = 0; at < text.length; at += pieces) reader.push(text.slice(at, at + pieces));
  reader.end();
  return { calls, stats: reader.stats };
}

const denied = 'openat(AT_FDCWD, "/m/v1.mod", O_RDONLY|O_CLOEXEC) = -1 EACCES (Permission denied)';
const expected = { call: "openat", errno: "EACCES", paths: [{ path: "/m/v1.mod", wanted: "read" }] };

describe("a line of strace", () => {
  it.each([
    ["of one process", denied, {}],
    ["with -o and -f", `4522  ${denied}`, { tid: 4522 }],
    ["with a terminal and -f", `[pid  4522] ${denied}`, { tid: 4522 }],
    ["with -Y", `4522<go> ${denied}`, { tid: 4522, comm: "go" }],
    ["with [pid N<comm>]", `[pid 4522<go build>] ${denied}`, { tid: 4522, comm: "go build" }],
    ["with -t", `4522  12:34:56 ${denied}`, { tid: 4522, time: 45296 }],
    ["with -tt", `12:34:56.250000 ${denied}`, { time: 45296.25 }],
    ["with -ttt", `4522 1795502791.281674 ${denied}`, { tid: 4522, time: 1795502791.281674 }],
    ["with -ttt and nanoseconds", `1795502791.281674001 ${denied}`, { time: 1795502791.281674 }],
    ["with -r", `     0.000123 ${denied}`, { time: 0.000123 }],
    ["with -f -r", `4522       0.000123 ${denied}`, { tid: 4522, time: 0.000123 }],
    ["with -tt -r", `12:34:56.250000 (+     0.000021) ${denied}`, { time: 45296.25 }],
    ["with -T", `${denied} <0.000012>`, {}],
    ["with -n", `[ 257] ${denied}`, {}],
    ["with -i", `[00007f0a1b2c3d4e] ${denied}`, {}],
    ["with -i where it is not known", `[????????????????] ${denied}`, {}],
    ["aligned", denied.replace(") = ", ")       = "), {}],
    ["injected", `${denied} (INJECTED)`, {}],
    ["of Windows", `${denied}\r`, {}],
  ])("%s", (_, line, head) => {
    expect(read(`${line}\n`).calls).toEqual([{ ...expected, ...head }]);
  });

  it.each([
    [
      "-y",
      'openat(AT_FDCWD</srv/app>, "x.lock", O_RDWR|O_CREAT|O_CLOEXEC, 0666) = -1 EACCES (Permission denied)',
      { path: "x.lock", directory: "/srv/app", wanted: "open" },
    ],
    [
      "-yy",
      'unlinkat(7</m/a@v1>, "b.go", 0) = -1 EACCES (Permission denied)',
      { path: "b.go", directory: "/m/a@v1", wanted: "delete" },
    ],
    [
      "a descriptor without -y",
      'unlinkat(7, "b.go", 0) = -1 EACCES (Permission denied)',
      { path: "b.go", from: 7, wanted: "delete" },
    ],
    [
      "a working directory without -y",
      'mkdir("cache", 0777) = -1 EACCES (Permission denied)',
      { path: "cache", from: "cwd", wanted: "create" },
    ],
    [
      "an empty path",
      'newfstatat(3</m/x>, "", 0x7ffd, AT_EMPTY_PATH) = -1 EACCES (Permission denied)',
      { path: "", directory: "/m/x", wanted: "look" },
    ],
    [
      "escapes",
      'open("/m/\\303\\274 \\"q\\" \\\\ \\n\\t\\x41", O_RDONLY) = -1 EACCES (Permission denied)',
      { path: '/m/\xc3\xbc "q" \\ \n\tA', wanted: "read" },
    ],
    [
      "an octal escape before a digit",
      'open("/m/\\0011", O_RDONLY) = -1 EACCES (Permission denied)',
      { path: "/m/\x011", wanted: "read" },
    ],
    [
      "brackets in the file of a descriptor",
      "fchdir(5</m/a\\76b\\74>) = -1 EACCES (Permission denied)",
      { path: "/m/a>b<", wanted: "execute" },
    ],
    [
      "a deleted file",
      "fchmod(5</m/gone> (deleted), 0600) = -1 EPERM (Operation not permitted)",
      { path: "/m/gone", wanted: "chmod" },
    ],
    [
      "a device",
      "fchmod(5</dev/null<char 1:3>>, 0600) = -1 EPERM (Operation not permitted)",
      { path: "/dev/null", wanted: "chmod" },
    ],
    [
      "a path that was cut",
      'open("/m/aaaa"..., O_RDONLY) = -1 EACCES (Permission denied)',
      { path: "/m/aaaa", wanted: "read", cut: true },
    ],
    [
      "openat2",
      'openat2(AT_FDCWD, "/m/x", {flags=O_WRONLY|O_CREAT|O_EXCL, mode=0644, resolve=0}, 24) = -1 EROFS (Read-only file system)',
      { path: "/m/x", wanted: "create" },
    ],
    ["access", 'access("/m/x", W_OK) = -1 EACCES (Permission denied)', { path: "/m/x", wanted: "write" }],
    [
      "a parenthesis in the path",
      'open("/m/a) = 3", O_RDONLY) = -1 EACCES (Permission denied)',
      { path: "/m/a) = 3", wanted: "read" },
    ],
    [
      "a comma and a bracket in the path",
      'open("/m/{a,[b(", O_RDONLY) = -1 EACCES (Permission denied)',
      { path: "/m/{a,[b(", wanted: "read" },
    ],
    [
      "execve",
      'execve("/t/a.test", ["/t/a.test", "x, y"...], 0x7ffe /* 20 vars */) = -1 EACCES (Permission denied)',
      { path: "/t/a.test", wanted: "execute" },
    ],
  ])("%s", (_, line, path) => {
    expect(read(`${line}\n`).calls.map(({ paths }) => paths)).toEqual([[path]]);
  });

  it("names both paths of a rename", () => {
    const line = 'renameat(AT_FDCWD, "/m/a.tmp", AT_FDCWD, "/m/a") = -1 EACCES (Permission denied)';
    expect(read(line).calls[0]?.paths).toEqual([
      { path: "/m/a.tmp", wanted: "rename" },
      { path: "/m/a", wanted: "create" },
    ]);
  });

  it.each([
    ["a success", 'open("/m/x) = -1 EACCES (Permission denied)", O_RDONLY) = 3'],
    ["half a line that looks whole", 'openat(AT_FDCWD, "/m/x) = -1 EACCES (Permission denied)'],
    ["another error", 'open("/m/x", O_RDONLY) = -1 ENOENT (No such file or directory)'],
    ["an address instead of a path", "open(0x7ffd1234, O_RDONLY) = -1 EACCES (Permission denied)"],
    ["a call that names no file", "kill(1, SIGTERM) = -1 EPERM (Operation not permitted)"],
    ["a signal", "--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=1} ---"],
    ["an end", "4522 +++ exited with 1 +++"],
    ["a restart", "wait4(-1, 0x7ffd, 0, NULL) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)"],
  ])("does not take %s for a denial", (_, line) => {
    expect(read(`${line}\n`).calls).toEqual([]);
  });
});

describe("a trace", () => {
  it.each([
    [
      "newer",
      '11 openat(AT_FDCWD, "/m/x", O_RDONLY <unfinished ...>\n12 close(3) = 0\n11 <... openat resumed>) = -1 EACCES (Permission denied)\n',
    ],
    [
      "older",
      '11 openat(AT_FDCWD, "/m/x", O_RDONLY <unfinished ...>\n11 <... openat resumed> )      = -1 EACCES (Permission denied)\n',
    ],
    [
      "in the arguments",
      '11 newfstatat(AT_FDCWD, "/m/x",  <unfinished ...>\n11 <... newfstatat resumed>0x7ffd, 0) = -1 EACCES (Permission denied)\n',
    ],
    [
      "with a comma",
      '11 newfstatat(AT_FDCWD, "/m/x" <unfinished ...>\n11 <... newfstatat resumed>, 0x7ffd, 0) = -1 EACCES (Permission denied)\n',
    ],
  ])("joins a call that was interrupted: %s", (_, text) => {
    const { calls, stats } = read(text);
    expect(calls.map(({ paths, tid }) => [paths[0]?.path, tid])).toEqual([["/m/x", 11]]);
    expect(stats.foreign).toBe(0);
  });

  it("knows working directories without -y where the trace tells them, also of children and threads", () => {
    const text = `10 chdir("/srv") = 0
10 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f) = 20
10 clone(child_stack=0x1, flags=CLONE_VM|CLONE_FS|CLONE_THREAD) = 11
20 chdir("app") = 0
11 chdir("/other") = 0
20 open("a", O_RDONLY) = -1 EACCES (Permission denied)
10 open("b", O_RDONLY) = -1 EACCES (Permission denied)
`;
    expect(read(text).calls.map(({ paths }) => `${paths[0]?.directory}/${paths[0]?.path}`)).toEqual([
      "/srv/app/a",
      "/other/b",
    ]);
  });

  it("tells a last line that was cut, and keeps one that only lacks its newline", () => {
    expect(read(`${denied}\n4522 openat(AT_FDCWD, "/m/v`).stats).toMatchObject({ lines: 1, cut: true, foreign: 0 });
    const whole = read(denied);
    expect(whole.calls).toHaveLength(1);
    expect(whole.stats.cut).toBe(false);
  });

  it("leaves lines out that are too long, in bounded memory, and goes on after them", () => {
    const { calls, stats } = read(`write(1, "${"x".repeat(3_000_000)}", 3) = 3\n${denied}\n`, 65_536);
    expect(calls).toHaveLength(1);
    expect(stats).toMatchObject({ tooLong: 1, foreign: 0 });
  });

  it("counts what is none of strace's", () => {
    expect(read("go: downloading x\n# command\n\0\x01\xff\n").stats).toMatchObject({ lines: 3, foreign: 3 });
  });

  it("watches other errors where it is asked to", () => {
    const full = 'openat(AT_FDCWD, "/m/x", O_RDWR|O_CREAT, 0666) = -1 ENOSPC (No space left on device)\n';
    expect(read(full).calls).toEqual([]);
    expect(read(full, 1000, new Set(["ENOSPC"])).calls).toHaveLength(1);
  });
});

describe("whatever is read", () => {
  const fragment = fc.constantFrom(
    ...[
      "openat(",
      "AT_FDCWD, ",
      '"/m/x"',
      "<",
      ">",
      "(",
      ")",
      "{",
      "}",
      "[",
      "]",
      ", ",
      "\\",
      '"',
      "\n",
      " = ",
      "-1 EACCES",
    ],
    ...[" (Permission denied)", "[pid 1] ", "1 ", "<... openat resumed>", " <unfinished ...>", "+++ exited with 0 +++"],
    ...[
      "--- SIG ---",
      "12:00:00 ",
      "1.5 ",
      "\0",
      "\xff",
      "...",
      "= ?",
      "O_RDWR|O_CREAT",
      "5</m>",
      "\r",
      "chdir(",
      "clone(",
    ],
  );
  const text = fc.oneof(
    fc.array(fragment, { maxLength: 40 }).map((parts) => parts.join("")),
    fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
  );

  it("is no crash, and the same in whatever pieces it comes", () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 20 }), (trace, pieces) => {
        expect(read(trace, pieces)).toEqual(read(trace));
      }),
      { numRuns: 2_000 },
    );
  });

  it("is found again, whatever the name of the file", () => {
    const escaped = (name: string): string =>
      name.replace(/[^ -~]|["\\]/g, (byte) => `\\${byte.charCodeAt(0).toString(8).padStart(3, "0")}`);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ minLength: 1, maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
          fc.array(fragment, { maxLength: 10 }).map((parts) => parts.join("")),
          fc.constantFrom(
            ") = 3",
            ") = -1 ENOENT (No such file or directory)",
            "a <unfinished ...>",
            "x) = ? <unavailable>",
          ),
        ),
        (text) => {
          const name = `/${text}`;
          const call = `7 openat(AT_FDCWD, "${escaped(name)}", O_RDONLY`;
          const denial = ") = -1 EACCES (Permission denied)\n";
          const interrupted = `${call} <unfinished ...>\n8 close(1) = 0\n7 <... openat resumed>${denial}`;
          for (const trace of [call + denial, interrupted])
            expect(read(trace).calls.map(({ paths }) => paths[0]?.path)).toEqual([name]);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

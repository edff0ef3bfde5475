import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classify, LogReader } from "../../src/causes/reader.ts";
import { corpus } from "./corpus.ts";

const records = corpus("train");
const provoked = corpus("provoked");
const answerOf = (text: Uint8Array | string) => classify(text);
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const anyRecord = fc.constantFrom(...records);

/** The causes without their lines, which prefixes and other surroundings move. */
function causesOf(text: string): string[] {
  return answerOf(text).causes.map(({ category, subcategory }) => `${category} ${subcategory}`);
}

describe("a log of any kind", () => {
  it("gets an answer: any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4000 }), (bytes) => {
        const { causes, none } = answerOf(bytes);
        expect(causes.length > 0).toBe(none === undefined);
      }),
    );
  });

  it("gets an answer: lines of failures with other bytes between", () => {
    const lines = records.flatMap(({ output }) => output.split("\n"));
    const piece = fc.oneof(
      fc.constantFrom(...lines),
      fc.string({ unit: "binary" }),
      fc.constantFrom("\0", "\r", "\n", "\x1b[31m", "\ufffd"),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        expect(() => answerOf(pieces.join("\n"))).not.toThrow();
      }),
    );
  });

  it("gets the same answer in pieces of any size, as bytes and as strings", () => {
    fc.assert(
      fc.property(anyRecord, fc.array(fc.nat(3000), { maxLength: 8 }), ({ output }, cuts) => {
        const whole = answerOf(output);
        const bytes = encode(output);
        expect(inPieces(bytes, cuts)).toEqual(whole);
        expect(inPieces(output, cuts)).toEqual(whole);
      }),
    );
  });

  it("gets the same answer with Windows' line ends", () => {
    for (const { output } of records) expect(answerOf(output.replace(/\r?\n/g, "\r\n"))).toEqual(answerOf(output));
  });

  it("may be UTF-8 cut in the middle of a character", () => {
    const text = "致命错误：无法读取\ngo: open /srv/ü/go.mod: permission denied 😀";
    const reader = new LogReader();
    for (const unit of text.split("")) reader.push(unit);
    expect(reader.end()).toEqual(classify(text));
    const bytes = new LogReader();
    for (const byte of encode(text)) bytes.push(Uint8Array.of(byte));
    expect(bytes.end()).toEqual(classify(text));
  });
});

function inPieces(log: Uint8Array | string, cuts: readonly number[]) {
  const places = [...new Set(cuts.filter((cut) => cut < log.length))].sort((a, b) => a - b);
  const reader = new LogReader();
  let from = 0;
  for (const place of [...places, log.length]) {
    reader.push(log.slice(from, place));
    from = place;
  }
  return reader.end();
}

describe("what a CI system puts before a line", () => {
  const stamp = "2026-05-22T12:43:05.1234567Z";
  const wrappers: Readonly<Record<string, (line: string, index: number) => string>> = {
    "GitHub's and Azure's time stamps": (line) => `${stamp} ${line}`,
    "gh run view --log": (line) => `build\tRun go build\t${stamp} ${line}`,
    "GitLab's time stamps and streams": (line) => `2026-05-22T12:43:05.123456Z 01O ${line}`,
    "Jenkins' time stamps": (line) => `[2026-05-22T12:43:05.123Z] ${line}`,
    "Jenkins' time of day": (line) => `12:43:05 ${line}`,
    "BuildKit's steps and seconds": (line) => `#14 ${(3.1).toFixed(3)} ${line}`,
    "BuildKit's excerpt": (line, index) => `${(12 + index / 10).toFixed(2)} ${line}`,
    "docker compose": (line) => `builder-1  | ${line}`,
    "kubectl --prefix": (line) => `[pod/build-7f9c/main] ${line}`,
    "CRI's log files": (line) => `2026-05-22T12:43:05.123456789Z stderr F ${line}`,
    colours: (line) => `\x1b[31m${line}\x1b[0m`,
    "a GitHub job that runs docker build": (line) => `${stamp} #9 4.123 ${line}`,
  };

  // Records whose own prefix or indentation is what a wrapper would make are not told apart by it.
  it.each(Object.entries(wrappers))("does not change the answer: %s", (_, wrap) => {
    const changed = [...records, ...provoked].filter(({ output }) => {
      const wrapped = output.split("\n").map(wrap).join("\n");
      return causesOf(wrapped)[0] !== causesOf(output)[0];
    });
    expect(changed.map(({ id }) => id)).toEqual([]);
  });

  it("does not count twice", () => {
    fc.assert(
      fc.property(anyRecord, fc.constantFrom(...Object.values(wrappers)), ({ output }, wrap) => {
        const once = output.split("\n").map(wrap);
        const twice = once.map((line) => `${stamp} ${line}`);
        expect(causesOf(twice.join("\n"))[0]).toEqual(causesOf(once.join("\n"))[0]);
      }),
    );
  });

  it("is not part of the evidence", () => {
    const [cause] = classify("#14 12.30 \x1b[31mgo: open /srv/app/go.mod: permission denied\x1b[0m").causes;
    expect(cause?.evidence).toEqual({ line: 1, text: "go: open /srv/app/go.mod: permission denied" });
  });
});

describe("a failure in a long job", () => {
  const before = [
    "Run actions/checkout",
    "npm notice created a lockfile",
    "=== RUN   TestA",
    "--- PASS: TestA (0.00s)",
    "ok  \texample.net/a\t0.01s",
  ];
  const after = [
    "make: *** [Makefile:3: build] Error 1",
    "Error: Process completed with exit code 1.",
    "Post job cleanup.",
    "Cleaning up orphan processes",
  ];

  it("is found between other lines", () => {
    const changed = records.filter(({ output }) => {
      const job = [...before, output, ...after].join("\n");
      return causesOf(job)[0] !== causesOf(output)[0];
    });
    expect(changed.map(({ id }) => id)).toEqual([]);
  });

  it("has the line that it has in the job", () => {
    const [cause] = classify([...before, "go: open /srv/app/go.mod: permission denied", ...after].join("\n")).causes;
    expect(cause?.evidence.line).toBe(6);
  });

  it("keeps its category with other paths, hosts and versions", () => {
    const other = (text: string): string =>
      text
        .replaceAll(/\/home\/[\w<>-]+/g, "/home/zoe")
        .replaceAll(/\/Users\/[\w.-]+/g, "/Users/zoe")
        .replaceAll(/go-1\.19/g, "go-1.24")
        .replaceAll(/example\.com\/(dep|app|other|neg)/g, "code.corp.example/x/$1")
        .replaceAll(/artifactory\.corp\.example:18080/g, "nexus.intra.example")
        .replaceAll(/go-build\d+/g, "go-build1");
    const changed = records.filter(
      ({ output }) => answerOf(other(output)).causes[0]?.category !== answerOf(output).causes[0]?.category,
    );
    expect(changed.map(({ id }) => id)).toEqual([]);
  });

  it("is told by its last line alone, most often", () => {
    const failures = records.filter(({ category }) => category !== "none");
    const kept = failures.filter(({ output, category }) => {
      const lines = output.split("\n");
      return (
        answerOf(lines.slice(0, Math.ceil(lines.length / 2)).join("\n")).causes[0]?.category === category ||
        answerOf(lines.slice(Math.floor(lines.length / 2)).join("\n")).causes[0]?.category === category
      );
    });
    expect(kept.length / failures.length).toBeGreaterThan(0.97);
  });
});

describe("a log of any size", () => {
  it("has one cause for a million lines of the same denial, and keeps none of them", () => {
    const line = "go: writing stat cache: mkdir /srv/mod/cache/download/example.net: permission denied\n";
    const piece = encode(line.repeat(10_000));
    const reader = new LogReader();
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    for (let times = 0; times < 100; times += 1) reader.push(piece);
    const { causes, lines } = reader.end();
    expect(causes).toHaveLength(1);
    expect(lines).toBe(1_000_000);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(200e6);
  }, 60_000);

  it("may be one line of 100 MB, with the failure at its end", () => {
    const reader = new LogReader();
    const piece = new Uint8Array(1 << 20).fill(0x78);
    for (let times = 0; times < 100; times += 1) reader.push(piece);
    reader.push(" go: open /srv/app/go.mod: permission denied");
    const { causes, lines } = reader.end();
    expect(causes[0]?.subcategory).toBe("gomod-unreadable");
    expect(lines).toBe(1);
  });

  it("counts lines as editors do", () => {
    expect(["", "a", "a\n", "a\nb", "a\r\nb\r\n", "\n\n"].map((text) => classify(text).lines)).toEqual([
      0, 1, 1, 2, 2, 2,
    ]);
  });
});

describe("several causes in one log", () => {
  it("are ranked: what stops the build before a warning", () => {
    const log = [
      "go: writing stat cache: mkdir /srv/mod/cache/download/example.net: permission denied",
      "main.go:3:2: example.net/lib@v1.0.1: reading https://goproxy.corp/example.net/lib/@v/v1.0.1.mod: 502 Bad Gateway",
      "go: writing go.mod cache: mkdir /srv/mod/cache/download/example.net: permission denied",
    ].join("\n");
    expect(causesOf(log)).toEqual(["net proxy-5xx", "fs modcache-not-owned-by-uid"]);
  });

  it("are ranked: a full build cache before the packages that go then misses", () => {
    const log = [
      "main.go:3:2: write /ci/gocache/9a/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef-d: no space left on device",
      "main.go:4:2: package fmt is not in std (/usr/local/go/src/fmt)",
    ].join("\n");
    expect(causesOf(log)[0]).toBe("space enospc-gocache");
  });

  it("are ranked: the last of two that stop a build", () => {
    const log =
      "go: open /a/go.mod: permission denied\nRetrying\ngo: example.net/x@v1.0.0: module lookup disabled by GOPROXY=off";
    expect(causesOf(log)[0]).toBe("config goproxy-off");
  });
});

describe("lines that tell of the same failure", () => {
  it("are one cause", () => {
    const empty = corpus("train").find(({ id }) => id === "cache-corrupt-003")?.output ?? "";
    expect(causesOf(empty)).toEqual(["cache-corrupt empty-gomod"]);
    const git = corpus("train").find(({ id }) => id === "vcs-015")?.output ?? "";
    expect(causesOf(git)).toEqual(["vcs vcs-cache-owner-mismatch"]);
    const server = corpus("train").find(({ id }) => id === "space-001")?.output ?? "";
    expect(causesOf(server)).toEqual(["space enospc-goproxy-server-side"]);
  });
});

describe("a server's own words", () => {
  it("are about its machine: no local paths", () => {
    const log = [
      "go: example.net/lib@v1.0.1: reading https://athens.corp/example.net/lib/@v/v1.0.1.info: 500 Internal Server Error",
      "\tserver response: open /var/lib/athens/x: permission denied",
    ].join("\n");
    const { causes } = classify(log);
    expect(causes.map(({ category }) => category)).toEqual(["net"]);
    expect(causes[0]).toMatchObject({ where: "server", paths: [], disposition: "retry" });
  });
});

it("a cache that has no usual name is known by what the machine says", () => {
  const text = "go: example.net/lib@v1.0.1: open /data/x/cache/download/example.net/lib/@v/list: permission denied\n";
  const odd = "go: open /data/x/go.mod.d/readme: permission denied\n";
  expect(classify(text).causes[0]?.subcategory).toBe("modcache-not-owned-by-uid");
  expect(classify(odd).causes[0]?.subcategory).toBe("source-unreadable");
  expect(classify(odd, { places: { modcache: "/data/x" } }).causes[0]?.subcategory).toBe("modcache-not-owned-by-uid");
  expect(classify(odd, { places: { gocache: "/data/x/go.mod.d" } }).causes[0]?.subcategory).toMatch(/^gocache-/);
});

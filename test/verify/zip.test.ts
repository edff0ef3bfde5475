// Zips as go makes them, and zips that lie: each ends with an answer, none with a crash, a hang or much memory.
import { closeSync, openSync, statSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readModuleZip, type ZipContent } from "../../src/verify/zip.ts";
import { scratch } from "../tree/scratch.ts";
import { zipOf } from "./module-cache.ts";

const prefix = "example.com/alpha@v1.0.0/";

async function read(bytes: Uint8Array): Promise<ZipContent> {
  const path = `${scratch()}/m.zip`;
  writeFileSync(path, bytes);
  const descriptor = openSync(path, "r");
  try {
    return await readModuleZip(descriptor, statSync(path).size, prefix);
  } finally {
    closeSync(descriptor);
  }
}

/** Changes a number in the header of an entry: of its own, and of the list of files. */
function patch(zip: Uint8Array, signature: number, at: number, write: (bytes: Buffer, at: number) => void): Buffer {
  const bytes = Buffer.from(zip);
  const start = bytes.indexOf(Buffer.from([0x50, 0x4b, signature, signature + 1]));
  write(bytes, start + at);
  return bytes;
}
const listed = (zip: Uint8Array, at: number, write: (bytes: Buffer, at: number) => void) => patch(zip, 1, at, write);

const plain = { [`${prefix}go.mod`]: "module example.com/alpha\n", [`${prefix}a.go`]: "package alpha\n".repeat(100) };

describe("a module zip", () => {
  test.each([0, 6] as const)("is read file by file (level %d)", async (level) => {
    const content = await read(zipOf(plain, level));
    expect(content).toMatchObject({ state: "read" });
    if (content.state !== "read") return;
    // As the shell makes it: sha256sum of the sorted files, and of that list, in base64.
    expect(content.hash).toBe("h1:W/PHO2Rcrz40kiOgpt5IEuHAl30Q0qmUTC+AXCoGLs8=");
    expect([...content.files.keys()]).toEqual(["go.mod", "a.go"]);
    expect(content.refused).toBeUndefined();
  });

  test.each([0, 6] as const)("large files are streamed (level %d)", async (level) => {
    const large = Buffer.alloc(20 * 1024 * 1024, "gopher ");
    const content = await read(zipOf({ ...plain, [`${prefix}large`]: large }, level));
    expect(content.state === "read" && content.files.get("large")?.size).toBe(large.length);
  });

  test("names are bytes, and are sorted as bytes", async () => {
    const content = await read(zipOf({ [`${prefix}é.go`]: "a", [`${prefix}z.go`]: "b", [`${prefix}日本.go`]: "c" }));
    expect(content).toMatchObject({ state: "read", hash: "h1:KvXqaRe0Ha3IsA0Kn5QRF3hJF7eZhgZW8s2r7V/cHfw=" });
  });
});

describe("a damaged zip is torn", () => {
  const zip = zipOf(plain);
  test.each([
    ["no zip at all", Buffer.from("<html>502 Bad Gateway</html>")],
    ["cut off", zip.subarray(0, zip.length - 30)],
    ["zeros in the middle", Buffer.concat([zip.subarray(0, 60), Buffer.alloc(40), zip.subarray(100)])],
    ["a wrong checksum", listed(zip, 16, (bytes, at) => bytes.writeUInt32LE(12345, at))],
    ["an offset that leads nowhere", listed(zip, 42, (bytes, at) => bytes.writeUInt32LE(0xfffffff0, at))],
    ["an unknown compression", listed(zip, 10, (bytes, at) => bytes.writeUInt16LE(99, at))],
  ])("%s", async (_, bytes) => {
    expect((await read(bytes)).state).toBe("torn");
  });
});

describe("sizes that lie", () => {
  const bomb = zipOf({ [`${prefix}a.go`]: Buffer.alloc(30 * 1024 * 1024) });
  test.each([
    ["a file that is longer than it says", 10],
    ["a large file that is longer than it says", 9 * 1024 * 1024],
    ["a file that is shorter than it says", 100 * 1024 * 1024],
  ])("%s", async (_, size) => {
    expect((await read(listed(bomb, 24, (bytes, at) => bytes.writeUInt32LE(size, at)))).state).toBe("torn");
  });

  test("more than go extracts is not inflated", async () => {
    const before = process.memoryUsage().rss;
    const content = await read(listed(bomb, 24, (bytes, at) => bytes.writeUInt32LE(0xfffffff0, at)));
    expect(content).toEqual({ state: "refused", because: "its files have more than 524288000 bytes" });
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  test("more files in the list than there are", async () => {
    const zip = Buffer.from(zipOf(plain));
    zip.writeUInt16LE(60_000, zip.length - 22 + 10);
    expect((await read(zip)).state).toBe("torn");
  });
});

test.each([
  ["../../etc/passwd", "a name does not begin with example.com/alpha@v1.0.0/"],
  [`${prefix}../x`, "a name is not clean (an empty element, . or ..)"],
  [`${prefix}a//b`, "a name is not clean (an empty element, . or ..)"],
  [`${prefix}A.go`, "two names differ only in upper and lower case"],
  [`${prefix}a.go/b`, "a name is both a file and a directory"],
  [`${prefix}sub/go.mod`, "a go.mod is not in the module's root directory"],
  [`${prefix}a:b`, "a name holds a character that go does not allow"],
  [`${prefix}x/AUX.txt`, "AUX.txt is a reserved name on Windows"],
  [`${prefix}end.`, "an element of a name ends in a dot"],
])("go refuses the name %s", async (name, refused) => {
  expect(await read(zipOf({ ...plain, [name]: "x" }))).toMatchObject({ state: "read", refused });
});

test("any bytes, and any zip with some bytes changed, end in an answer", async () => {
  const zip = zipOf({ ...plain, [`${prefix}sub/b.go`]: "package sub\n" });
  const change = fc.tuple(fc.nat(zip.length - 1), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
      const bytes = Buffer.from(zip);
      for (const [at, value] of changes) bytes[at] = value;
      expect(["read", "torn", "refused", "unread"]).toContain((await read(bytes)).state);
    }),
    { numRuns: 300 },
  );
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), async (bytes) => {
      expect((await read(bytes)).state).not.toBe("read");
    }),
    { numRuns: 100 },
  );
});

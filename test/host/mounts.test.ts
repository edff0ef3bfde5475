import fc from "fast-check";
import { expect, test } from "vitest";
import { mountOf, mountPointsBelow, parseMountinfo, parseMounts, readMounts } from "../../src/host/mounts.ts";

const machine = `22 27 0:21 / /proc rw,relatime shared:5 - proc proc rw,hidepid=2
27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,errors=remount-ro
30 27 0:30 / /mnt/with\\040space\\011tab\\134 rw,nosuid,noexec - tmpfs tmp\\040fs rw
31 27 0:31 / /go/pkg/mod rw,relatime,idmapped shared:9 master:3 propagate_from:2 - ext4 /dev/vdb ro,data=ordered
32 31 0:32 / /go/pkg/mod/cache ro,relatime - nfs4 server:/x rw,vers=4.2
33 27 0:33 / /go/pkg/modern rw - overlay overlay rw,lowerdir=/a:/b
`;

test("a mountinfo is read", () => {
  const mounts = parseMountinfo(machine);
  expect(mounts).toHaveLength(6);
  expect(mounts[2]).toEqual({
    mountPoint: "/mnt/with space\ttab\\",
    type: "tmpfs",
    source: "tmp fs",
    readOnly: false,
    noexec: true,
    idmapped: false,
    options: ["rw", "nosuid", "noexec"],
  });
  expect(mounts[3]).toMatchObject({ mountPoint: "/go/pkg/mod", readOnly: true, idmapped: true, source: "/dev/vdb" });
  expect(mounts[4]).toMatchObject({ type: "nfs4", readOnly: true });
});

test.each([
  ["/", "/"],
  ["/go", "/"],
  ["/go/pkg/mod", "/go/pkg/mod"],
  ["/go/pkg/mod/x", "/go/pkg/mod"],
  ["/go/pkg/modest", "/"],
  ["/go/pkg/modern/x", "/go/pkg/modern"],
  ["/go/pkg/mod/cache/download", "/go/pkg/mod/cache"],
])("%s is seen through the mount on %s", (path, mountPoint) => {
  expect(mountOf(path, parseMountinfo(machine))?.mountPoint).toBe(mountPoint);
});

test("mount points below a directory are strictly below it", () => {
  expect(mountPointsBelow("/go/pkg/mod", parseMountinfo(machine))).toEqual(["/go/pkg/mod/cache"]);
  expect(mountPointsBelow("/", parseMountinfo(machine))).toHaveLength(5);
});

test("of two mounts on one point the upper one is seen, and what the lower one held is hidden", () => {
  const mounts = parseMountinfo(`1 0 0:1 / / rw - ext4 root rw
2 1 0:2 / /a rw - tmpfs lower rw
3 2 0:3 / /a/b rw - tmpfs hidden rw
4 2 0:4 / /a rw - tmpfs upper rw
`);
  expect(mounts.map((mount) => mount.source)).toEqual(["root", "upper"]);
  expect(mountOf("/a/b/c", mounts)?.source).toBe("upper");
});

test("a mount over a parent directory hides what is mounted below", () => {
  const mounts = parseMountinfo(`1 0 0:1 / / rw - ext4 root rw
2 1 0:2 / /a/b rw - tmpfs hidden rw
3 1 0:3 / /a rw - tmpfs over rw
`);
  expect(mountOf("/a/b", mounts)?.source).toBe("over");
});

test("lines that are no mounts are passed over, and nothing crashes or hangs", () => {
  expect(parseMountinfo("\n1 2 3\nnonsense - x\n")).toEqual([]);
  const field = fc.constantFrom(
    "1",
    "2",
    "3",
    "-",
    "/",
    "/a",
    "/a/b",
    "rw",
    "ro,noexec",
    "tmpfs",
    "\\040",
    "\\999",
    "x",
  );
  const line = fc.array(field, { maxLength: 14 }).map((fields) => fields.join(" "));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
      const mounts = parseMountinfo(lines.join("\n"));
      expect(mounts.length).toBeLessThanOrEqual(lines.length);
      const found = mountOf("/a/b/c", mounts);
      if (found !== undefined) expect(mounts).toContain(found);
    }),
    { numRuns: 500 },
  );
});

test("this machine has a root mount", () => {
  const mounts = readMounts();
  expect("value" in mounts && mountOf("/", mounts.value)?.mountPoint).toBe("/");
});

/** mangle() of fs/proc_namespace.c: seq_escape(m, s, " \t\n\\#"). */
const mangled = (text: string): string =>
  text.replace(/[ \t\n\\#]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`);
const name = fc
  .array(fc.constantFrom(..." \t\n\\#/ab0141,é☃-"), { minLength: 1, maxLength: 12 })
  .map((characters) => characters.join(""));

test("names come back as they were, whatever is escaped in them, from both tables", () => {
  fc.assert(
    fc.property(name, name, fc.boolean(), (point, source, readOnly) => {
      const own = readOnly ? "ro" : "rw";
      const info = `1 0 0:1 / / rw - ext4 root rw\n2 1 0:2 / ${mangled(`/${point}`)} ${own} shared:7 - fuse ${mangled(source)} rw\n`;
      const mounts = `root / ext4 rw 0 0\n${mangled(source)} ${mangled(`/${point}`)} fuse ${own} 0 0\n`;
      for (const parsed of [parseMountinfo(info), parseMounts(mounts)])
        expect(parsed.at(-1)).toMatchObject({ mountPoint: `/${point}`, source, type: "fuse", readOnly });
    }),
    { numRuns: 2000 },
  );
});

test("any text is read without an error", () => {
  const junk = fc.array(fc.constantFrom(..."1 -/\\0478,\n:rwxé"), { maxLength: 80 }).map((all) => all.join(""));
  fc.assert(
    fc.property(junk, (text) => {
      for (const mount of [...parseMountinfo(text), ...parseMounts(text)])
        expect(typeof mount.mountPoint).toBe("string");
    }),
    { numRuns: 2000 },
  );
});

import { readFileSync, rmSync } from "node:fs";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseDarwinMounts, readDarwinMounts } from "../../../src/host/macos/mounts.ts";
import { mountOf } from "../../../src/host/mounts.ts";
import { openDirectory } from "../as-user.ts";
import { fakeMac } from "./fake-mac.ts";

const recorded = (name: string) => readFileSync(new URL(`../../fixtures/macos/${name}`, import.meta.url), "utf8");

describe("what mount(8) prints", () => {
  it("has spaces and parentheses in the names of volumes", () => {
    const { mounts, unread } = parseDarwinMounts(recorded("mount-apple-silicon.txt"));
    expect(unread).toEqual([]);
    expect(mounts.map(({ mountPoint, type }) => [mountPoint, type])).toContainEqual([
      "/Volumes/Work (2) on tour",
      "apfs",
    ]);
    expect(mounts.find(({ type }) => type === "smbfs")).toMatchObject({
      mountPoint: "/Volumes/Team Share",
      source: "//alice@server.example/Team%20Share",
    });
    expect(mounts.find(({ type }) => type === "msdos")?.options).toContain("noowners");
    expect(mounts[0]).toMatchObject({ mountPoint: "/", readOnly: true });
  });

  it("is read for an Intel Mac too", () => {
    const { mounts, unread } = parseDarwinMounts(recorded("mount-intel.txt"));
    expect(unread).toEqual([]);
    expect(mounts.find(({ mountPoint }) => mountPoint === "/System/Volumes/VM")?.noexec).toBe(true);
  });

  it.each([
    "/dev/disk1 on /x",
    "/dev/disk1 on x (apfs)",
    "garbage",
    "/dev/disk1 on /x ()",
    "/dev/sda on / type ext4 (rw)",
  ])("is not guessed: %s", (line) => {
    const { mounts, unread } = parseDarwinMounts(line);
    // A type is one word: what Linux prints has two words between the path and the parentheses, which are part of the path then.
    if (line.includes("ext4")) expect(mounts[0]?.mountPoint).toBe("/ type ext4");
    else expect({ mounts, unread }).toEqual({ mounts: [], unread: [line] });
  });

  it("is read as it was written", () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/);
    const name = fc.stringMatching(/^[A-Za-z0-9 ()_.-]{0,20}$/).map((text) => `/${text}`);
    fc.assert(
      fc.property(word, name, word, fc.array(word), (source, mountPoint, type, options) => {
        const line = `/dev/${source} on ${mountPoint} (${[type, ...options].join(", ")})`;
        expect(parseDarwinMounts(line).mounts[0]).toMatchObject({ source: `/dev/${source}`, type, options });
      }),
    );
  });

  it("throws nothing, whatever it is", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void parseDarwinMounts(text)));
  });
});

describe("the mounts of a machine", () => {
  let directory: string;
  beforeEach(() => {
    directory = openDirectory("mounts");
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it("have what is reached by a firmlink on the data volume, not on the sealed one", () => {
    const mac = fakeMac(directory, {
      mounts: recorded("mount-apple-silicon.txt"),
      files: { "/usr/share/firmlinks": recorded("firmlinks.txt") },
    });
    const read = readDarwinMounts(mac.tools);
    const mounts = "value" in read ? read.value : [];
    expect(mountOf("/Users/david/go/pkg/mod", mounts)).toMatchObject({ source: "/dev/disk3s5", readOnly: false });
    expect(mountOf("/opt/homebrew/bin/go", mounts)).toMatchObject({ source: "/dev/disk3s5" });
    expect(mountOf("/usr/bin/ls", mounts)).toMatchObject({ source: "/dev/disk3s1s1", readOnly: true });
    expect(mountOf("/Volumes/STICK/go", mounts)).toMatchObject({ type: "msdos" });
  });

  it("are not known where firmlinks cannot be read, or mount fails or prints what is not understood", () => {
    const sealed = fakeMac(directory, { mounts: recorded("mount-intel.txt"), files: {} });
    expect(readDarwinMounts(sealed.tools)).toMatchObject({ unseen: expect.stringContaining("/usr/share/firmlinks") });
    const odd = fakeMac(directory, { mounts: "what?\n" });
    expect(readDarwinMounts(odd.tools)).toMatchObject({ unseen: expect.stringContaining("what?") });
    const failing = fakeMac(directory, { instead: { mount: "echo no >&2; exit 1" } });
    expect(readDarwinMounts(failing.tools)).toEqual({ unseen: "mount: no" });
  });
});

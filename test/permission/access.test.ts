import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mayAccess } from "../../src/permission/access.ts";
import type { Need } from "../../src/permission/decision.ts";
import type { Mount } from "../../src/permission/mount.ts";
import { mayChangeMode, mayChangeOwner } from "../../src/permission/ownership.ts";
import { acl, allPowerful, directory, file, subject } from "./subjects.ts";

const app = subject(1000, 1000, [3000]);
const mount: Mount = {
  mountPoint: "/mnt",
  type: "ext4",
  source: "/dev/sda",
  readOnly: false,
  noexec: false,
  idmapped: false,
  options: [],
};
const verdict = (...question: Parameters<typeof mayAccess>) => mayAccess(...question).verdict;

describe("mode bits", () => {
  it.each([
    ["the owner's bits count for the owner, even if others have more", file(1000, 0, 0o077), "read", "no", "owner"],
    ["the group's bits count for a supplementary group", file(0, 3000, 0o640), "read", "yes", "group"],
    ["the group's bits count even if others have more", file(0, 3000, 0o604), "read", "no", "group"],
    ["others", file(0, 0, 0o644), "read", "yes", "other"],
    ["others may not write", file(0, 0, 0o644), "write", "no", "other"],
    ["entering a directory is its x", directory(0, 0, 0o711), "execute", "yes", "other"],
    ["listing it is its r", directory(0, 0, 0o711), "read", "no", "other"],
  ] as const)("%s", (_, entry, need, expected, by) => {
    expect(mayAccess(entry, app, need)).toMatchObject({ verdict: expected, by });
  });
});

describe("ACLs", () => {
  const named = acl({ users: new Map([[1000, 6]]), mask: 4, group: 7 });

  it("masks a named user", () => {
    expect(mayAccess(file(0, 0, 0o644, { acl: named }), app, "write")).toMatchObject({ verdict: "no", by: "acl-mask" });
    expect(mayAccess(file(0, 0, 0o644, { acl: named }), app, "read")).toMatchObject({ verdict: "yes", by: "acl-user" });
  });

  it("skips the ACL when the group bits are all zero, as the kernel does", () => {
    const barred = acl({ users: new Map([[1000, 0]]), mask: 0 });
    expect(mayAccess(file(0, 0, 0o604, { acl: barred }), app, "read")).toMatchObject({ verdict: "yes", by: "other" });
  });

  it("takes the first group entry that grants everything, and refuses if only others would grant", () => {
    const groups = acl({
      groups: new Map([
        [3000, 4],
        [1000, 2],
      ]),
      mask: 7,
      other: 7,
    });
    const entry = file(0, 0, 0o677, { acl: groups });
    expect(mayAccess(entry, app, "read")).toMatchObject({ verdict: "yes", by: "acl-group" });
    expect(mayAccess(entry, app, "write")).toMatchObject({ verdict: "yes", by: "acl-group" });
    expect(mayAccess(entry, app, "execute")).toMatchObject({ verdict: "no", by: "acl-group" });
  });

  it("leaves the owner to the mode", () => {
    expect(verdict(file(1000, 0, 0o477, { acl: acl({ mask: 7 }) }), app, "write")).toBe("no");
  });
});

describe("capabilities, one by one", () => {
  const hidden = directory(1000, 1000, 0o700);
  it.each([
    ["dac_read_search", "read", "yes"],
    ["dac_read_search", "execute", "yes"],
    ["dac_read_search", "write", "no"],
    ["dac_override", "write", "yes"],
    ["fowner", "read", "no"],
    ["chown", "write", "no"],
  ] as const)("with CAP_%s root's %s of another's private directory is %s", (capability, need, expected) => {
    expect(verdict(hidden, subject(0, 0, [], [capability]), need)).toBe(expected);
  });

  it("root that dropped them all is like anybody", () => {
    expect(verdict(hidden, subject(0, 0), "read")).toBe("no");
  });

  it("nobody executes a file without an x bit", () => {
    expect(verdict(file(0, 0, 0o644), allPowerful, "execute")).toBe("no");
    expect(verdict(file(0, 0, 0o100), allPowerful, "execute")).toBe("yes");
  });

  it("does not count over owners that the user namespace does not know", () => {
    const range = [{ inside: 0, outside: 100000, count: 65536 }];
    const inside = { ...allPowerful, uidMap: range, gidMap: range };
    expect(verdict(directory(70000, 70000, 0o700), inside, "read")).toBe("no");
    expect(verdict(directory(70000, 70000, 0o777), inside, "write")).toBe("no");
    expect(verdict(directory(1000, 1000, 0o700), inside, "read")).toBe("yes");
  });

  it("cannot tell when 65534 may be the overflow ID", () => {
    const range = [{ inside: 0, outside: 100000, count: 65536 }];
    expect(verdict(directory(65534, 65534, 0o700), { ...allPowerful, uidMap: range, gidMap: range }, "read")).toBe(
      "unknown",
    );
  });

  it("may not count on a file server (root_squash)", () => {
    const onNfs = { mount: { ...mount, type: "nfs4" } };
    expect(verdict(directory(1000, 1000, 0o700, onNfs), allPowerful, "read")).toBe("unknown");
    expect(verdict(directory(1000, 1000, 0o755, onNfs), allPowerful, "read")).toBe("yes");
  });
});

describe("mounts and attributes", () => {
  it("a read-only mount refuses everybody's write, and says so before the mode does", () => {
    expect(mayAccess(file(0, 0, 0o666, { mount: { ...mount, readOnly: true } }), allPowerful, "write")).toMatchObject({
      verdict: "no",
      by: "read-only-mount",
      errno: "EROFS",
    });
  });

  it("noexec refuses executing files, not entering directories", () => {
    const noexec = { mount: { ...mount, noexec: true } };
    expect(verdict(file(0, 0, 0o755, noexec), allPowerful, "execute")).toBe("no");
    expect(verdict(directory(0, 0, 0o755, noexec), app, "execute")).toBe("yes");
  });

  it("immutable refuses root's write too", () => {
    expect(mayAccess(file(0, 0, 0o666, { immutable: true }), allPowerful, "write")).toMatchObject({
      verdict: "no",
      by: "immutable",
    });
  });

  it("leaves it open where a FUSE daemon or Windows decides", () => {
    expect(verdict(file(0, 0, 0o666, { mount: { ...mount, type: "fuse.sshfs" } }), app, "read")).toBe("unknown");
    expect(verdict(file(0, 0, 0o666, { mount: { ...mount, type: "9p", options: ["aname=drvfs"] } }), app, "read")).toBe(
      "unknown",
    );
  });

  it("on a Windows drive with metadata the mode can refuse, and Windows has the last word on what it grants", () => {
    const drive = {
      ...mount,
      type: "9p",
      options: ["rw", "aname=drvfs;path=C:\\;uid=1000;metadata;symlinkroot=/mnt/"],
    };
    expect(mayAccess(file(0, 0, 0o660, { mount: drive }), app, "read")).toMatchObject({ verdict: "no", by: "other" });
    expect(mayAccess(file(0, 0, 0o666, { mount: drive }), app, "read")).toMatchObject({
      verdict: "unknown",
      by: "mount",
    });
    expect(verdict(file(0, 0, 0o600, { mount: drive }), allPowerful, "write")).toBe("unknown");
    expect(mayChangeMode(file(0, 0, 0o666, { mount: drive }), app).verdict).toBe("no");
    expect(mayChangeMode(file(1000, 0, 0o666, { mount: drive }), app).verdict).toBe("unknown");
    expect(mayChangeOwner(file(1000, 0, 0o666, { mount: drive }), allPowerful, { uid: 1 }).verdict).toBe("unknown");
  });

  it("on a Windows drive without metadata, or over virtiofs, nothing is told but a read-only mount", () => {
    for (const drive of [
      { ...mount, type: "drvfs", options: ["rw", "uid=1000"] },
      { ...mount, type: "9p", options: ["aname=drvfs;path=C:\\metadata;uid=1000"] },
      { ...mount, type: "virtiofs", source: "drvfsC0", options: ["rw"] },
    ]) {
      expect(verdict(file(0, 0, 0, { mount: drive }), app, "read")).toBe("unknown");
      expect(mayChangeMode(file(1000, 0, 0o666, { mount: drive }), app).verdict).toBe("unknown");
      expect(mayChangeMode(file(0, 0, 0o666, { mount: drive }), app).verdict).toBe("unknown");
      expect(mayChangeMode(file(0, 0, 0o666, { mount: { ...drive, readOnly: true } }), app).verdict).toBe("no");
    }
  });

  it("other 9p and virtiofs mounts are no Windows drives", () => {
    const drivers = { ...mount, type: "9p", options: ["aname=drivers;fmask=222;dmask=222"] };
    const shared = { ...mount, type: "virtiofs", source: "rootextra", options: ["rw"] };
    expect(verdict(file(1000, 0, 0o600, { mount: drivers }), app, "read")).toBe("yes");
    expect(verdict(file(1000, 0, 0o600, { mount: shared }), app, "read")).toBe("yes");
  });
});

describe("properties", () => {
  const needs = fc.constantFrom<Need>("read", "write", "execute");
  const ids = fc.constantFrom(0, 1000, 1001, 3000);
  const entries = fc.record({ uid: ids, gid: ids, mode: fc.integer({ min: 0, max: 0o7777 }) });

  it("the owner's answer depends on the owner's bits alone", () => {
    fc.assert(
      fc.property(entries, needs, ({ gid, mode }, need) => {
        const bit = { read: 0o400, write: 0o200, execute: 0o100 }[need];
        expect(verdict(file(1000, gid, mode), app, need)).toBe((mode & bit) === 0 ? "no" : "yes");
      }),
    );
  });

  it("a capability never takes anything away", () => {
    fc.assert(
      fc.property(entries, needs, ({ uid, gid, mode }, need) => {
        const entry = directory(uid, gid, mode);
        if (verdict(entry, app, need) === "yes") {
          expect(verdict(entry, { ...app, capabilities: allPowerful.capabilities }, need)).toBe("yes");
        }
      }),
    );
  });

  it("an ACL without named entries and with a full mask says what the mode says", () => {
    fc.assert(
      fc.property(entries, needs, ({ uid, gid, mode }, need) => {
        const same = acl({ owner: (mode >> 6) & 7, group: (mode >> 3) & 7, other: mode & 7, mask: 7 });
        expect(verdict(file(uid, gid, mode, { acl: same }), app, need)).toBe(verdict(file(uid, gid, mode), app, need));
      }),
    );
  });
});

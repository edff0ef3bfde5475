// The decisions of XNU, from bsd/kern/kern_authorization.c and bsd/vfs/vfs_subr.c as they are published. No Mac was asked.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mayAccess, mayOpen } from "../../src/permission/access.ts";
import { drawChain } from "../../src/permission/chain.ts";
import { chmodEntry, createdEntry } from "../../src/permission/creation.ts";
import {
  type DarwinAce,
  type DarwinAcl,
  type DarwinEntry,
  parseAceLine,
  type UnreadAce,
} from "../../src/permission/darwin-acl.ts";
import type { Entry } from "../../src/permission/entry.ts";
import { Kernel } from "../../src/permission/kernel.ts";
import type { Mount } from "../../src/permission/mount.ts";
import { mayChangeMode, mayChangeOwner, mayLook, mayMove, mayUnlink } from "../../src/permission/ownership.ts";
import type { Subject } from "../../src/permission/subject.ts";
import type { World } from "../../src/permission/world.ts";
import { directory, file, subject } from "./subjects.ts";

const alice = subject(501, 20, [12, 61, 80]);
const bob = subject(502, 20, [12, 61]);
const root = subject(0, 0, [0, 12]);
const ids: Record<string, number> = { alice: 501, bob: 502, staff: 20, admin: 80, owner: 10, group: 16 };

/** The list that ls would print with these lines, with the numbers of the names above. */
function acl(...lines: string[]): DarwinAcl {
  return lines.map((line, at) => {
    const ace = parseAceLine(` ${at}: ${line}`) as DarwinAce | UnreadAce;
    if ("unread" in ace || !("name" in ace.principal)) return ace;
    const id = ids[ace.principal.name];
    return id === undefined ? ace : { ...ace, principal: { ...ace.principal, id } as DarwinAce["principal"] };
  });
}

const on = (entry: Entry, lines: string[] = [], more: Partial<DarwinEntry> = {}): Entry => ({
  ...entry,
  darwin: { acl: acl(...lines), flags: [], ...more },
});
const volume = (type: string, ...options: string[]): { mount: Mount } => ({
  mount: {
    mountPoint: "/Volumes/x",
    type,
    source: "/dev/disk4s1",
    readOnly: options.includes("read-only"),
    noexec: options.includes("noexec"),
    idmapped: false,
    options,
  },
});

describe("the list before the mode", () => {
  it.each([
    ["an allow grants what the mode refuses", ["user:bob allow read"], "read", "yes", "acl-allow"],
    ["a deny refuses what the mode grants", ["user:bob deny execute"], "execute", "no", "acl-deny"],
    ["of two, the first decides", ["user:bob allow read", "group:everyone deny read"], "read", "yes", "acl-allow"],
    ["and so does a deny that is first", ["group:everyone deny read", "user:bob allow read"], "read", "no", "acl-deny"],
    ["an entry for somebody else leaves it to the mode", ["user:alice deny execute"], "execute", "yes", "other"],
    ["one for a group counts for its members", ["group:staff allow read"], "read", "yes", "acl-allow"],
    ["one for a group that one is not in does not", ["group:admin allow read"], "read", "no", "other"],
    ["one that is only handed on does not count", ["user:bob deny execute,only_inherit"], "execute", "yes", "other"],
    ["group owner means the owner, and nobody else", ["group:owner allow read"], "read", "no", "other"],
    ["group group means the entry's group", ["group:group allow read"], "read", "yes", "acl-allow"],
  ] as const)("%s", (_, lines, need, verdict, by) => {
    const entry = on(directory(501, lines[0]?.includes("group:group") ? 20 : 0, 0o701), [...lines]);
    expect(mayAccess(entry, bob, need)).toMatchObject({ verdict, by });
  });

  it("refuses a whole open(2) for a deny of one of its rights, even one that was granted before", () => {
    const entry = on(file(0, 0, 0o666), ["user:bob allow read", "user:bob deny read"]);
    expect(mayAccess(entry, bob, "read").verdict).toBe("yes");
    expect(mayOpen(entry, bob, ["read", "write"])).toMatchObject({
      verdict: "no",
      by: "acl-deny",
      ace: 1,
      errno: "EACCES",
    });
  });

  it("asks the mode for the rest of an open(2) that the list grants in part", () => {
    const readable = on(file(0, 0, 0o600), ["user:bob allow read"]);
    expect(mayOpen(readable, bob, ["read", "write"])).toMatchObject({ verdict: "no", by: "other" });
    expect(mayOpen(on(file(0, 0, 0o602), ["user:bob allow read"]), bob, ["read", "write"]).verdict).toBe("yes");
  });

  it("does not ask lists and modes for root, but wants an x to execute", () => {
    expect(mayAccess(on(file(501, 20, 0), ["group:everyone deny read,write"]), root, "write")).toMatchObject({
      verdict: "yes",
      by: "superuser",
    });
    expect(mayAccess(on(file(501, 20, 0o644)), root, "execute")).toMatchObject({ verdict: "no", by: "type" });
  });

  it("lets no list make a file executable that has no x", () => {
    expect(mayAccess(on(file(0, 0, 0o644), ["user:bob allow execute"]), bob, "execute").verdict).toBe("no");
  });

  it("needs both words of a directory to fill it", () => {
    const half = on(directory(0, 0, 0o755), ["user:bob allow add_file"]);
    expect(mayAccess(half, bob, "write")).toMatchObject({ verdict: "no", by: "other" });
    const whole = on(directory(0, 0, 0o755), ["user:bob allow add_file,add_subdirectory"]);
    expect(mayAccess(whole, bob, "write")).toMatchObject({ verdict: "yes", by: "acl-allow" });
  });
});

describe("what cannot be told", () => {
  it.each([
    ["a line of an unknown form", ["user:bob audit read"], "acl-unread"],
    ["an allow for a name without a number", ["user:nobody-knows allow read"], "acl-allow"],
    ["a deny for one", ["group:nobody-knows deny read", "user:bob allow read"], "acl-deny"],
    ["a UUID that nobody knows", ["0A1B2C3D-0000-4000-8000-0123456789AB allow read"], "acl-allow"],
  ])("is unknown: %s", (_, lines, by) => {
    expect(mayAccess(on(file(0, 0, 0o600), lines), bob, "read")).toMatchObject({ verdict: "unknown", by });
  });

  it.each([
    ["it is about another right", ["user:nobody-knows deny write"], "read", "yes"],
    ["something before it decided", ["user:bob deny read", "user:bob audit read"], "read", "no"],
    ["the mode would refuse as well", ["user:nobody-knows deny write"], "write", "no"],
    ["the mode would grant as well", ["user:nobody-knows allow read"], "read", "yes"],
  ] as const)("is told all the same where %s", (_, lines, need, verdict) => {
    expect(mayAccess(on(file(0, 0, 0o644), [...lines]), bob, need).verdict).toBe(verdict);
  });

  it("is unknown on a volume whose server or driver decides, and in a data vault", () => {
    expect(mayAccess(on(file(502, 20, 0o644, volume("smbfs"))), bob, "read")).toMatchObject({
      verdict: "unknown",
      by: "mount",
    });
    expect(mayAccess(on(file(502, 20, 0o644, volume("macfuse"))), bob, "read").verdict).toBe("unknown");
    expect(mayAccess(on(file(502, 20, 0o644, volume("exfat", "fskit"))), bob, "read").verdict).toBe("unknown");
    expect(mayAccess(on(file(502, 20, 0o644), [], { flags: ["datavault"] }), bob, "read").verdict).toBe("unknown");
  });
});

describe("flags, volumes and SIP", () => {
  it.each([
    ["uchg", "write", "immutable"],
    ["schg", "write", "immutable"],
    ["uappnd", "write", "append-only"],
  ] as const)("%s stops root", (flag, need, by) => {
    expect(mayAccess(on(file(0, 0, 0o666), [], { flags: [flag] }), root, need)).toMatchObject({ by, errno: "EPERM" });
  });

  it("lets an append-only directory take files, and give none away", () => {
    const only = on(directory(501, 20, 0o755), [], { flags: ["uappnd"] });
    expect(mayAccess(only, alice, "write").verdict).toBe("yes");
    expect(mayUnlink(only, on(file(501, 20, 0o644)), alice)).toMatchObject({
      by: "directory",
      decision: { by: "append-only" },
    });
  });

  it("leaves reading to the mode", () => {
    expect(mayAccess(on(file(0, 0, 0o644), [], { flags: ["uchg", "restricted"] }), bob, "read").verdict).toBe("yes");
  });

  it("keeps what SIP protects from root, and does not know where csrutil did not say", () => {
    const system = on(directory(0, 0, 0o755), [], { flags: ["restricted"], protection: "enforced" });
    expect(mayAccess(system, root, "write")).toMatchObject({ verdict: "no", by: "restricted", errno: "EPERM" });
    const maybe = on(directory(0, 0, 0o755), [], { flags: ["restricted"], protection: "unknown" });
    expect(mayAccess(maybe, root, "write").verdict).toBe("unknown");
    expect(mayAccess(maybe, bob, "write").verdict).toBe("no");
  });

  it("makes everybody but root the owner where ownership is ignored, and of user 99's files", () => {
    const ignored = on(file(99, 99, 0o700, volume("apfs", "noowners")));
    expect(mayAccess(ignored, bob, "write")).toMatchObject({ verdict: "yes", by: "owner" });
    expect(mayChangeMode(on(file(501, 20, 0o600, volume("exfat", "noowners"))), bob).verdict).toBe("yes");
    expect(mayAccess(on(file(99, 99, 0o700, volume("apfs"))), bob, "write").by).toBe("owner");
  });

  it("refuses writing on a volume that is mounted read-only", () => {
    expect(mayAccess(on(file(0, 0, 0o666, volume("apfs", "read-only"))), root, "write").errno).toBe("EROFS");
  });
});

describe("deleting", () => {
  const open = on(directory(0, 0, 0o777));

  it.each([
    ["the entry's own deny counts before the directory's mode", open, ["group:everyone deny delete"], "no", "entry"],
    ["its allow needs nothing of the directory", on(directory(0, 0, 0o755)), ["user:bob allow delete"], "yes", "entry"],
    [
      "and counts before the directory's deny",
      on(directory(0, 0, 0o777), ["user:bob deny delete_child"]),
      ["user:bob allow delete"],
      "yes",
      "entry",
    ],
    [
      "the directory's deny counts before its mode",
      on(directory(0, 0, 0o777), ["user:bob deny delete_child"]),
      [],
      "no",
      "directory",
    ],
    ["its allow is enough", on(directory(0, 0, 0o755), ["user:bob allow delete_child"]), [], "yes", "directory"],
    [
      "its allow counts before the sticky bit",
      on(directory(0, 0, 0o1755), ["user:bob allow delete_child"]),
      [],
      "yes",
      "directory",
    ],
    ["else the sticky bit counts", on(directory(0, 0, 0o1777)), [], "no", "entry"],
    ["else its mode", on(directory(0, 0, 0o755)), [], "no", "directory"],
  ])("%s", (_, above, lines, verdict, by) => {
    expect(mayUnlink(above, on(file(501, 20, 0o644), [...lines]), bob)).toMatchObject({ by, decision: { verdict } });
  });

  it("says EACCES for a sticky directory, and lets the owner of the directory or of the file", () => {
    const sticky = on(directory(502, 20, 0o1777));
    expect(mayUnlink(sticky, on(file(501, 20, 0o644)), bob).decision.verdict).toBe("yes");
    expect(mayUnlink(on(directory(0, 0, 0o1777)), on(file(501, 20, 0o644)), bob).decision.errno).toBe("EACCES");
  });

  it("is root's, but for flags and SIP", () => {
    const denied = on(file(501, 20, 0o644), ["group:everyone deny delete"]);
    expect(mayUnlink(on(directory(501, 20, 0o500)), denied, root).decision.verdict).toBe("yes");
    expect(mayUnlink(open, on(file(0, 0, 0o644), [], { flags: ["schg"] }), root).decision.by).toBe("immutable");
    const kept = on(file(0, 0, 0o644), [], { flags: ["restricted"], protection: "enforced" });
    expect(mayUnlink(open, kept, root).decision.by).toBe("restricted");
    expect(mayUnlink(open, on(file(0, 0, 0o644), [], { flags: ["sunlnk"] }), root).decision.verdict).toBe("unknown");
  });

  it("of a directory for renaming needs that it may be written itself", () => {
    const above = on(directory(502, 20, 0o755));
    expect(mayMove(above, on(directory(502, 20, 0o555)), bob)).toMatchObject({ verdict: "no", by: "owner" });
    expect(mayMove(above, on(file(502, 20, 0o444)), bob).verdict).toBe("yes");
  });
});

describe("looking, changing the mode and the owner", () => {
  it("is for all, unless a list denies it", () => {
    expect(mayLook(on(file(0, 0, 0)), bob).verdict).toBe("yes");
    expect(mayLook(on(file(0, 0, 0o644), ["user:bob deny readattr"]), bob).by).toBe("acl-deny");
  });

  it("is the owner's whatever a list denies, and others' where it allows", () => {
    expect(mayChangeMode(on(file(502, 20, 0), ["group:everyone deny writesecurity"]), bob).verdict).toBe("yes");
    expect(mayChangeMode(on(file(501, 20, 0o666)), bob)).toMatchObject({ verdict: "no", errno: "EPERM" });
    expect(mayChangeMode(on(file(501, 20, 0), ["user:bob allow writesecurity"]), bob).verdict).toBe("yes");
  });

  it("gives ownership to the subject alone, by an entry, and groups that the owner is in", () => {
    expect(mayChangeOwner(on(file(501, 20, 0), ["user:bob allow chown"]), bob, { uid: 502 }).verdict).toBe("yes");
    expect(mayChangeOwner(on(file(501, 20, 0), ["user:bob allow chown"]), bob, { uid: 503 }).errno).toBe("EPERM");
    expect(mayChangeOwner(on(file(501, 20, 0)), alice, { gid: 80 }).verdict).toBe("yes");
    expect(mayChangeOwner(on(file(502, 20, 0)), bob, { gid: 80 }).errno).toBe("EPERM");
  });
});

describe("a new entry", () => {
  const shared = on(directory(501, 80, 0o2755), [
    "group:everyone deny delete",
    "group:staff allow list,add_file,search,delete_child,file_inherit,directory_inherit",
    "user:alice allow read,file_inherit,only_inherit,limit_inherit",
  ]);

  it("has its directory's group without setgid, the umask, and the entries that are handed on", () => {
    const made = createdEntry(shared, bob, { type: "file", mode: 0o666 });
    expect(made).toMatchObject({ uid: 502, gid: 80, mode: 0o644 });
    expect(made.darwin?.acl).toEqual([
      { ...(acl("group:staff inherited allow read,write,execute,delete_child") as DarwinAce[])[0] },
      { ...(acl("user:alice inherited allow read") as DarwinAce[])[0] },
    ]);
  });

  it("hands on what it got, if it is a directory", () => {
    const made = createdEntry(shared, bob, { type: "directory", mode: 0o777 });
    expect(made.mode).toBe(0o755);
    expect(made.darwin?.acl).toEqual(
      acl("group:staff inherited allow list,add_file,search,delete_child,file_inherit,directory_inherit"),
    );
    expect(mayAccess(createdEntry(made, alice, { type: "file", mode: 0o600 }), bob, "read").verdict).toBe("yes");
  });

  it("keeps its list through chmod(2)", () => {
    const changed = chmodEntry(createdEntry(shared, bob, { type: "directory", mode: 0o777 }), 0o555);
    expect(changed).toMatchObject({ mode: 0o555 });
    expect(changed.darwin?.acl).toHaveLength(1);
  });
});

describe("system calls", () => {
  const tree: Record<string, Entry> = {
    "/": on(directory(0, 0, 0o755)),
    "/go": on(directory(502, 20, 0o755)),
    "/go/list": on(file(502, 20, 0o644), ["group:everyone deny delete"]),
    "/go/list.tmp": on(file(502, 20, 0o644)),
  };
  const world: World = { look: (path) => tree[path] ?? "absent", names: () => [], target: () => "" };
  const settings = { protectedRegular: 0, protectedFifos: 0, protectedSymlinks: 0 };
  const as = (who: Subject) => new Kernel(world, who, settings);

  it("do not rename over what a list keeps from being deleted, though its owner may write it", () => {
    as(bob).open("/go/list", { read: true, write: true, create: true });
    expect(() => as(bob).rename("/go/list.tmp", "/go/list")).toThrow(/EACCES/);
    as(root).rename("/go/list.tmp", "/go/list");
  });

  it("are drawn as a chain that names the entry which decides", () => {
    const chain = drawChain(world, bob, settings, "/go/list", "delete");
    expect(chain).toMatchObject({
      verdict: "no",
      decisive: { path: "/go/list", decision: { by: "acl-deny", ace: 0 } },
    });
    expect(chain.links.at(-1)).toMatchObject({ acl: "group:everyone deny delete", mode: "-rw-r--r--+" });
  });
});

describe("any list", () => {
  const rights = ["read", "write", "execute", "append", "delete"] as const;
  const who = fc.constantFrom(
    { kind: "everyone" } as const,
    { kind: "user", name: "bob", id: 502 } as const,
    { kind: "user", name: "alice", id: 501 } as const,
    { kind: "group", name: "staff", id: 20 } as const,
    { kind: "group", name: "admin", id: 80 } as const,
  );
  const ace = (principal: fc.Arbitrary<DarwinAce["principal"]>): fc.Arbitrary<DarwinAce> =>
    fc.record({
      kind: fc.constantFrom("allow" as const, "deny" as const),
      principal,
      rights: fc.subarray([...rights]).map((all) => new Set(all)),
      inherits: fc.subarray(["only_inherit" as const]).map((all) => new Set(all)),
      inherited: fc.boolean(),
    });
  const needs = fc.subarray(["read", "write"] as const, { minLength: 1 });

  /** kauth_acl_evaluate() and vnode_authorize_posix() once more, over bits. */
  function reference(acl: readonly DarwinAce[], mode: number, wanted: readonly ("read" | "write")[]): "yes" | "no" {
    const bit = (right: string): number => 1 << rights.indexOf(right as "read");
    const requested = wanted.reduce((all, need) => all | bit(need), 0);
    let residual = requested;
    for (const { kind, principal, rights: named, inherits } of acl) {
      const mask = [...named].reduce((all, right) => all | bit(right), 0);
      const mine = principal.kind === "everyone" || ("id" in principal && [502, 20].includes(principal.id ?? -1));
      if (inherits.has("only_inherit") || !mine) continue;
      if (kind === "deny" && (requested & mask) !== 0) return "no";
      if (kind === "allow") residual &= ~mask;
      if (residual === 0) return "yes";
    }
    const bits = (residual & bit("read") ? 4 : 0) | (residual & bit("write") ? 2 : 0);
    return (mode & bits) === bits ? "yes" : "no";
  }

  it("is decided as the kernel does, in the same order", () => {
    fc.assert(
      fc.property(fc.array(ace(who), { maxLength: 6 }), fc.nat(7), needs, (acl, mode, wanted) => {
        const entry: Entry = { ...file(0, 0, mode), darwin: { acl, flags: [] } };
        expect(mayOpen(entry, bob, wanted).verdict).toBe(reference(acl, mode, wanted));
      }),
      { numRuns: 3_000 },
    );
  });

  it("is told only where it is the same for whomever the names without numbers may mean", () => {
    const unknown = fc.constantFrom("x", "y").map((name) => ({ kind: "user", name }) as const);
    fc.assert(
      fc.property(fc.array(ace(fc.oneof(who, unknown)), { maxLength: 5 }), fc.nat(7), needs, (acl, mode, wanted) => {
        const { verdict } = mayOpen({ ...file(0, 0, mode), darwin: { acl, flags: [] } }, bob, wanted);
        if (verdict === "unknown") return;
        for (const meant of [[], ["x"], ["y"], ["x", "y"]]) {
          const resolved = acl.map((entry) => {
            const { principal } = entry;
            if (principal.kind !== "user" || principal.id !== undefined) return entry;
            return { ...entry, principal: { ...principal, id: meant.includes(principal.name) ? 502 : 777 } };
          });
          expect(verdict).toBe(reference(resolved, mode, wanted));
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it("with a line that is not known is never a yes that the line could take back", () => {
    fc.assert(
      fc.property(fc.array(ace(who), { maxLength: 4 }), fc.nat(4), fc.nat(7), needs, (acl, at, mode, wanted) => {
        const lines: DarwinAcl = [...acl.slice(0, at), { unread: "?" }, ...acl.slice(at)];
        const { verdict } = mayOpen({ ...file(0, 0, mode), darwin: { acl: lines, flags: [] } }, bob, wanted);
        const everyone = { kind: "everyone" } as const;
        const whole = { rights: new Set(["read", "write"] as const), inherits: new Set<never>(), inherited: false };
        const as = (kind: "allow" | "deny") =>
          reference([...acl.slice(0, at), { kind, principal: everyone, ...whole }, ...acl.slice(at)], mode, wanted);
        if (verdict !== "unknown") expect([as("allow"), as("deny")]).toEqual([verdict, verdict]);
      }),
      { numRuns: 2_000 },
    );
  });
});

it("decides for itself, not for POSIX: no entry of the list, and the verdicts are those of the mode", () => {
  const anyone = fc.record({ uid: fc.constantFrom(501, 502, 503), gid: fc.constantFrom(20, 80) });
  fc.assert(
    fc.property(fc.nat(0o777), anyone, fc.constantFrom("read" as const, "write" as const), (mode, owner, need) => {
      const entry = file(owner.uid, owner.gid, mode);
      expect(mayAccess(on(entry), bob, need)).toEqual(mayAccess(entry, bob, need));
    }),
  );
});

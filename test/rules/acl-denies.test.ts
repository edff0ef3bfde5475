// What acl-denies fires on, what it leaves alone, and what it says.
import { describe, expect, test } from "vitest";
import { type DarwinAce, parseAceLine } from "../../src/permission/darwin-acl.ts";
import type { Entry } from "../../src/permission/entry.ts";
import { aclDenies } from "../../src/rules/acl-denies.ts";
import { dir, factsFor, file, run, seen, subject } from "./sample-cache.ts";

const facts = factsFor(subject(1001), dir(0o755), { platform: "darwin", self: subject(1001) });
const ids: Record<string, number> = { alice: 1000, bob: 1001, devs: 3000 };

/** An entry with a list as ls prints it, with the numbers of the sample's users. */
function on(entry: Entry, ...lines: string[]): Entry {
  const acl = lines.map((line, at) => {
    const ace = parseAceLine(` ${at}: ${line}`) as DarwinAce;
    if ("unread" in ace || !("name" in ace.principal)) return ace;
    const id = ids[ace.principal.name];
    return id === undefined ? ace : { ...ace, principal: { ...ace.principal, id } as DarwinAce["principal"] };
  });
  return { ...entry, darwin: { acl, flags: [] } };
}

describe("acl-denies", () => {
  test.each([
    [
      "a deny of delete on a file, which ls -l does not show",
      "cache/download/example.com/alpha/@v/list",
      on(file(0o666), "group:everyone deny delete"),
    ],
    ["one of adding to a directory", "cache/download", on(dir(0o777), "group:devs deny add_file")],
    [
      "one that is inherited, for the owner too",
      "example.com",
      on(dir(0o755, { uid: 1001 }), "user:bob inherited deny search"),
    ],
    [
      "one of writing what go rewrites",
      "cache/download/example.com/alpha/@v/v1.0.0.lock",
      on(file(0o666), "user:bob deny write"),
    ],
    ["one of reading", "example.com/alpha@v1.0.0/a.go", on(file(0o444), "user:bob deny read")],
  ])("fires: %s", (_, path, entry) => {
    expect(run(aclDenies, [seen(path, entry)], facts)?.count).toBe(1);
  });

  test.each([
    ["no list", "cache", dir(0o700)],
    ["an allow", "cache", on(dir(0o700), "user:bob allow list,search")],
    ["a deny for somebody else", "cache", on(dir(0o755), "user:alice deny search,delete")],
    ["an allow before it", "cache", on(dir(0o755), "user:bob allow delete", "group:everyone deny delete")],
    ["a deny of what go does not do", "cache/lock", on(file(0o666), "group:everyone deny chown,writesecurity,execute")],
    [
      "writing a file that go never rewrites",
      "example.com/alpha@v1.0.0/a.go",
      on(file(0o444), "group:everyone deny write"),
    ],
    ["one that is only handed on", "cache", on(dir(0o755), "group:everyone deny delete,file_inherit,only_inherit")],
    ["a name that nobody has", "cache", on(dir(0o755), "user:gone deny delete")],
    ["a line of an unknown form", "cache", on(dir(0o755), "user:bob denies delete")],
  ])("is silent: %s", (_, path, entry) => {
    expect(run(aclDenies, [seen(path, entry)], facts)).toBeUndefined();
  });

  test("is silent for root, who is not asked for lists", () => {
    const root = factsFor(subject(0), dir(0o755), { platform: "darwin" });
    expect(run(aclDenies, [seen("cache", on(dir(0o755), "group:everyone deny search"))], root)).toBeUndefined();
  });

  test("says what it stops, and takes only that entry from only that path", () => {
    const path = "cache/download/it's";
    const draft = run(
      aclDenies,
      [seen(path, on(dir(0o755), "user:alice deny search", "group:everyone deny delete"))],
      facts,
    );
    expect(draft).toMatchObject({
      subject: "bob (1001)",
      why: expect.stringContaining("entry 1 of its ACL: group:everyone deny delete"),
      fixes: [{ disposition: "unsafe", command: `sudo chmod -a# 1 '/srv/go/mod/cache/download/it'\\''s'` }],
    });
    expect(draft?.why).toContain("go clean -modcache");
  });

  test("shows a few commands of many, and says so", () => {
    const many = Array.from({ length: 9 }, (_, at) =>
      seen(`cache/${at}`, on(dir(0o755, { uid: 1001 }), "user:bob deny list")),
    );
    const [fix] = run(aclDenies, many, facts)?.fixes ?? [];
    expect(fix?.title).toContain("first 5");
    expect(fix?.command.split(" && ")).toHaveLength(5);
    expect(fix?.command).not.toContain("sudo");
  });
});

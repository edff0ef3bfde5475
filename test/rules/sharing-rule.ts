// What the tests of the rules about files that go writes again have in common: lists, hashes and locks are shared or not in the same cases.
import { describe, expect, test } from "vitest";
import type { EntryRule } from "../../src/rules/rule.ts";
import { devsAcl, dir, factsFor, file, run, seen, subject } from "./sample-cache.ts";

const facts = factsFor(subject(1001), dir(0o755));

/** @param name of a file in `@v` that the rule looks at */
export function testSharingRule(
  id: string,
  rule: EntryRule,
  name: string,
  expected: { readonly message: string; readonly command: string },
): void {
  const path = `cache/download/example.com/alpha/@v/${name}`;
  describe(id, () => {
    test.each([
      ["0644 in a setgid share", seen(path, file(0o644, { gid: 3000 }), dir(0o2775, { gid: 3000 }))],
      ["0664 of another group in a setgid share", seen(path, file(0o664), dir(0o2775, { gid: 3000 }))],
      [
        "0644 where the ACL lets the group write",
        seen(
          path,
          file(0o644, { acl: { ...devsAcl, mask: 4 } }),
          dir(0o2775, { gid: 3000, acl: devsAcl, defaultAcl: devsAcl }),
        ),
      ],
      [
        "0644 without ACL where the ACL lets the group write",
        seen(path, file(0o644, { gid: 3000 }), dir(0o2775, { gid: 3000, acl: devsAcl, defaultAcl: devsAcl })),
      ],
      ["0644 in a directory that everybody writes", seen(path, file(0o644), dir(0o777))],
      [
        "root's file in the user's directory",
        seen(path, file(0o644, { uid: 0, gid: 0 }), dir(0o755, { uid: 1001, gid: 1001 })),
      ],
      [
        "an ACL that lets a user write the directory only",
        seen(
          path,
          file(0o644),
          dir(0o775, {
            acl: { owner: 7, users: new Map([[1001, 7]]), group: 5, groups: new Map(), mask: 7, other: 5 },
          }),
        ),
      ],
    ])("fires: %s", (_, at) => {
      expect(run(rule, [at], facts)?.count).toBe(1);
    });

    test.each([
      ["0664 in a setgid share", seen(path, file(0o664, { gid: 3000 }), dir(0o2775, { gid: 3000 }))],
      [
        "as the default ACL makes it",
        seen(
          path,
          file(0o664, { acl: { ...devsAcl, mask: 6 } }),
          dir(0o2775, { gid: 3000, acl: devsAcl, defaultAcl: devsAcl }),
        ),
      ],
      ["0666 in a directory that everybody writes", seen(path, file(0o666), dir(0o777))],
      ["0644 in a private directory", seen(path, file(0o644), dir(0o755))],
      ["0644 in a directory of the user's private group", seen(path, file(0o644), dir(0o775))],
      [
        "an ACL that lets the same user write both",
        seen(
          path,
          file(0o664, {
            acl: { owner: 6, users: new Map([[1001, 6]]), group: 4, groups: new Map(), mask: 6, other: 4 },
          }),
          dir(0o775, {
            acl: { owner: 7, users: new Map([[1001, 7]]), group: 5, groups: new Map(), mask: 7, other: 5 },
          }),
        ),
      ],
      [
        "another kind of file",
        seen("cache/download/example.com/alpha/@v/v1.0.0.zip", file(0o644, { gid: 3000 }), dir(0o2775, { gid: 3000 })),
      ],
    ])("is silent: %s", (_, at) => {
      expect(run(rule, [at], facts)).toBeUndefined();
    });

    test("says what is wrong, who is hurt, and the command", () => {
      expect(rule.id).toBe(id);
      const draft = run(rule, [seen(path, file(0o644, { gid: 3000 }), dir(0o2775, { gid: 3000 }))], facts);
      expect(draft?.message).toBe(expected.message);
      expect(draft?.paths).toHaveLength(1);
      expect(draft?.fixes.map(({ command }) => command)).toEqual([expected.command]);
    });

    test.each([
      ["another group", file(0o664), dir(0o2775, { gid: 3000 })],
      [
        "an ACL",
        file(0o644, { acl: { ...devsAcl, mask: 4 } }),
        dir(0o2775, { gid: 3000, acl: devsAcl, defaultAcl: devsAcl }),
      ],
      ["everybody's directory", file(0o644), dir(0o777)],
      ["root's file", file(0o644, { uid: 0, gid: 0 }), dir(0o755, { uid: 1001, gid: 1001 })],
    ])("the fix fits the case: %s", (_, at, parent) => {
      const draft = run(rule, [seen(path, at, parent)], facts);
      expect(draft?.fixes).toMatchSnapshot();
    });
  });
}

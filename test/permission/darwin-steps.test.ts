// Steps from one list to another, played by what chmod(1) says of each.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { DarwinAce, DarwinAcl, DarwinInheritance, DarwinRight } from "../../src/permission/darwin-acl.ts";
import {
  aclSteps,
  aclsOnTheWay,
  afterStep,
  chmodArguments,
  darwinAclLines,
  parseDarwinAclLines,
  sameDarwinAcl,
} from "../../src/permission/darwin-steps.ts";

const ace: fc.Arbitrary<DarwinAce> = fc.record({
  kind: fc.constantFrom("allow" as const, "deny" as const),
  principal: fc.constantFrom<DarwinAce["principal"]>(
    { kind: "everyone" },
    { kind: "user", name: "alice" },
    { kind: "group", name: "dev tools" },
  ),
  rights: fc
    .uniqueArray(fc.constantFrom<DarwinRight>("read", "write", "delete", "append"), { minLength: 1 })
    .map((all) => new Set(all)),
  inherits: fc
    .uniqueArray(fc.constantFrom<DarwinInheritance>("file_inherit", "only_inherit"))
    .map((all) => new Set(all)),
  inherited: fc.boolean(),
});
const acl: fc.Arbitrary<DarwinAcl> = fc.array(ace, { maxLength: 6 });

test("the steps lead from one list to the other, and what both begin and end with is not touched", () => {
  fc.assert(
    fc.property(acl, acl, (from, to) => {
      const steps = aclSteps(from, to);
      const end = steps.reduce<DarwinAcl>(afterStep, from);
      expect(darwinAclLines(end)).toEqual(darwinAclLines(to));
      expect(aclsOnTheWay(from, to)).toHaveLength(steps.length + 1);
      expect(aclSteps(to, to)).toEqual([]);
    }),
  );
});

test("a list as JSON holds it is the same list again", () => {
  fc.assert(fc.property(acl, (list) => sameDarwinAcl(parseDarwinAclLines(darwinAclLines(list)), list)));
  expect(() => parseDarwinAclLines(["group:staff may read"])).toThrow(SyntaxError);
});

test("the arguments of chmod", () => {
  const [deny] = parseDarwinAclLines(["group:everyone deny delete"]);
  const [inherited] = parseDarwinAclLines(["group:dev tools inherited allow list,add_file,file_inherit"]);
  expect(chmodArguments({ kind: "remove", at: 2 }, true)).toEqual(["-a#", "2"]);
  expect(chmodArguments({ kind: "insert", at: 0, ace: deny as DarwinAce }, false)).toEqual([
    ...["+a#", "0", "group:everyone deny delete"],
  ]);
  expect(chmodArguments({ kind: "insert", at: 1, ace: inherited as DarwinAce }, true)).toEqual([
    ...["+ai#", "1", "group:dev tools:allow:list,add_file,file_inherit"],
  ]);
  expect(() => chmodArguments({ kind: "insert", at: 0, ace: { unread: "new words" } }, true)).toThrow(/unknown form/);
});

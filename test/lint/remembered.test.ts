import { expect, it } from "vitest";
import { Remembered } from "../../src/lint/remembered.ts";

it("is unseen, one's own, and not copied", () => {
  const [one, other] = [new Remembered<object, number>(), new Remembered<object, number>()];
  const key = { name: "key" };
  expect(one.get(key)).toBe(undefined);
  one.set(key, 1);
  one.set(key, 2);
  expect([one.get(key), other.get(key), one.get({ ...key })]).toEqual([2, undefined, undefined]);
  expect([JSON.stringify(key), Object.keys(key), structuredClone(key)]).toEqual(['{"name":"key"}', ["name"], key]);
});

import { expect, it } from "vitest";
import { grouped } from "../../src/finding/number.ts";

it.each([
  [0, "0"],
  [999, "999"],
  [1000, "1,000"],
  [544437, "544,437"],
  [12345678, "12,345,678"],
])("%i is written %s", (count, text) => {
  expect(grouped(count)).toBe(text);
});

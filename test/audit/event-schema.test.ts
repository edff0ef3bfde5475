import { readFileSync } from "node:fs";
import { expect, expectTypeOf, test } from "vitest";
import * as z from "zod/mini";
import type { AuditEvent } from "../../src/audit/event.ts";
import { eventDocument, eventSchema } from "../../src/audit/event-schema.ts";

test("schema/event.v1.json is what the source says (npm run schema)", () => {
  const file = readFileSync(new URL("../../schema/event.v1.json", import.meta.url), "utf8");
  expect(JSON.parse(file)).toEqual(JSON.parse(JSON.stringify(eventSchema())));
});

test("the types of the program and the schema agree on the events", () => {
  expectTypeOf<AuditEvent["event"]>().toEqualTypeOf<z.infer<typeof eventDocument>["event"]>();
  const event: AuditEvent = {
    schemaVersion: 1,
    time: "2026-11-24T06:59:28.084Z",
    traceId: "1e1761e239faaa041080423b9c1b3d09",
    spanId: "09ef87480ce42a4c",
    event: "module-accessed",
    parentSpanId: "10502d95462036fe",
    module: "example.com/beta",
    version: "v1.2.0",
    what: "zip",
    hit: false,
    source: "https://proxy.example.org",
    duration: 53.791,
    bytes: 349,
    status: 200,
  };
  expect(z.parse(eventDocument, event)).toEqual(event);
  expect(z.safeParse(eventDocument, { ...event, spanId: "XYZ" }).success).toBe(false);
  expect(z.safeParse(eventDocument, { ...event, what: "tree" }).success).toBe(false);
});

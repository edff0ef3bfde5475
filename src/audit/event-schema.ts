// The lines of the event file, version 1, as a schema. schema/event.v1.json is made from it, and the types of event.ts must agree with it.
// Fields may be added within a version; none is removed, renamed or given another meaning. Never imported while the program runs.
import * as z from "zod/mini";
import { categories } from "../causes/cause.ts";
import { count, described, named, text } from "../report/schema-parts.ts";

const hexadecimal = (digits: number, description: string) =>
  described(z.string().check(z.regex(new RegExp(`^[0-9a-f]{${digits}}$`))), description);
const head = {
  schemaVersion: z.literal(1),
  time: text("RFC 3339 with milliseconds, UTC: when it was written down."),
  traceId: hexadecimal(32, "W3C Trace Context; that of TRACEPARENT, if there was one."),
  spanId: hexadecimal(16, "The span that this event begins, is, or ends."),
  shortened: z.optional(
    described(z.literal(true), "Present if long texts and lists were cut so that the line stays short."),
  ),
};
const parent = hexadecimal(16, "The span above it.");
const milliseconds = (description: string) =>
  described(z.number().check(z.nonnegative()), `${description}, in milliseconds.`);
const failing = categories.filter((category) => category !== "none");
const coarse = z.enum(["fs", "net", "sum"]);
const attempt = described(z.int().check(z.positive()), "Counted from 1; 2 is the first retry.");

const cause = named(
  "Cause",
  z.object({
    category: z.enum(failing),
    subcategory: text("Kebab case."),
    coarse: z.optional(coarse),
    disposition: z.enum(["retry", "fix-environment", "fix-repository", "none"]),
    confidence: z.enum(["certain", "likely"]),
    message: text("What failed and why, in one sentence."),
    evidence: z.object({ line: count("Counted from 1."), text: text("As the command printed it.") }),
    paths: described(z.array(z.string()), "Absolute; the deciding one first."),
    module: z.optional(z.object({ path: z.string(), version: z.optional(z.string()) })),
    where: described(z.enum(["here", "server"]), "Whose machine it happened on."),
    remedies: z.array(z.object({ text: z.string(), command: z.optional(z.string()), weakens: z.optional(z.string()) })),
  }),
  "Why a command failed.",
);

const started = named(
  "CommandStarted",
  z.object({
    ...head,
    event: z.literal("command-started"),
    parentSpanId: z.optional(parent),
    argv: z.array(z.string()),
    cwd: z.string(),
    pid: z.int(),
    user: z.object({ uid: z.int(), gid: z.int() }),
    modcache: z.optional(text("GOMODCACHE.")),
    goVersion: z.optional(text("1.26.8")),
    cicd: described(z.record(z.string(), z.string()), "OpenTelemetry's cicd.* and vcs.* attributes of the CI job."),
    attempt,
  }),
  "A command was started: its span begins.",
);

const accessed = named(
  "ModuleAccessed",
  z.object({
    ...head,
    event: z.literal("module-accessed"),
    parentSpanId: parent,
    module: text("The module's path; for what is of a checksum database alone, the database's name."),
    version: z.optional(z.string()),
    what: z.enum(["list", "latest", "info", "mod", "zip", "sumdb", "module"]),
    hit: described(z.boolean(), "True if no fetch was needed: deduced, where fetches are seen."),
    source: text("cache, vcs, unknown, or the origin of the proxy that answered."),
    duration: milliseconds("From the request to the end of the answer"),
    bytes: z.optional(count("Of the body, as it was sent.")),
    status: z.optional(z.int()),
    error: z.optional(z.object({ category: z.enum(failing), coarse: z.optional(coarse), message: z.string() })),
  }),
  "A module version, or a list of versions, was read or fetched: a span of its own, which ends now.",
);

const ended = named(
  "CommandEnded",
  z.object({
    ...head,
    event: z.literal("command-ended"),
    attempt,
    exitCode: z.optional(described(z.int(), "Absent if a signal ended it.")),
    signal: z.optional(described(z.string(), "SIGKILL; absent if it exited.")),
    duration: milliseconds("How long it ran"),
    causes: described(z.array(cause), "The root cause first; empty for a success or a failure of the program's own."),
  }),
  "The command has ended: its span ends.",
);

export const eventDocument = z.union([started, accessed, ended]);

/** The JSON Schema (2020-12) of a line. */
export function eventSchema(): object {
  return {
    title: "gomodcache event, version 1",
    ...z.toJSONSchema(eventDocument, { target: "draft-2020-12", io: "input" }),
  };
}

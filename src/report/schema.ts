// The documents of `--json`, version 1, as schemas. schema/report.v1.json is made from them, and the types of json.ts.
// Fields may be added within a version; none is removed, renamed or given another meaning.
// Never imported while the program runs: only types come from here, so that a start does not pay for zod.
import * as z from "zod/mini";
import { classifyDocument } from "./classify-schema.ts";
import { repairDocument, undoListDocument } from "./repair-schema.ts";
import { routeDocument, routePlanDocument } from "./route-schema.ts";
import { finding, fix } from "./schema-finding.ts";
import { count, described, head, named, text, verdict } from "./schema-parts.ts";
import { traceDocument } from "./trace-schema.ts";

const asks = ["read", "write", "execute", "create", "delete", "rename", "chmod", "chown", "lock"] as const;
const skipped = named(
  "Skipped",
  z.object({ rule: z.string(), reason: z.string() }),
  "A rule that could not look, and why.",
);

const operation = named(
  "Operation",
  z.object({ operation: z.string(), verdict: verdict("Whether it would succeed."), message: z.string() }),
  "What a go command would do.",
);

export const reportDocument = named(
  "Report",
  z.object({
    ...head,
    target: text("What was looked at: a module cache or a project."),
    verdict: described(
      z.enum(["healthy", "findings", "incomplete"]),
      "incomplete: nothing was found, but something could not be inspected.",
    ),
    findings: described(z.array(finding), "The worst first."),
    skipped: z.array(skipped),
    hosts: z.optional(
      described(
        z.array(z.object({ kind: text("Such as openshift or gitlab-runner."), evidence: text("What tells it.") })),
        "What kinds of host doctor recognised; absent if none.",
      ),
    ),
    suppressed: z.optional(count("Findings that an ignore with a reason holds back.")),
    operations: z.optional(described(z.array(operation), "Present if one project was looked at.")),
    stats: z.object({
      entries: count("Entries that were looked at; for verify and lint, files that were read."),
      seconds: z.number(),
    }),
  }),
  "What doctor, verify and lint say.",
);

const subject = named(
  "Subject",
  z.object({
    uid: z.int(),
    gid: z.int(),
    groups: described(z.array(z.int()), "Supplementary groups."),
    umask: text("Octal, four digits."),
  }),
  "The user that is asked about.",
);

export const canDocument = named(
  "Can",
  z.object({
    ...head,
    operation: text("The operation that was asked about, such as build or download."),
    subject,
    verdict: verdict("Whether the subject can."),
    reasons: described(
      z.array(
        z.object({
          path: text("What go needs."),
          need: text("What of it: read, create, be fetched, …"),
          denied_by: described(
            z.nullable(z.object({ path: z.string(), by: z.string(), because: z.string() })),
            "The path component that refuses, the rule that decides, and its words; null if nothing refuses but something is missing or unknown.",
          ),
          message: z.string(),
        }),
      ),
      "Empty if the verdict is yes. The first is what go would trip over first.",
    ),
    warnings: described(
      z.array(z.string()),
      "What the answer rests on, and what go would complain about and still succeed.",
    ),
  }),
  "What can says.",
);

const explanation = {
  path: text("The path that was asked about."),
  need: z.enum(asks),
  subject,
  verdict: verdict("Whether the subject may."),
  chain: described(
    z.array(
      z.object({
        path: z.string(),
        owner: z.string(),
        group: z.string(),
        mode: text("As ls -l shows it; empty for what does not exist."),
        acl: z.optional(text("In the short form of setfacl.")),
        mount: z.optional(text("Type and options, on the first component below a mount point.")),
        need: z.enum([...asks, "exist"]),
        verdict: z.enum(["yes", "no", "unknown"]),
        because: z.string(),
      }),
    ),
    "The path component by component, from the root.",
  ),
  kernel: described(
    z.union([
      z.object({ asked: z.literal(true), allowed: z.boolean(), agrees: z.boolean() }),
      z.object({ asked: z.literal(false), reason: z.string() }),
    ]),
    "What the kernel said when a process of the subject tried, or why it was not asked.",
  ),
  fixes: z.array(fix),
};

export const whyDocument = named("Why", z.object({ ...head, ...explanation }), "What why says.");

export const tracedDocument = traceDocument(
  named("Explanation", z.object(explanation), "The answer of why, without the head of a document."),
);

export const errorDocument = named(
  "Error",
  z.object({ ...head, error: z.object({ message: text("What is wrong."), hint: text("What to do about it.") }) }),
  "A command that could not do its work.",
);

/** The JSON Schema (2020-12) of every document. Additional properties are allowed: later versions of the tool add some. */
export function jsonSchema(): object {
  const documents = z.union([
    reportDocument,
    canDocument,
    routeDocument,
    routePlanDocument,
    whyDocument,
    repairDocument,
    undoListDocument,
    classifyDocument,
    errorDocument,
    tracedDocument,
  ]);
  return {
    title: "gomodcache report, version 1",
    ...z.toJSONSchema(documents, { target: "draft-2020-12", io: "input" }),
  };
}

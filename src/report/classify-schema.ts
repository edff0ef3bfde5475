// The document of `classify`.
import * as z from "zod/mini";
import { categories } from "../causes/cause.ts";
import { count, described, head, named, text } from "./schema-parts.ts";

const evidence = z.object({
  line: described(z.int().check(z.positive()), "Counted from 1."),
  text: text("The line as its program printed it, without what a CI system put before it."),
});
const remedy = z.object({
  text: text("One sentence."),
  command: z.optional(text("For a POSIX shell.")),
  weakens: z.optional(text("What it costs in security.")),
});
const disposition = z.enum(["retry", "fix-environment", "fix-repository", "none"]);
const confidence = z.enum(["certain", "likely"]);
const coarse = described(
  z.enum(["fs", "net", "sum"]),
  "Permission and disk, unreachable, mismatch; absent for what is none of them.",
);

const cause = named(
  "Cause",
  z.object({
    category: z.enum(categories.filter((category) => category !== "none")),
    subcategory: z.string(),
    coarse: z.optional(coarse),
    disposition,
    confidence,
    message: text("What failed and why, in one sentence."),
    evidence,
    paths: described(z.array(z.string()), "Absolute paths that the evidence names, the deciding one first."),
    module: z.optional(z.object({ path: z.string(), version: z.optional(z.string()) })),
    where: described(z.enum(["here", "server"]), "Whose machine it happened on."),
    remedies: z.array(remedy),
  }),
  "A root cause of a failed go command.",
);

export const classifyDocument = named(
  "Classification",
  z.object({
    ...head,
    category: z.enum(categories),
    subcategory: z.string(),
    coarse: z.optional(coarse),
    disposition,
    confidence,
    evidence: described(z.nullable(evidence), "Of the first cause; without one, of what the log is about."),
    paths: z.array(z.string()),
    remedy: described(z.nullable(remedy), "The first of the first cause."),
    causes: described(z.array(cause), "The root cause first; empty for category none."),
    lines: count("Lines that were read."),
  }),
  "What classify says. The fields at the top are those of the first cause.",
);

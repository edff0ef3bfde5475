// A finding, as several documents have it.
import * as z from "zod/mini";
import { count, described, named, text } from "./schema-parts.ts";

const path = named(
  "Path",
  z.object({
    path: text("Absolute. Bytes that are not UTF-8 are written as \\xNN."),
    owner: text("The owner's name, or the UID if it has none; empty if the path does not exist."),
    group: text("The group's name, or the GID if it has none; empty if the path does not exist."),
    mode: text("As ls -l shows it, with + for an ACL; empty if the path does not exist."),
  }),
  "An entry that a finding is about.",
);

const region = {
  line: count("From 1."),
  column: count("From 1, in UTF-16 code units."),
  endLine: count("From 1."),
  endColumn: count("From 1; the column after the last one."),
};

const location = named(
  "Location",
  z.object({ file: text("Relative to the repository."), ...region }),
  "Where a finding is written.",
);

const edit = named(
  "Edit",
  z.object({
    start: count("Offset in UTF-16 code units."),
    end: count("Offset after the last unit that is replaced."),
    text: text("What is put there."),
    ...region,
  }),
  "A replacement in the file of the finding's location.",
);

export const fix = named(
  "Fix",
  z.object({
    title: text("What the command does."),
    disposition: described(
      z.enum(["safe", "unsafe"]),
      "unsafe: it deletes something, or changes who may do what beyond the finding.",
    ),
    command: text("For a POSIX shell; empty if only an editor can do it."),
    edits: z.optional(described(z.array(edit), "What lint --fix does, in order, none overlapping another.")),
  }),
  "A remedy.",
);

export const finding = named(
  "Finding",
  z.object({
    rule: text("The rule's id; gomodcache explain RULE tells about it."),
    severity: described(
      z.enum(["error", "warning", "advice"]),
      "error: a go command will fail for somebody. warning: works, but unsafe or fragile. advice: could be better.",
    ),
    confidence: z.enum(["certain", "likely"]),
    message: text("What is wrong, and who is hurt, in one sentence."),
    paths: described(z.array(path), "Examples, the worst first."),
    count: count("How many entries, modules or settings have it."),
    truncated: z.optional(described(z.literal(true), "Present if there are more paths than are listed.")),
    subject: z.optional(text("Who is hurt.")),
    why: z.optional(text("How it came to be, or why it hurts.")),
    fixes: z.array(fix),
    location: z.optional(location),
    docs: text("The rule's page: a URL, or a path in the project."),
  }),
  "One cause, however many entries it hurts.",
);

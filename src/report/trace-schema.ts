// The document of `trace`.
import * as z from "zod/mini";
import { count, described, head, named, text } from "./schema-parts.ts";

/** @param why the document of `why`, which this one repeats without its head */
export function traceDocument<T extends z.core.$ZodType>(why: T) {
  const denial = named(
    "Denial",
    z.object({
      call: text("The system call, such as openat."),
      errno: text("EACCES, EPERM, EROFS, or what was asked for."),
      path: text("Absolute, or relative where it started could not be told."),
      cut: z.optional(described(z.literal(true), "The tracer did not tell the whole path.")),
      wanted: text("What the call needs: read, write, create, look (to reach it), open (to write it or make it), …"),
      process: z.object({
        pid: z.optional(z.int()),
        name: z.optional(text("The name of the program (comm).")),
        argv: z.optional(z.array(z.string())),
      }),
      inside: z.optional(text("The path as the process sees it, if that is another one: in a container, say.")),
      count: count("How often."),
      first: z.optional(text("RFC 3339, or seconds as a saved trace counts them.")),
      area: z.optional(text("What the path is to go: module cache, build cache, …")),
      kind: z.optional(text("What the entry of the module cache is to go: mod, zip, lock, …")),
    }),
    "One call on one path.",
  );
  const finding = named(
    "TraceFinding",
    z.object({
      role: described(
        z.enum(["cause", "effect", "ignored", "unclear"]),
        "cause: it led to the failure. effect: it came of a cause. ignored: go goes on without. unclear: it cannot be told.",
      ),
      said: described(z.boolean(), "Whether what the command printed names one of the paths."),
      note: z.optional(text("What go makes of such a refusal.")),
      credentials: described(
        z.enum(["process", "inherited", "unknown"]),
        "process: read while it lived. inherited: it could have no others than it started with. unknown: taken for granted.",
      ),
      capabilities: described(z.array(z.string()), "Of the process, those of capabilities(7) that bear on files."),
      why: described(why, "The permission chain of the first path as it is after the command, and the fixes."),
      denials: z.array(denial),
      count: count("Refused calls in all."),
    }),
    "Refusals with one reason.",
  );
  return named(
    "Trace",
    z.object({
      ...head,
      argv: described(z.array(z.string()), "The command; empty if there was none."),
      target: z.optional(text("What was looked at instead of a command.")),
      backend: z.enum(["strace", "bpftrace", "strace-file"]),
      exitCode: z.optional(z.int()),
      signal: z.optional(z.string()),
      cache: text("GOMODCACHE; empty if unset."),
      findings: described(z.array(finding), "What led to the failure first."),
      elsewhere: count("Denied calls on what go does not use, which are not listed."),
      notes: z.array(z.string()),
    }),
    "What trace says.",
  );
}

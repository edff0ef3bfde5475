// The documents of `init`, `fix` and `undo`.
import * as z from "zod/mini";
import { count, described, head, named, text } from "./schema-parts.ts";

const metadata = named(
  "Metadata",
  z.object({
    uid: z.int(),
    gid: z.int(),
    mode: text("Octal, four digits, or five with setuid, setgid or sticky."),
    acl: z.optional(text("In the short form of setfacl.")),
    defaultAcl: z.optional(text("In the short form of setfacl.")),
    aces: z.optional(
      described(z.array(z.string()), "On macOS: the access control list, an entry each as ls -le prints it."),
    ),
    flags: z.optional(described(z.array(z.string()), "On macOS: the flags of chflags.")),
  }),
  "Owner, group, mode and ACLs of an entry.",
);

const repair = named(
  "Repair",
  z.object({
    path: z.string(),
    kind: text("What the entry is to Go: zip, lock, source-file, …"),
    from: metadata,
    to: metadata,
    reason: text("What departs from the contract."),
  }),
  "One change to one entry.",
);

export const repairDocument = named(
  "RepairPlan",
  z.object({
    ...head,
    root: text("The module cache, without links."),
    contract: z.optional(
      described(
        z.object({
          name: z.enum(["private", "group", "readonly"]),
          uid: z.int(),
          gid: z.int(),
          umask: text("Octal."),
        }),
        "Absent for undo, which goes by the journal of a run.",
      ),
    ),
    plan: described(
      z.array(repair),
      "What departs from the contract, or from what undo gives back, and can be changed by this user.",
    ),
    beyond: described(z.array(repair), "What departs and somebody with more rights has to change."),
    removals: described(
      z.array(z.object({ path: z.string(), rule: text("The rule that tells why."), unsafe: z.boolean() })),
      "Broken contents to be removed, so that go makes them anew; unsafe if it may not be able to.",
    ),
    refused: described(
      z.array(z.object({ path: z.string(), reason: z.string(), uid: z.int() })),
      "What is left alone, and why.",
    ),
    staying: described(z.array(z.string()), "Why some of the broken contents stay."),
    unseen: described(z.array(z.string()), "What could not be looked at."),
    closed: described(
      z.array(
        z.object({
          path: z.string(),
          mode: text("As ls -l shows it."),
          because: z.string(),
          commands: described(z.array(z.string()), "Each of them would let the owner through."),
        }),
      ),
      "Directories above the cache that do not let its owner in.",
    ),
    applied: z.optional(
      described(
        z.object({
          id: z.optional(text("For gomodcache undo.")),
          changed: count("Entries that were changed."),
          removed: count("Broken files and trees that were removed."),
          skipped: count("Entries that were not what was planned for."),
          failed: count("Entries that could not be changed."),
          troubles: z.array(
            z.object({
              path: z.string(),
              status: z.enum(["skipped", "failed"]),
              reason: z.string(),
              code: z.optional(z.string()),
            }),
          ),
        }),
        "Absent if nothing was carried out.",
      ),
    ),
    wslConf: z.optional(
      described(
        z.object({
          path: z.string(),
          edit: text("As a unified diff; empty if there is nothing to change."),
          refused: z.optional(text("Why it was left as it is.")),
          written: z.boolean(),
          backup: z.optional(text("Where the text of before is.")),
          restart: described(z.boolean(), "Whether WSL has to be restarted."),
        }),
        "How WSL mounts the Windows drives: only if fix was asked about it, or if the cache is on such a drive.",
      ),
    ),
    stats: z.object({ entries: count("Entries that were looked at.") }),
  }),
  "What init, fix and undo plan and do.",
);

export const undoListDocument = named(
  "Runs",
  z.object({
    ...head,
    runs: described(
      z.array(
        z.object({
          id: z.string(),
          command: text("The command that made the changes."),
          root: z.string(),
          started: text("ISO 8601."),
          entries: count("Entries that it was about to change."),
          state: described(z.enum(["done", "cut off", "undone"]), "cut off: it was killed, and may have changed less."),
          undoes: z.optional(text("The run that this one took back.")),
        }),
      ),
      "The newest first.",
    ),
    damaged: described(z.array(z.string()), "Journals that cannot be used, and why."),
  }),
  "What undo --list says.",
);

// What the schemas of all documents are made of. Like them it is never imported while the program runs.
import * as z from "zod/mini";

export const described = <T extends z.core.$ZodType>(schema: T, description: string): T => {
  z.globalRegistry.add(schema, { description });
  return schema;
};
export const named = <T extends z.core.$ZodType>(id: string, schema: T, description: string): T => {
  z.globalRegistry.add(schema, { id, description });
  return schema;
};
export const text = (description: string) => described(z.string(), description);
export const count = (description: string) => described(z.int().check(z.nonnegative()), description);
export const verdict = (description: string) => described(z.enum(["yes", "no", "unknown"]), description);

export const head = {
  schemaVersion: z.literal(1),
  tool: z.object({ name: z.literal("gomodcache"), version: z.string() }),
  command: text("The command that made the document."),
};

// The documents of `route`.
import * as z from "zod/mini";
import { finding } from "./schema-finding.ts";
import { described, head, named, text } from "./schema-parts.ts";

const match = z.object({
  variable: text("GOPRIVATE, GONOPROXY or GONOSUMDB."),
  pattern: text("The first pattern of it that matches."),
});

const credentials = described(
  z.object({
    from: z.enum(["address", "netrc", "GOAUTH", "unknown", "refused", "none"]),
    detail: z.optional(text("The user, the machine, the command, or the reason.")),
  }),
  "refused: go stops, since it sends no password without https.",
);

const when = described(
  z.enum(["first", "not-found", "any-error"]),
  "When it is asked: if the one before answered 404 or 410, or failed in any way.",
);

const ask = z.object({
  kind: described(z.enum(["proxy", "origin", "off"]), "off: go stops there."),
  when,
  address: z.optional(text("Of a proxy; passwords are xxxxx.")),
  vcs: z.optional(text("What GOVCS lets go run for the origin.")),
  insecure: z.optional(described(z.boolean(), "GOINSECURE allows http and certificates that nobody signed.")),
  credentials: z.optional(credentials),
});

const check = z.object({
  kind: described(
    z.enum(["database", "none", "refused"]),
    "For content that is not in go.sum: database; none: it is taken as it comes; refused: go stops.",
  ),
  database: z.optional(z.string()),
  through: z.optional(
    described(
      z.array(z.object({ address: z.string(), when })),
      "Proxies that are asked to pass the database on, in order.",
    ),
  ),
  address: z.optional(text("Asked if no proxy passes it on.")),
  because: z.optional(text("Why the database is not asked, or what go says.")),
});

const route = named(
  "Route",
  z.object({
    module: z.string(),
    noProxy: z.optional(match),
    nobody: z.optional(text("Why nobody is asked.")),
    asks: described(z.array(ask), "In order."),
    check,
  }),
  "Where go fetches a module from that is not in the cache, and what checks it.",
);

export const routeDocument = named(
  "RouteAnswer",
  z.object({ ...head, routes: z.array(route), findings: z.array(finding) }),
  "What route says.",
);

export const routePlanDocument = named(
  "RoutePlan",
  z.object({
    ...head,
    changes: z.array(
      z.object({
        name: text("A variable of go."),
        value: z.nullable(text("null: back to go's default.")),
        because: z.string(),
        command: text("For a POSIX shell."),
      }),
    ),
  }),
  "What route --plan says.",
);

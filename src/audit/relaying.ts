// Decides about the relay for one run, and starts it. Whatever goes wrong with it, the command runs: without a relay then.
import type { GoFacts } from "../facts/facts.ts";
import type { Environment } from "../host/container.ts";
import { netrcHosts } from "../host/netrc.ts";
import { unreachable } from "../relay/failure.ts";
import { type LeftAlone, planRelay, type RelayEntry } from "../relay/plan.ts";
import { AddressRewriter } from "../relay/rewrite.ts";
import type { Relay, Seen } from "../relay/server.ts";
import { wayTo } from "../relay/way.ts";

/** By this variable a run within a run knows that it is observed already. */
export const relayVariable = "GOMODCACHE_RELAY";

export interface Relaying {
  readonly relay?: Relay;
  /** What the command's environment gets. */
  readonly variables: Readonly<Record<string, string>>;
  readonly entries: readonly RelayEntry[];
  readonly leftAlone: readonly LeftAlone[];
  /** Why there is no relay, if there is none. */
  readonly none?: string;
  /** The same, if there should have been one. */
  readonly broken?: string;
}

/** @param onSeen is told of each request when it is over */
export async function startRelaying(go: GoFacts, env: Environment, onSeen: (seen: Seen) => void): Promise<Relaying> {
  const nothing = { variables: {}, entries: [], leftAlone: [] };
  const goproxy = go.env["GOPROXY"] ?? "";
  const outer = env[relayVariable];
  if (outer && goproxy.includes(outer)) return { ...nothing, none: "another run around this one observes the fetches" };
  if (goproxy === "") return { ...nothing, none: "GOPROXY is not known" };
  const hosts = netrcHosts(env);
  const plan = planRelay({
    goproxy,
    goauth: env["GOAUTH"] || go.env["GOAUTH"] || "",
    netrcHosts: hosts ?? new Set(),
    ...(process.platform === "linux" ? {} : { noTls: "go checks certificates with the system here" }),
    ...(hosts === undefined ? { noTls: "netrc cannot be read" } : {}),
    noWay: (url) => {
      const way = wayTo(url, env);
      return "unusable" in way ? way.unusable : undefined;
    },
  });
  const { entries, leftAlone } = plan;
  if (entries.length === 0) {
    const why = leftAlone.length > 0 ? "every proxy of GOPROXY is left alone" : "GOPROXY names no http proxy";
    return { ...nothing, leftAlone, none: why };
  }
  try {
    // It brings node's http and TLS with it, which take longer to load than a short command runs.
    const { startRelay } = await import("../relay/server.ts");
    const relay = await startRelay(entries, env, onSeen);
    const { address } = relay;
    return { relay, entries, leftAlone, variables: { GOPROXY: plan.goproxy(address), [relayVariable]: address } };
  } catch (error) {
    return {
      ...nothing,
      leftAlone,
      none: `no port on 127.0.0.1 could be had (${(error as NodeJS.ErrnoException).code})`,
    };
  }
}

/** What gives the relay's addresses in go's output their real names. */
export function rewriterOf({ relay, entries }: Relaying) {
  if (relay === undefined) return { push: (chunk: Buffer) => chunk, end: () => Buffer.alloc(0) };
  return new AddressRewriter(relay.address, entries, unreachable);
}

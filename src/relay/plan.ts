// Which entries of GOPROXY the relay stands in for: cmd/go/internal/modfetch/proxy.go (proxyList), go.dev/ref/mod#goproxy-protocol.
// PURE: what the machine says comes in as values.
import { withoutPassword, withScheme } from "../route/proxies.ts";

export interface PlanFacts {
  /** GOPROXY as go says it. */
  readonly goproxy: string;
  /** GOAUTH; empty where this go does not know it. */
  readonly goauth: string;
  /** The hosts that go has credentials for in the user's netrc file. */
  readonly netrcHosts: ReadonlySet<string>;
  /** Why https entries cannot be spoken to as go does, if they cannot. */
  readonly noTls?: string;
  /** Why a proxy on the way to this address cannot be used, if it cannot. */
  readonly noWay?: (url: URL) => string | undefined;
}

export interface RelayEntry {
  /** Where the requests go, without user and password, without a slash at the end. */
  readonly url: string;
  /** The same as go prints it: a password as xxxxx. */
  readonly shown: string;
  /** The value of the Authorization header. */
  readonly authorization?: string;
}

export interface LeftAlone {
  /** As it may be shown: without a password. */
  readonly entry: string;
  readonly reason: string;
}

export interface RelayPlan {
  readonly entries: readonly RelayEntry[];
  readonly leftAlone: readonly LeftAlone[];
  /** GOPROXY with the relay in the place of the entries. @param address of the relay, without a slash at the end */
  readonly goproxy: (address: string) => string;
}

/** Parts GOPROXY into what the relay stands in for and what stays as it is, with its separators. */
export function planRelay(facts: PlanFacts): RelayPlan {
  const entries: RelayEntry[] = [];
  const leftAlone: LeftAlone[] = [];
  const pieces: (string | number)[] = [];
  let isOver = false;
  for (const piece of facts.goproxy.split(/([,|])/)) {
    const word = piece.trim();
    const judged = isOver || piece === "," || piece === "|" ? undefined : judge(word, facts);
    if (judged === undefined || !("url" in judged)) pieces.push(piece);
    else pieces.push(entries.push(judged) - 1);
    if (judged !== undefined && "reason" in judged) leftAlone.push(judged);
    // What stands behind these is never asked.
    if (word === "off" || word === "direct") isOver = true;
  }
  return {
    entries,
    leftAlone,
    goproxy: (address) => pieces.map((piece) => (typeof piece === "number" ? `${address}/${piece}` : piece)).join(""),
  };
}

function judge(word: string, facts: PlanFacts): RelayEntry | LeftAlone | undefined {
  const text = withScheme(word);
  if (!/^https?:\/\//.test(text)) return undefined;
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    // Go will say what is wrong with it.
    return undefined;
  }
  const hasPassword = url.username !== "" || url.password !== "";
  const reason = reasonToLeave(url, hasPassword, facts);
  const shown = withoutPassword(text);
  if (reason !== undefined) return { entry: shown, reason };
  const authorization = hasPassword ? basic(url) : undefined;
  url.username = url.password = "";
  return {
    url: url.href.replace(/\/+$/, ""),
    shown: shown.replace(/\/+$/, ""),
    ...(authorization === undefined ? {} : { authorization }),
  };
}

function reasonToLeave(url: URL, hasPassword: boolean, facts: PlanFacts): string | undefined {
  if (url.search !== "" || url.hash !== "") return "it has a query";
  if (url.protocol === "http:") {
    return hasPassword ? "go refuses credentials without https" : facts.noWay?.(url);
  }
  // Go gives credentials to https only: those of the address, else of GOAUTH, which is netrc if it is not set.
  const auth = facts.goauth.trim();
  if (!hasPassword && auth !== "" && auth !== "off" && auth !== "netrc") return "GOAUTH gives its credentials";
  if (!hasPassword && auth !== "off" && facts.netrcHosts.has(url.hostname)) return "netrc gives its credentials";
  return facts.noTls ?? facts.noWay?.(url);
}

function basic(url: URL): string {
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}

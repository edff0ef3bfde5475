// Whether an address is reached through a proxy: HTTPS_PROXY, HTTP_PROXY and NO_PROXY as Go reads them, which differs from curl and from
// node's libraries (golang.org/x/net/http/httpproxy). PURE.

type Environment = Readonly<Record<string, string | undefined>>;

export type Way = { readonly proxy?: URL } | { readonly unusable: string };

/** The proxy for an address; none for this machine itself, and for what NO_PROXY names. */
export function wayTo(url: URL, env: Environment): Way {
  const host = bare(url.hostname);
  if (host === "localhost" || host === "::1" || /^127\./.test(host)) return {};
  const secure = url.protocol === "https:";
  const name = secure ? "HTTPS_PROXY" : "HTTP_PROXY";
  const chosen = env[name] || env[name.toLowerCase()];
  if (!chosen || isExcepted(host, url.port || (secure ? "443" : "80"), env["NO_PROXY"] || env["no_proxy"] || ""))
    return {};
  // In a CGI program HTTP_PROXY is what the client says.
  if (!secure && env["REQUEST_METHOD"]) return { unusable: `${name} is not taken in a CGI program` };
  const proxy = parseProxy(chosen);
  if (proxy === undefined) return { unusable: `${name} is no address` };
  if (proxy.protocol === "http:" || proxy.protocol === "https:") return { proxy };
  return { unusable: `${name} is a ${proxy.protocol.slice(0, -1)} proxy` };
}

function parseProxy(text: string): URL | undefined {
  for (const candidate of /^(https?|socks5h?):/.test(text) ? [text] : [`http://${text}`]) {
    try {
      return new URL(candidate);
    } catch {
      // Told by the caller.
    }
  }
  return undefined;
}

function isExcepted(host: string, port: string, list: string): boolean {
  const address = addressOf(host);
  return list.split(",").some((item) => {
    const word = item.trim().toLowerCase();
    if (word === "") return false;
    if (word === "*") return true;
    const [, network, bits] = /^([0-9a-f.:]+)\/(\d+)$/.exec(word) ?? [];
    if (network !== undefined && bits !== undefined) return address !== undefined && isInside(address, network, bits);
    const [, name = word, itsPort] = /^(\[.*\]|[^:]*):(\d+)$/.exec(word) ?? [];
    if (itsPort !== undefined && itsPort !== port) return false;
    const plain = bare(name);
    if (addressOf(plain) !== undefined) return plain === host;
    // `example.com` is the domain and all below it, `.example.com` and `*.example.com` only what is below.
    const domain = plain.replace(/^\*\./, ".");
    return domain.startsWith(".") ? host.endsWith(domain) : host === domain || host.endsWith(`.${domain}`);
  });
}

const bare = (host: string): string => host.toLowerCase().replace(/^\[(.*)\]$/, "$1");

/** An IP address as its bits; undefined for a name. */
function addressOf(host: string): string | undefined {
  if (/^\d+(\.\d+){3}$/.test(host)) {
    const parts = host.split(".").map(Number);
    return parts.some((part) => part > 255) ? undefined : parts.map((part) => bitsOf(part, 8)).join("");
  }
  if (!host.includes(":") || !/^[0-9a-f:]+$/.test(host)) return undefined;
  const [head = "", tail] = host.split("::");
  const groups = (text: string): string[] => (text === "" ? [] : text.split(":"));
  const [before, after] = [groups(head), groups(tail ?? "")];
  const gap = tail === undefined ? 0 : 8 - before.length - after.length;
  if (gap < 0 || before.length + after.length + gap !== 8) return undefined;
  return [...before, ...Array<string>(gap).fill("0"), ...after]
    .map((part) => bitsOf(Number.parseInt(part, 16), 16))
    .join("");
}

const bitsOf = (value: number, width: number): string => value.toString(2).padStart(width, "0");

function isInside(address: string, network: string, bits: string): boolean {
  const base = addressOf(network);
  return (
    base !== undefined &&
    base.length === address.length &&
    base.slice(0, Number(bits)) === address.slice(0, Number(bits))
  );
}

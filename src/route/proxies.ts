// GOPROXY as go reads it: proxyList and newProxyRepo of cmd/go/internal/modfetch/proxy.go.

/** When go goes on to the next entry: after `,` if this one answers 404 or 410, after `|` after any error. */
export type FallBack = "not-found" | "any-error";

/** Why an entry is asked: it is the first, or the one before it did not have the module (404, 410), or failed in any way. */
export type When = "first" | FallBack;

export type ProxyEntry =
  | {
      readonly kind: "proxy";
      /** Without a password; as go prints it otherwise. */
      readonly shown: string;
      readonly url: URL;
      readonly fallBack: FallBack;
    }
  | { readonly kind: "direct" }
  | { readonly kind: "off" };

export interface Proxies {
  readonly entries: readonly ProxyEntry[];
  /** What stands behind `direct` or `off`, which go never reads. */
  readonly unread?: string;
  /** Why go refuses the whole setting; it then asks nobody. */
  readonly malformed?: string;
}

/** @param goproxy what `go env GOPROXY` says */
export function readProxies(goproxy: string): Proxies {
  const entries: ProxyEntry[] = [];
  const words = goproxy.split(/([,|])/);
  for (let at = 0; at < words.length; at += 2) {
    const word = (words[at] as string).trim();
    if (word === "") continue;
    if (word === "off" || word === "direct") {
      const unread = words.slice(at + 2).join("");
      entries.push({ kind: word });
      return { entries, ...(unread.replace(/[,|\s]/g, "") === "" ? {} : { unread: withoutPassword(unread) }) };
    }
    const read = readAddress(word);
    if (typeof read === "string") return { entries: [], malformed: read };
    entries.push({ ...read, fallBack: words[at + 1] === "|" ? "any-error" : "not-found" });
  }
  if (entries.length > 0) return { entries };
  return { entries, malformed: "GOPROXY list is not the empty string, but contains no entries" };
}

function readAddress(word: string): { kind: "proxy"; shown: string; url: URL } | string {
  const text = withScheme(word);
  const shown = withoutPassword(text);
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(text)?.[1]?.toLowerCase() ?? "";
  if (scheme === "") return `invalid proxy URL missing scheme: ${shown}`;
  if (scheme !== "http" && scheme !== "https" && scheme !== "file")
    return `invalid proxy URL scheme (must be https, http, file): ${shown}`;
  // net/url refuses these where the WHATWG's URL would correct them: control characters anywhere, blanks in the host.
  if (/[\u0000-\u001f\u007f]/.test(text) || /^[^/]*\/\/[^/]*\s/.test(text))
    return `invalid character in proxy URL: ${shown}`;
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return `invalid proxy URL: ${shown}`;
  }
  if (scheme === "file" && (url.host !== "" || url.search !== "" || url.hash !== "" || !/^file:\/\//.test(text)))
    return `invalid file:// proxy URL with non-path elements: ${shown}`;
  return { kind: "proxy", shown: shown.replace(/\/+$/, ""), url };
}

/** An entry of GOPROXY with https:// before what looks like a host; a single word is reserved for what go itself may come to know. */
export function withScheme(word: string): string {
  return /[.:/]/.test(word) && !word.includes(":/") && !word.startsWith("/") ? `https://${word}` : word;
}

/** As net/url's Redacted does: the password of an address becomes xxxxx. */
export function withoutPassword(text: string): string {
  return text.replace(/(\/\/[^/@:,|]*):[^/@,|]*@/g, "$1:xxxxx@");
}

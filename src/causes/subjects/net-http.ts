// Answers of proxies by HTTP status (web.HTTPError of cmd/go; up to Go 1.12 `unexpected status (URL): …`).
import type { Rule } from "../rule.ts";
import { again, tellOperator } from "./remedies.ts";

const status = (codes: string): RegExp =>
  new RegExp(
    `(?:reading https?:\\S+: |unexpected status \\(\\S+\\): |^(?:\\S+: )?https?:\\S+: )(?:${codes})\\b|The requested URL returned error: (?:${codes})\\b`,
  );
const ask = { text: "Ask for the same by hand, and read the answer", command: "curl -sSi {url}" };
const proxies = { text: "See which proxies go asks, and in which order", command: "go env GOPROXY" };

export const netHttpRules: readonly Rule[] = [
  {
    subcategory: "proxy-407",
    says: /: 407 |HTTP code 407|response 407|Proxy Authentication Required/,
    where: "server",
    message: "The HTTP proxy of this machine wants a login",
    disposition: "fix-environment",
    remedies: [
      {
        text: "Put user and password into the proxy's URL, out of the repository",
        command: "export HTTPS_PROXY=http://USER:PASSWORD@PROXY:3128",
      },
      { text: "Or leave the host out of it", command: "export NO_PROXY={host}" },
    ],
  },
  {
    subcategory: "golang-dl-403",
    says: /(?:golang\.org\/toolchain@|storage\.googleapis\.com\/|go\.dev\/dl).*403/,
    where: "server",
    message: "The server that has the toolchains forbids the download, as rules of a network's edge do",
    disposition: "fix-environment",
    remedies: [{ text: "Install that Go, and do not fetch one", command: "export GOTOOLCHAIN=local" }, ask],
  },
  {
    subcategory: "proxy-403",
    says: status("403"),
    where: "server",
    message: "The server {host} forbids the module: a policy, or a rule of the network",
    disposition: "fix-environment",
    remedies: [ask, { text: "Have the module allowed, or take another version or proxy", command: "go env GOPROXY" }],
  },
  {
    subcategory: "proxy-429",
    says: status("429"),
    where: "server",
    message: "The server {host} was asked too often",
    remedies: [{ text: "Wait, and fetch less at a time: keep GOMODCACHE between the runs of the CI service" }, again],
  },
  {
    subcategory: "proxy-5xx",
    says: status("5\\d\\d"),
    where: "server",
    message: "The server {host} failed",
    remedies: [
      again,
      tellOperator,
      { text: "With | in place of , go asks the next proxy after any error", command: "go env GOPROXY" },
    ],
  },
  {
    subcategory: "proxy-404-misconfigured",
    says: status("404|410"),
    notAround: /sumdb|sum\.golang\.org|\/lookup\//,
    // A body that only repeats the status (`404 page not found`) is as good as none.
    holds: ({ said }, { text }) => !publicProxy(said) && !namesWhatIsMissing.test(text),
    where: "server",
    likely: true,
    message:
      "The server {host} does not know the module: its path in GOPROXY is wrong, or its repository has no upstream",
    disposition: "fix-environment",
    remedies: [ask, proxies],
  },
  {
    subcategory: "proxy-4xx",
    says: status("4(?!01|04|10)\\d\\d"),
    where: "server",
    message:
      "The server {host} does not understand the request: it is no module proxy, or its path in GOPROXY is wrong",
    disposition: "fix-environment",
    remedies: [ask, proxies],
  },
];

/** What a module proxy says after `server response:` that looked for a version and did not find it: words of go's own, or a sentence about it. */
export const namesWhatIsMissing =
  /server response:[\s\S]*(?:no matching versions|unknown revision|invalid version|not found: \S|no such (?:version|module)|(?:module|version|revision|repository)\b[^\n]{0,200}\bnot found)/i;

/** Proxies that have every public module: their 404 means that there is none. */
export function publicProxy(said: string): boolean {
  return /https?:\/\/(?:go)?proxy\.[a-z]+(?:\.[a-z]{2,3})?\/|https?:\/\/goproxy\.\w+\//.test(said);
}

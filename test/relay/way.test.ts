import { expect, test } from "vitest";
import { wayTo } from "../../src/relay/way.ts";

const env = { HTTPS_PROXY: "proxy.example.org:3128", HTTP_PROXY: "http://plain.example.org:80" };
const through = (address: string, noProxy = ""): string | undefined => {
  const way = wayTo(new URL(address), { ...env, NO_PROXY: noProxy });
  return "unusable" in way ? way.unusable : way.proxy?.host;
};

// As golang.org/x/net/http/httpproxy has it.
test.each([
  ["https://a.example.com", "", "proxy.example.org:3128"],
  ["http://a.example.com", "", "plain.example.org"],
  ["https://127.0.0.1:1", "", undefined],
  ["https://localhost", "", undefined],
  ["https://[::1]", "", undefined],
  ["https://a.example.com", "*", undefined],
  ["https://a.example.com", "example.com", undefined],
  ["https://example.com", "example.com", undefined],
  ["https://example.com", ".example.com", "proxy.example.org:3128"],
  ["https://a.example.com", ".example.com", undefined],
  ["https://notexample.com", "example.com", "proxy.example.org:3128"],
  ["https://a.example.com:8443", "example.com:8443", undefined],
  ["https://a.example.com", "example.com:8443", "proxy.example.org:3128"],
  ["https://a.example.com", "other.org, EXAMPLE.com", undefined],
  ["https://10.1.2.3", "10.0.0.0/8", undefined],
  ["https://11.1.2.3", "10.0.0.0/8", "proxy.example.org:3128"],
  ["https://10.1.2.3", "10.1.2.3", undefined],
  ["https://[fd00::1]", "fd00::/8", undefined],
  ["https://[fe00::1]", "fd00::/8", "proxy.example.org:3128"],
])("%s with NO_PROXY=%s goes through %s", (address, noProxy, proxy) => expect(through(address, noProxy)).toBe(proxy));

test("what cannot be used says so", () => {
  const way = (variables: Record<string, string>) => wayTo(new URL("http://a.example.com"), variables);
  expect(way({ HTTP_PROXY: "socks5://s.example.org" })).toEqual({ unusable: "HTTP_PROXY is a socks5 proxy" });
  expect(way({ HTTP_PROXY: "http://p.example.org", REQUEST_METHOD: "GET" })).toHaveProperty("unusable");
  expect(way({ http_proxy: "http://p.example.org" })).toEqual({ proxy: new URL("http://p.example.org") });
  expect(way({ HTTP_PROXY: "http://:bad:" })).toHaveProperty("unusable");
});

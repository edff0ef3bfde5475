// Ways through a proxy in the sense of HTTPS_PROXY: loaded only where there is one.
import type { Agent } from "node:http";
import type { SecureContext } from "node:tls";
import { HttpProxyAgent } from "http-proxy-agent";
import { HttpsProxyAgent } from "https-proxy-agent";

/**
 * @param url what is asked, whose scheme decides: https is tunnelled (CONNECT), http is told to the proxy
 * @param trust the certificates for a proxy that is itself spoken to by https
 */
export function tunnelTo(url: URL, proxy: URL, trust: () => SecureContext): Agent {
  const options = { keepAlive: true, ...(proxy.protocol === "https:" ? { secureContext: trust() } : {}) };
  return url.protocol === "https:" ? new HttpsProxyAgent(proxy, options) : new HttpProxyAgent(proxy, options);
}

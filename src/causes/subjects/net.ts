// Names that do not resolve, servers that do not answer, and answers that are no module.
import type { Rule, Subject } from "../rule.ts";
import { netHttpRules } from "./net-http.ts";
import { again, localToolchain } from "./remedies.ts";

const route = {
  text: "See where go would fetch from, and ask that host by hand",
  command: "go env GOPROXY GOSUMDB GOPRIVATE; curl -sSI https://{host}/",
};
const dns = {
  text: "See whether this machine, or container, can resolve the name",
  command: "getent hosts {host}; cat /etc/resolv.conf",
};
const offline = {
  text: "Without a network, build from vendor, or from a file proxy",
  command: "go build -mod=vendor ./...",
};
const proxyVariables = { text: "See which HTTP proxy is set", command: "env | grep -i _proxy" };
const ca = {
  text: "Install the company's CA certificate where the build runs, in the image too, or name it",
  command: "export SSL_CERT_FILE=/path/to/company-ca.pem",
};
const timedOut =
  "(?:i/o timeout|operation timed out|connection timed out|context deadline exceeded|Client\\.Timeout|failed to respond|did not properly respond|connection attempt failed)";

const dialled: readonly Rule[] = [
  {
    subcategory: "proxyconnect",
    says: /proxyconnect tcp|Received HTTP code \d+ from proxy after CONNECT|CONNECT tunnel failed|socks connect/,
    unless: /Received HTTP code 407|response 407/,
    message:
      "The HTTP proxy of this machine (HTTP_PROXY, HTTPS_PROXY) cannot be reached or does not let the request through",
    remedies: [proxyVariables, { text: "Leave the inside hosts out of it", command: "export NO_PROXY={host}" }],
  },
  {
    subcategory: "dns-refused-sandbox",
    says: /lookup \S+ on \[?(?:::1|127\.0\.0\.\d+)\]?:53: .*(?:connection refused|network is unreachable|cannot assign)/,
    message: "There is no name server: the build runs in a sandbox without network",
    disposition: "fix-environment",
    remedies: [offline, { text: "Or fetch the modules before, where there is a network", command: "go mod download" }],
  },
  {
    subcategory: "dns-timeout",
    says: new RegExp(`lookup \\S+.*${timedOut}`, "i"),
    message: "The name server does not answer for {host}",
    remedies: [again, dns],
  },
  {
    subcategory: "dns-unreachable",
    says: /lookup \S+.*(?:no route to host|network is unreachable|server misbehaving|temporary failure in name resolution|connection refused|device or resource busy|operation not permitted)/i,
    message: "The name server that is to know {host} cannot be reached or answers with an error",
    remedies: [dns, offline],
  },
  {
    subcategory: "dns-no-such-host",
    says: /lookup \S+.*(?:no such host|no data of the requested type|no answer from DNS|getaddrinfow)/i,
    message: "The name {host} is unknown to the name server",
    disposition: "fix-environment",
    remedies: [dns, route],
  },
  {
    subcategory: "tls-handshake-timeout",
    says: /TLS handshake timeout/,
    message: "The server {host} does not finish the TLS handshake",
    remedies: [again, route, proxyVariables],
  },
  {
    subcategory: "vanity-refused",
    says: /\?go-get=1.*connection refused/,
    message: "The host of the import path, {host}, takes no connection: go asks it where the repository is",
    remedies: [route],
  },
  {
    subcategory: "conn-refused",
    says: /(?:dial tcp|connect).*(?:connection refused|actively refused)/i,
    message: "Nothing listens at the address: the server {host} is down, or a firewall refuses",
    remedies: [route, proxyVariables],
  },
  {
    subcategory: "dial-timeout",
    says: new RegExp(`(?:dial tcp|Get "?https?://|read tcp|net/http|request canceled).*${timedOut}`, "i"),
    message: "The server {host} does not answer: a firewall drops the packets, or it is not reachable from here",
    remedies: [again, route, proxyVariables],
  },
  {
    subcategory: "dial-unreachable",
    says: /dial tcp.*(?:network is unreachable|no route to host|unreachable (?:network|host)|cannot assign requested address|host is down|operation not permitted|permission denied|forbidden by its access permissions)/i,
    message: "There is no way to the server {host} from here",
    disposition: "fix-environment",
    remedies: [route, offline],
  },
  {
    subcategory: "http-vs-https",
    says: /server gave HTTP response to HTTPS client|first record does not look like a TLS handshake|malformed HTTP response/,
    message: "The server {host} speaks plain HTTP where go uses https, or a gateway answers in its place",
    disposition: "fix-environment",
    remedies: [{ text: "Write the scheme and port that the server has", command: "go env GOPROXY" }, proxyVariables],
  },
  {
    subcategory: "tls-wrong-host",
    says: /x509: (?:certificate is (?:valid for|not valid for any)|cannot validate certificate for|certificate relies on legacy)|doesn't contain any IP SANs/,
    message:
      "The certificate of the server {host} is for another name: the address is wrong, or a gateway answers in its place",
    disposition: "fix-environment",
    remedies: [route, proxyVariables],
  },
  {
    subcategory: "tls-certificate-expired",
    says: /x509: certificate has expired or is not yet valid|certificate has expired/,
    message: "The certificate of the server {host} has expired, or this machine's clock is wrong",
    disposition: "fix-environment",
    remedies: [{ text: "Look at the clock first", command: "date -u" }, route],
  },
  {
    subcategory: "tls-unknown-ca",
    says: /x509: |tls: failed to verify certificate|SSL certificate problem|server certificate verification failed|self[- ]signed certificate/,
    message: "The certificate of {host} is signed by a CA that this machine does not know, as a company's gateway does",
    disposition: "fix-environment",
    remedies: [
      ca,
      {
        text: "GOINSECURE does not cover the proxy, and is no answer",
        weakens: "anybody on the way could then exchange modules",
      },
    ],
  },
  {
    subcategory: "tls-failed",
    says: /remote error: tls: |tls: (?:no|unsupported|server selected|handshake failure|protocol)/,
    disposition: "fix-environment",
    message: "The server {host} and go find no common TLS",
    remedies: [route, proxyVariables],
  },
  {
    subcategory: "conn-reset",
    says: /(?:connection reset by peer|broken pipe|forcibly closed|connection was aborted|use of closed network connection|http2: (?:server sent GOAWAY|client connection (?:lost|force closed))|unexpected EOF reading|Get "?https?:\/\/\S+"?: EOF\b)/i,
    message: "The connection to {host} broke off",
    remedies: [again, route],
  },
  {
    subcategory: "truncated-download",
    says: /(?:read|reading|Get) "?https?:\/+\S+"?: (?:unexpected EOF|.*(?:INTERNAL_ERROR|stream error|http2|PROTOCOL_ERROR|content length))|stream error: stream ID \d+|unexpected EOF$|transfer closed with/,
    message: "The download broke off: a proxy or a filter on the way cuts bodies short",
    remedies: [again, proxyVariables],
  },
];

const git: readonly Rule[] = [
  {
    subcategory: "git-dns",
    says: /Could not resolve (?:host|hostname|proxy)|Name or service not known|Temporary failure in name resolution/i,
    message: "git cannot resolve the name of the repository's host",
    remedies: [dns, offline],
  },
  {
    subcategory: "git-refused",
    says: /(?:Failed to connect to|unable to connect to|connect to host|Couldn't connect to server|errno=Connection (?:refused|timed out)|Verbindung|port \d+:? (?:after \d+ ms)?.*(?:refused|timed out))/i,
    message: "git cannot reach the repository's host",
    remedies: [
      {
        text: "See whether the host and port can be reached, and which proxy git uses",
        command: "git config --get-all http.proxy; env | grep -i _proxy",
      },
      again,
    ],
  },
  {
    subcategory: "vcs-unreachable",
    says: /no secure protocol found for repository/,
    near: "symptom",
    likely: true,
    disposition: "fix-environment",
    message:
      "git reaches the repository neither by https nor by ssh: there is no way to the host, no access, or no such repository",
    remedies: [{ text: "Ask the repository by hand", command: "git ls-remote https://{module}" }, dns],
  },
  {
    subcategory: "git-remote-hung-up",
    says: /remote end hung up|early EOF|RPC failed; (?:curl|result|HTTP 5)|index-pack failed|Connection (?:closed|reset) by|gnutls_handshake|Operation too slow|OpenSSL SSL_(?:connect|read)|Empty reply from server|kex_exchange_identification/i,
    message: "The repository's host broke the connection off",
    remedies: [again],
  },
];

const spoken = (rule: Rule): Rule => ({ ...rule, holds: fromGo });
const fromGit = (rule: Rule): Rule => ({ ...rule, holds: ({ speaker }) => speaker === "go" || speaker === "git" });

function fromGo(...[{ speaker, said }, block]: Parameters<NonNullable<Rule["holds"]>>): boolean {
  if (speaker === "go" || speaker === "git") return true;
  return (
    /https fetch|go-get=1|\/@v\/|\/@latest|\/sumdb\/|sum\.golang\.org/.test(said) ||
    block.statements[0]?.speaker === "go"
  );
}

export const net: Subject = {
  category: "net",
  coarse: "net",
  disposition: "retry",
  words: [
    "lookup ",
    "dial tcp",
    "timeout",
    "timed out",
    "deadline exceeded",
    "proxyconnect",
    "connect",
    "x509: ",
    "tls: ",
    "ssl",
    "certificate",
    "eof",
    "stream error",
    "internal_error",
    "goaway",
    "broken pipe",
    "closed",
    "resolve host",
    "name or service",
    "hung up",
    "proxy authentication",
    "no secure protocol",
    "rpc failed",
    "index-pack",
    "http response to https",
    "malformed http",
    "kex_exchange",
    "gnutls",
    "too slow",
    "empty reply",
    "network is unreachable",
    "reading http",
    "unexpected status (",
    "download go1",
    "403 forbidden",
    "returned error: ",
    "server response",
  ],
  rules: [
    {
      subcategory: "toolchain-download-net",
      says: new RegExp(`download go\\d\\S*.*(?:Get "?https?:|dial tcp|lookup|x509|${timedOut})`, "i"),
      message: "go was to fetch another toolchain, as go.mod asks for it, and cannot reach {host}",
      remedies: [localToolchain, route],
    },
    ...dialled.map(spoken),
    ...git.map(fromGit),
    ...netHttpRules,
  ],
};

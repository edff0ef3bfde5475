// What went wrong on the way to a proxy, in the words that Go has for it (package net, crypto/x509), and whether that is of the network or
// of the checks. Node and OpenSSL say the same in codes. PURE.
import type { ModuleAccessed } from "../audit/event.ts";

/**
 * The status by which the relay tells go that the proxy could not be asked at all. Its reason phrase says why, and no server sends it:
 * so what go prints of it can be told from an answer of the proxy.
 */
export const unreachable = 599;

export interface Failure {
  /** As go would have ended the line `Get "URL": `. One line. */
  readonly message: string;
  readonly error: NonNullable<ModuleAccessed["error"]>;
}

interface CodedError extends Error {
  readonly code?: string;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
  readonly address?: string;
  readonly port?: number;
  readonly hostname?: string;
}

const unknownAuthority = "tls: failed to verify certificate: x509: certificate signed by unknown authority";
const certificates: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownAuthority,
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  CERT_UNTRUSTED: unknownAuthority,
  CERT_HAS_EXPIRED: "tls: failed to verify certificate: x509: certificate has expired or is not yet valid",
  CERT_NOT_YET_VALID: "tls: failed to verify certificate: x509: certificate has expired or is not yet valid",
};

const connections: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connect: connection refused",
  ENETUNREACH: "connect: network is unreachable",
  EHOSTUNREACH: "connect: no route to host",
  EADDRNOTAVAIL: "connect: cannot assign requested address",
  EACCES: "connect: permission denied",
  EPERM: "connect: operation not permitted",
  ETIMEDOUT: "i/o timeout",
  UND_ERR_CONNECT_TIMEOUT: "i/o timeout",
};

/** Words an error of a request to an address. */
export function failureOf(thrown: unknown, url: URL): Failure {
  const error = deepest(thrown);
  const message = oneLine(wordsFor(error, url));
  return { message, error: { category: "net", coarse: "net", message } };
}

/** Errors of several attempts (IPv6, IPv4) and those that wrap others: the innermost says most. */
function deepest(thrown: unknown): CodedError {
  const error = thrown as CodedError;
  const inner = error.errors?.at(-1) ?? (error.cause instanceof Error ? error.cause : undefined);
  return inner === undefined ? error : deepest(inner);
}

function wordsFor(error: CodedError, url: URL): string {
  const { code = "", message } = error;
  const host = error.hostname ?? url.hostname.replace(/^\[(.*)\]$/, "$1");
  if (code === "ENOTFOUND") return `dial tcp: lookup ${host}: no such host`;
  if (code === "EAI_AGAIN") return `dial tcp: lookup ${host}: Temporary failure in name resolution`;
  const certificate = certificates[code];
  if (certificate !== undefined) return certificate;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return `tls: failed to verify certificate: x509: certificate is not valid for ${host} (${message})`;
  const connection = connections[code];
  if (connection !== undefined) {
    const port = error.port ?? (Number(url.port) || (url.protocol === "https:" ? 443 : 80));
    return `dial tcp ${error.address ?? host}:${port}: ${connection}`;
  }
  if (code === "ECONNRESET") return "read: connection reset by peer";
  if (code === "UND_ERR_SOCKET") return "EOF";
  if (/wrong version number|packet length too long/i.test(message))
    return "http: server gave HTTP response to HTTPS client";
  return code.startsWith("ERR_SSL") || code === "EPROTO" ? `remote error: tls: ${message}` : message || code;
}

function oneLine(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, " ").trim();
}

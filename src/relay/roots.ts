// The certificates that Go trusts on this machine: crypto/x509, root_unix.go and root_linux.go. Node has a list of its own.
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { posix } from "node:path";

const files = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/pki/tls/cacert.pem",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/ssl/cert.pem",
];
const directories = ["/etc/ssl/certs", "/etc/pki/tls/certs"];

/** The trusted certificates as PEM, each once. Empty if there are none: then go trusts nobody. */
export function systemRoots(env: Readonly<Record<string, string | undefined>>): string[] {
  const roots = new Set<string>();
  for (const file of env["SSL_CERT_FILE"] ? [env["SSL_CERT_FILE"]] : files) {
    if (addFrom(file, roots)) break;
  }
  for (const directory of env["SSL_CERT_DIR"] ? env["SSL_CERT_DIR"].split(":") : directories) {
    for (const name of namesIn(directory)) addFrom(posix.join(directory, name), roots);
  }
  return [...roots];
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory() && !(entry.isSymbolicLink() && isSibling(directory, entry.name)))
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

/** The links by which OpenSSL finds a certificate by its hash lead to another name in the directory, which is read anyway. */
function isSibling(directory: string, name: string): boolean {
  try {
    return !readlinkSync(posix.join(directory, name)).includes("/");
  } catch {
    return false;
  }
}

function addFrom(file: string, roots: Set<string>): boolean {
  let text: string;
  try {
    text = readFileSync(file, "latin1");
  } catch {
    return false;
  }
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  for (const pem of blocks) roots.add(pem.replaceAll("\r", ""));
  return true;
}

// Certificates of an authority of our own, made by openssl as docs/webhook.md says.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const openssl = (cwd: string, ...args: string[]): void => {
  execFileSync("openssl", args, { cwd, stdio: "pipe" });
};

export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** Makes `ca.crt` and `ca.key`. @returns the certificate */
export function makeAuthority(directory: string): Buffer {
  const subject = ["-subj", "/CN=gomodcache webhook"];
  openssl(directory, "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "ca.key");
  openssl(directory, "req", "-x509", "-new", "-key", "ca.key", "-days", "3650", "-out", "ca.crt", ...subject);
  return readFileSync(join(directory, "ca.crt"));
}

/** @returns the texts of a pair that the authority of the directory signed */
export function makePair(directory: string, name = "localhost", days = 30): Pair {
  openssl(directory, "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "tls.key.new");
  openssl(directory, "req", "-new", "-key", "tls.key.new", "-subj", `/CN=${name}`, "-out", "tls.csr");
  writeFileSync(join(directory, "tls.ext"), `subjectAltName = DNS:${name}, DNS:localhost, IP:127.0.0.1\n`);
  const sign = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "tls.ext", "-days", String(days)];
  openssl(directory, "x509", "-req", "-in", "tls.csr", "-out", "tls.crt.new", ...sign);
  const read = (file: string): string => readFileSync(join(directory, file), "utf8");
  return { cert: read("tls.crt.new"), key: read("tls.key.new") };
}

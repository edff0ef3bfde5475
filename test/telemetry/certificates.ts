// Certificates for the tests of TLS, made with openssl(1).
import { execFileSync } from "node:child_process";

export interface Certificates {
  readonly authority: string;
  readonly server: { readonly certificate: string; readonly key: string };
  readonly client: { readonly certificate: string; readonly key: string };
}

/** An authority, and of it a certificate for 127.0.0.1 and one for a client. */
export function makeCertificates(directory: string): Certificates {
  const openssl = (...args: string[]): void => void execFileSync("openssl", args, { cwd: directory, stdio: "pipe" });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test authority");
  for (const name of ["server", "client"]) {
    const names = [
      "-subj",
      `/CN=${name}`,
      "-addext",
      "subjectAltName=IP:127.0.0.1",
      "-CA",
      "ca.pem",
      "-CAkey",
      "ca.key",
    ];
    openssl("req", "-x509", ...key, "-keyout", `${name}.key`, "-out", `${name}.pem`, ...names);
  }
  const pair = (name: string) => ({ certificate: `${directory}/${name}.pem`, key: `${directory}/${name}.key` });
  return { authority: `${directory}/ca.pem`, server: pair("server"), client: pair("client") };
}

// The server's certificate: read, watched and read again. A mounted Secret is changed by exchanging the link ..data of its directory
// (kubernetes/kubernetes, pkg/volume/util/atomic_writer.go), so that the directory is watched, and nothing is ever read half.
import { createPrivateKey, X509Certificate } from "node:crypto";
import { type FSWatcher, readFileSync, watch } from "node:fs";
import { dirname } from "node:path";
import { createSecureContext } from "node:tls";

export interface CertificateFiles {
  /** PEM: the certificate, then those between it and the authority. */
  readonly certificate: string;
  readonly key: string;
  /** PEM: who may sign the clients' certificates. Without it everybody may ask. */
  readonly clientAuthority?: string;
}

export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca?: Buffer;
  /** Milliseconds since the epoch. */
  readonly ends: number;
}

/** @throws {Error} that says which file is wrong, and how */
export function readCertificate(files: CertificateFiles): Certificate {
  const cert = read(files.certificate);
  const key = read(files.key);
  const ca = files.clientAuthority === undefined ? undefined : read(files.clientAuthority);
  const leaf = attempt(files.certificate, "is no certificate in PEM", () => new X509Certificate(cert));
  const secret = attempt(files.key, "is no private key in PEM without a passphrase", () => createPrivateKey(key));
  if (!leaf.checkPrivateKey(secret)) throw new Error(`${files.key} is not the key of ${files.certificate}`);
  if (ca !== undefined)
    attempt(files.clientAuthority as string, "is no certificate in PEM", () => new X509Certificate(ca));
  attempt(files.certificate, "cannot be used", () => createSecureContext({ cert, key, ...(ca && { ca }) }));
  return { cert, key, ...(ca && { ca }), ends: Date.parse(leaf.validTo) };
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

function attempt<T>(file: string, what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Error(`${file} ${what} (${(error as Error).message})`);
  }
}

export interface Watching {
  /** Called with another certificate than the last one. */
  readonly onChange: (certificate: Certificate) => void;
  /** Called once for each way in which the files are broken. */
  readonly onBroken: (reason: string) => void;
}

/** Milliseconds: a swap is several events, and two files that are no Secret are written one after the other. */
const settle = 200;
/** Milliseconds: where nothing tells of changes (some network file systems), they are looked for. */
const look = 30_000;

/** @returns ends the watching, which keeps no process alive */
export function watchCertificate(files: CertificateFiles, current: Certificate, watching: Watching): () => void {
  let last = current;
  let broken: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  const again = (): void => {
    try {
      const next = readCertificate(files);
      broken = undefined;
      if (isSame(next, last)) return;
      last = next;
      watching.onChange(next);
    } catch (error) {
      const { message } = error as Error;
      if (message !== broken) watching.onBroken(message);
      broken = message;
    }
  };
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(again, settle).unref();
  };
  const directories = new Set(Object.values(files).map((file) => dirname(file as string)));
  const watchers = [...directories].flatMap((directory) => watched(directory, soon));
  const regular = setInterval(again, look).unref();
  return () => {
    clearInterval(regular);
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}

function watched(directory: string, onEvent: () => void): FSWatcher[] {
  try {
    const watcher = watch(directory, { persistent: false }, onEvent);
    // No more watches, or the directory is gone: it is looked at every half minute all the same.
    watcher.on("error", () => undefined);
    return [watcher];
  } catch {
    return [];
  }
}

function isSame(a: Certificate, b: Certificate): boolean {
  return a.cert.equals(b.cert) && a.key.equals(b.key) && (a.ca?.toString() ?? "") === (b.ca?.toString() ?? "");
}

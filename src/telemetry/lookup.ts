// Host names to addresses, so that a name server that does not answer cannot hold up the end of the process: Node asks getaddrinfo(3)
// on a thread, and exit(3) waits for the thread, 10 s and more. getent(1) asks the same, for us, and can be left behind.
import { execFile } from "node:child_process";
import { lookup as systemLookup } from "node:dns";
import type { LookupFunction } from "node:net";

/** A lookup for node:net; as the system's, which it is where getent is missing. */
export const lookup: LookupFunction = (host, options, callback) => {
  if (host === "localhost" || process.platform !== "linux") return systemLookup(host, options, callback);
  const child = execFile(
    "getent",
    ["ahosts", "--", host],
    { timeout: 10_000, killSignal: "SIGKILL" },
    (error, output) => {
      if (error?.code === "ENOENT") return systemLookup(host, options, callback);
      const addresses = addressesOf(output);
      const [first] = addresses;
      if (first === undefined) {
        callback(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: "ENOTFOUND" }), "", 0);
        return;
      }
      if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    },
  );
  child.unref();
};

/** The lines of getent(1): `192.0.2.1  STREAM host`, one for each socket type. */
function addressesOf(output: string): { address: string; family: number }[] {
  const addresses = new Set(output.split("\n").flatMap((line) => line.match(/^[0-9a-f.:]+(?=\s)/i)?.[0] ?? []));
  return [...addresses].map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
}

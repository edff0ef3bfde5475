// Host names to addresses, so that a name server that does not answer cannot hold up the end of the process: Node asks getaddrinfo(3)
// on a thread, and exit(3) waits for that thread, 10 s and more. getent(1) asks the same for us, and can be killed.
import { execFile } from "node:child_process";
import { lookup as systemLookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { systemPath } from "../host/system-path.ts";

/** getent(1): the key was not found. */
const notFound = 2;

/**
 * A lookup for node:net that answers as the system's, which it is where there is no getent that can do it.
 * @param signal ends a lookup that is under way
 */
export function abortableLookup(signal: AbortSignal): LookupFunction {
  return (host, options, callback) => {
    if (process.platform !== "linux") return systemLookup(host, options, callback);
    const environment = { PATH: systemPath, LC_ALL: "C" };
    const how = { signal, killSignal: "SIGKILL", env: environment, cwd: "/" } as const;
    execFile("getent", ["ahosts", "--", host], how, (error, output) => {
      if (signal.aborted) return;
      const addresses = addressesOf(output);
      const [first] = addresses;
      if (first !== undefined) {
        if (options.all) callback(null, addresses);
        else callback(null, first.address, first.family);
      } else if (error?.code === notFound) {
        callback(Object.assign(new Error(`${host} was not found`), { code: "ENOTFOUND" }), "", 0);
      } else {
        systemLookup(host, options, callback);
      }
    });
  };
}

/** The lines of getent(1): `192.0.2.1  STREAM host`, one for each socket type. */
function addressesOf(output: string): { address: string; family: number }[] {
  const addresses = new Set(output.split("\n").flatMap((line) => line.match(/^[0-9a-f.:]+(?=\s)/i)?.[0] ?? []));
  return [...addresses].map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
}

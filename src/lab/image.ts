// An image without a registry: busybox under the name of the official golang image, with that one's directories and modes. Go's own
// tree is mounted into its containers.
import { chmodSync, copyFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { posix } from "node:path";
import { systemProgram } from "../host/system-program.ts";

const applets = "sh ls cat mkdir chown chmod id find rm cp mv env echo touch true test stat sleep tar".split(" ");

/** What the image sets. */
export const imageEnvironment = {
  PATH: "/go/bin:/usr/local/go/bin:/bin",
  GOPATH: "/go",
  GOPROXY: "file:///proxy",
  GOSUMDB: "off",
  GOTOOLCHAIN: "local",
  GOTELEMETRY: "off",
} as const;

/** Lays out the root file system, as github.com/docker-library/golang has it: root's, but for /go and /tmp, which are 1777. */
export function makeImageRoot(directory: string): void {
  for (const name of ["bin", "etc", "tmp", "root", "go/src", "go/bin", "usr/local/go", "proxy"])
    mkdirSync(posix.join(directory, name), { recursive: true });
  for (const name of ["tmp", "go", "go/src", "go/bin"]) chmodSync(posix.join(directory, name), 0o1777);
  chmodSync(posix.join(directory, "root"), 0o700);
  const busybox = systemProgram("busybox");
  if (busybox === undefined) throw new Error("busybox is not installed");
  copyFileSync(busybox, posix.join(directory, "bin/busybox"));
  chmodSync(posix.join(directory, "bin/busybox"), 0o755);
  for (const name of applets) symlinkSync("busybox", posix.join(directory, "bin", name));
  const files = { "etc/passwd": "root:x:0:0:root:/root:/bin/sh\n", "etc/group": "root:x:0:\n" };
  for (const [name, text] of Object.entries(files)) writeFileSync(posix.join(directory, name), text);
}

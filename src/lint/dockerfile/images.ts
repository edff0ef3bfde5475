// What is known of well-known images without pulling them. Everything else is unknown, and rules then say nothing about it.

export interface KnownImage {
  readonly family: "golang" | "distribution" | "distroless" | "scratch";
  /** The user that the image sets: a name or number. */
  readonly user: string;
  readonly env: Readonly<Record<string, string>>;
  readonly workdir: string;
}

const distributions = new Set(
  "alpine almalinux amazonlinux archlinux buildpack-deps busybox centos debian fedora opensuse oraclelinux rockylinux ubi8 ubi9 ubi8-minimal ubi9-minimal ubuntu".split(
    " ",
  ),
);

/**
 * github.com/docker-library/golang: GOPATH=/go, /go world-writable with the sticky bit (777 in older ones), WORKDIR /go, root.
 * github.com/GoogleContainerTools/distroless: tags nonroot run as 65532, all others as root.
 */
export function knownImage(reference: string): KnownImage | undefined {
  if (reference === "scratch") return { family: "scratch", user: "root", env: {}, workdir: "/" };
  const withoutDigest = reference.split("@")[0] as string;
  const path = withoutDigest.replace(/:[^/:]*$/, "");
  const tag = withoutDigest.slice(path.length + 1);
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (/windows|nanoserver/.test(tag)) return undefined;
  // Mirrors of the official images keep the name; others that are called golang do not keep its ways.
  const mirrored = path === name || /(^|\/)library\/[^/]+$/.test(path);
  if (name === "golang" && mirrored) return { family: "golang", user: "root", env: { GOPATH: "/go" }, workdir: "/go" };
  if (/(^|\/)distroless\//.test(path))
    return { family: "distroless", user: tag.includes("nonroot") ? "65532" : "root", env: {}, workdir: "/" };
  if (distributions.has(name) && (mirrored || name.startsWith("ubi")))
    return { family: "distribution", user: "root", env: {}, workdir: "/" };
  return undefined;
}

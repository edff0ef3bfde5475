// The kinds of places that a go command runs in, as far as they change who may do what with a cache.
export const hostKinds = {
  codespaces: "GitHub Codespaces",
  devcontainer: "a dev container",
  "user-namespace": "a user namespace, as in a rootless container",
  "github-hosted-runner": "a GitHub-hosted runner",
  "github-self-hosted-runner": "a self-hosted GitHub runner",
  "gitlab-runner": "a GitLab runner",
  "jenkins-agent": "a Jenkins agent",
  openshift: "OpenShift with an arbitrary UID",
  "nfs-home": "a home directory on NFS",
  "nix-go": "go of Nix",
  "homebrew-go": "go of Homebrew",
  "snap-go": "go of a snap",
  "snap-confinement": "inside a confined snap",
} as const;

export type HostKind = keyof typeof hostKinds;

export interface Host {
  readonly kind: HostKind;
  /** What tells it: a variable, a file, a path. */
  readonly evidence: string;
}

/** A range of UIDs that a user's rootless containers have: a line of /etc/subuid (subuid(5)). */
export interface Subordinates {
  /** A name, or a number. */
  readonly user: string;
  readonly from: number;
  readonly count: number;
}

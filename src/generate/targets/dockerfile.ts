// A Dockerfile of two stages: it downloads and builds as one user, and ships the programs alone.
import type { Settings, Target } from "../target.ts";

const home = "/home/build";
const tree = "/src";
const builds = `${home}/go-build`;

export const dockerfile: Target = {
  name: "dockerfile",
  summary: "two stages, one user, cache mounts that are theirs",
  file: "Dockerfile",
  variants: ["cache-mount", "layer"],
  cacheDir: "/go/pkg/mod",
  takes: ["uid", "gid", "cacheDir", "goVersion", "image"],
  noBlanks: true,
  lines: (settings) => [...buildStage(settings), "", ...finalStage(settings)],
};

function buildStage(settings: Settings): string[] {
  const { uid, gid, cacheDir, image, goVersion, variant } = settings;
  const owner = `${uid}:${gid}`;
  const mounted = variant === "cache-mount";
  const mount = (id: string, target: string): string =>
    `--mount=type=cache,id=${id}-${uid}-${gid},target=${target},uid=${uid},gid=${gid}`;
  const made = [home, tree, ...(mounted ? [] : [cacheDir])].join(" ");
  const base = image === `golang:${goVersion}`;
  return [
    `FROM ${image} AS build`,
    ...(base ? [] : ["# The base image may have set another user, who could not make the directories.", "USER 0:0"]),
    "# A UID without an entry in /etc/passwd has HOME=/, where it cannot write. GOPATH has pkg/sumdb, which go writes too.",
    `ENV HOME=${home} \\`,
    `    GOPATH=${home}/go \\`,
    `    GOMODCACHE=${cacheDir} \\`,
    `    GOCACHE=${builds}`,
    "# WORKDIR alone would make a directory of root, and ENV makes none.",
    `RUN mkdir -p ${made} && chown ${owner} ${made}`,
    "# Numbers, since Kubernetes' runAsNonRoot cannot tell who a name is. From here on everything is done by this user.",
    `USER ${owner}`,
    `WORKDIR ${tree}`,
    "# --chown: COPY makes files of root, whatever USER is.",
    `COPY --chown=${owner} go.mod go.sum ./`,
    ...(mounted
      ? [
          "# A new cache mount is root's with 0755, unless uid and gid are given; the id keeps it apart from those of other users.",
          `RUN ${mount("gomod", cacheDir)} \\`,
          "    go mod download",
        ]
      : [
          "# The user who builds downloads: no chown -R afterwards, which would keep every module twice.",
          "RUN go mod download",
        ]),
    `COPY --chown=${owner} . .`,
    ...(mounted
      ? [
          `RUN ${mount("gomod", cacheDir)} \\`,
          `    ${mount("gobuild", builds)} \\`,
          `    CGO_ENABLED=0 go build -o ${home}/bin/ ./...`,
        ]
      : [`RUN CGO_ENABLED=0 go build -o ${home}/bin/ ./...`]),
  ];
}

function finalStage({ uid, gid }: Settings): string[] {
  return [
    "FROM scratch",
    "COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/",
    "# The programs stay root's: who runs them cannot change them.",
    `COPY --from=build --chown=0:0 ${home}/bin/ /usr/local/bin/`,
    `USER ${uid}:${gid}`,
    "# What is your own goes below this block, such as ENTRYPOINT.",
  ];
}

import { describe, expect, it } from "vitest";
import { fixed, found } from "../found.ts";

const rule = "script-host-cache-as-root";
const script = (line: string, before = ""): string => `#!/bin/sh\n${before}${line}\n`;
const lines = (text: string, path = "build.sh") => found(rule, path, text).map(({ location }) => location?.line);
const cache = "-v ~/go/pkg/mod:/go/pkg/mod";
const build = `docker run --rm ${cache} golang:1.25 go build ./...`;

describe(rule, () => {
  it.each([
    build,
    'docker run --rm -v "$HOME/go/pkg/mod:/go/pkg/mod" golang go test ./...',
    'docker run -v "${HOME}/go/pkg/mod/:/go/pkg/mod/" docker.io/library/golang:1.25-alpine',
    "docker run -v $(go env GOMODCACHE):/go/pkg/mod golang make",
    'docker run -v "`go env GOMODCACHE`":/go/pkg/mod:rw,z golang make',
    "docker run -v $GOMODCACHE:/go/pkg/mod golang make",
    "docker run -v $GOPATH/pkg/mod:/go/pkg/mod golang make",
    'docker run -v "${GOPATH:-$HOME/go}/pkg/mod:/go/pkg/mod" golang make',
    "docker run --volume=/home/ci/go/pkg/mod:/go/pkg/mod golang make",
    "docker run --volume $HOME/go:/go golang make",
    "docker run -v $HOME/go/pkg/mod/cache:/go/pkg/mod/cache golang make",
    'docker run --mount type=bind,source="$HOME/go/pkg/mod",target=/go/pkg/mod golang make',
    "docker run --mount=type=bind,src=$HOME/go/pkg/mod,dst=/go/pkg/mod,readonly=false golang make",
    "docker run -v ~/.cache/go-build:/root/.cache/go-build golang make",
    "docker run -v $(go env GOCACHE):/cache -e GOCACHE=/cache golang make",
    "docker run -v $GOMODCACHE:$GOMODCACHE -e GOMODCACHE golang make",
    "docker run -v ~/go/pkg/mod:/go/pkg/mod golangci/golangci-lint:v2.1.6 golangci-lint run",
    "docker run -v ~/go/pkg/mod:/root/go/pkg/mod registry.example.org/ci make",
    `docker run ${cache} golang:\${GO_VERSION:-1.25}-alpine make`,
    `docker run ${cache} "golang:$GO_VERSION" make`,
    `docker container run -itv ~/go/pkg/mod:/go/pkg/mod -w /src --name=x golang`,
    `sudo docker run --network host ${cache} golang make`,
    `docker run -v "$PWD:/src" ${cache} golang sh -c 'cd /src && go build ./...'`,
    `docker run ${cache} golang go mod tidy`,
  ])("finds root in the user's cache: %s", (line) => {
    expect(lines(script(line))).toEqual([2]);
  });

  it.each([
    'docker run --user "$(id -u):$(id -g)" -v ~/go/pkg/mod:/go/pkg/mod golang make',
    `docker run -u $UID ${cache} golang make`,
    `docker run -u1000 ${cache} golang make`,
    `docker run -itu 1000 ${cache} golang make`,
    `docker run --user=1000:1000 ${cache} golang make`,
    `docker run ${cache}:ro golang make`,
    `docker run ${cache}:z,ro golang make`,
    "docker run --mount type=bind,source=$HOME/go/pkg/mod,target=/go/pkg/mod,readonly golang make",
    "docker run --mount type=volume,source=gomod,target=/go/pkg/mod golang make",
    "docker run -v gomod:/go/pkg/mod golang make",
    "docker run -v go-build:/root/.cache/go-build golang make",
    "docker run -v /go/pkg/mod golang make",
    "docker run -v $PWD/.go/pkg/mod:/go/pkg/mod golang make",
    "docker run -v $(pwd)/.cache/go-build:/root/.cache/go-build golang make",
    "docker run -v ~/.cache/project/go/pkg/mod:/go/pkg/mod golang make",
    "docker run -v ${GOMODCACHE:-$PWD/.mod}:/go/pkg/mod golang make",
    "docker run -v /root/go/pkg/mod:/go/pkg/mod golang make",
    "docker run -v /Users/me/go/pkg/mod:/go/pkg/mod golang make",
    "docker run -v $GOPATH/src/app:/go/src/app golang make",
    "docker run -v ~/go/bin:/go/bin golang make",
    "docker run -v ~/go/pkg/mod:/mirror -e GOPROXY=file:///mirror/cache/download golang make",
    `docker run ${cache} -e GOMODCACHE=/tmp/mod golang make`,
    "docker run -v ~/go:/root/go golang make",
    "docker run -v ~/.cache/go-build:/root/.cache/go-build -e GOCACHE=/tmp/x golang make",
    `docker run ${cache} registry.example.org/ci make`,
    `docker run ${cache} "$IMAGE" make`,
    `docker run "\${options[@]}" ${cache} golang make`,
    `docker run $OPTIONS ${cache} golang make`,
    `docker run ${cache} -e LOCAL_UID=1000 golang ./build.sh`,
    `docker run ${cache} -e ME="$(id -u)" golang ./build.sh`,
    `docker run ${cache} golang sh -c 'su-exec app go build'`,
    `docker run ${cache} golang sh -c 'go build; chown -R $ME /go/pkg/mod'`,
    `docker run ${cache} golang go version`,
    `docker run ${cache} golang go env GOMODCACHE`,
    `docker run ${cache} golang ls /go/pkg/mod`,
    `docker run -d ${cache} golang sleep infinity`,
    `podman run ${cache} golang make`,
    `$ENGINE run ${cache} golang make`,
    `docker --context rootless run ${cache} golang make`,
    `docker compose run ${cache} golang make`,
    `docker exec ${cache} golang make`,
    `docker build ${cache} golang make`,
    `echo docker run ${cache} golang make`,
    `# docker run ${cache} golang make`,
    `docker run ${cache}`,
    "docker run",
    "docker",
  ])("is silent: %s", (line) => {
    expect(lines(script(line))).toEqual([]);
  });

  it.each([
    "export DOCKER_HOST=unix:///run/user/1000/docker.sock",
    "docker context use rootless",
    "alias docker=podman",
    'docker() { podman "$@"; }',
    "trap 'sudo chown -R $USER ~/go' EXIT\nsudo chown -R $USER ~/go",
    "export GOPATH=$PWD/.go GOMODCACHE=$PWD/.go/pkg/mod HOME=$PWD/home",
  ])("is silent where the file says: %s", (before) => {
    for (const source of ["~/go/pkg/mod", "$HOME/go/pkg/mod", "$GOMODCACHE", "$(go env GOMODCACHE)"]) {
      const line = `docker run -v ${source}:/go/pkg/mod golang make`;
      expect(lines(script(line))).toEqual([2]);
      expect(lines(script(line, `${before}\n`))).toEqual([]);
    }
  });

  it("knows a variable that is set to what it is anyway", () => {
    const line = "docker run -v $GOMODCACHE:/go/pkg/mod golang make";
    expect(lines(script(line, "GOMODCACHE=$(go env GOMODCACHE)\n"))).toEqual([3]);
    expect(lines(script(line, "GOMODCACHE=/srv/mod\n"))).toEqual([]);
    expect(lines(script("docker run -v $(go env GOMODCACHE):/go/pkg/mod golang make", "GOPATH=/srv\n"))).toEqual([]);
  });

  it("says what to do instead, and does not do it", () => {
    const fix = (line: string) => found(rule, "build.sh", script(line))[0]?.fixes[0]?.title;
    expect(fix(build)).toContain(
      '--user "$(id -u):$(id -g)" -e HOME=/tmp -e GOPATH=/tmp/go -e GOCACHE=/tmp/go-build -e GOMODCACHE=/go/pkg/mod',
    );
    expect(fix("docker run -v ~/go:/go golang")).toMatch(/-e HOME=\/tmp -e GOPATH=\/go -e GOCACHE=\/tmp\/go-build$/);
    expect(fix("docker run -v ~/.cache/go-build:/root/.cache/go-build golang")).toMatch(
      /-e GOCACHE=\/cache, and mount it as \/cache/,
    );
    const volume = (line: string) => found(rule, "build.sh", script(line))[0]?.fixes[1]?.title;
    expect(volume(build)).toMatch(/ -v gomodcache:\/go\/pkg\/mod$/);
    expect(volume("docker run -v $(go env GOCACHE):/c -e GOCACHE=/c golang")).toMatch(/ -v gocache:\/c$/);
    expect(fixed(rule, "build.sh", script(build), true)).toBe(script(build));
  });

  it("stands at the mount", () => {
    const text = script(`docker run --rm \\\n  -v "$PWD":/src \\\n  ${cache} golang`);
    const [{ location } = {}] = found(rule, "build.sh", text);
    expect(location).toMatchObject({ line: 4, column: 6 });
  });

  it("takes no longer for a text of beginnings", () => {
    for (const one of ["${", "$(", "`", "$HOME/go", "-v ~:"]) {
      const [source, image] = [one.repeat(400_000), one.repeat(200)];
      expect(lines(script(`docker run -v '${source}:/go' 'golang:${image}'`))).toEqual([]);
      expect(lines(script(`docker run ${`-v '${one.repeat(500)}:/go' `.repeat(500)} 'golang:${source}'`))).toEqual([]);
    }
  });
});

describe("in GitHub workflows", () => {
  const path = ".github/workflows/ci.yml";
  const job = (head: string, ...runs: string[]): string =>
    `jobs:\n  a:\n    runs-on: ${head}\n    steps:\n${runs.map((run) => `      - run: ${run}\n`).join("")}`;

  it("hurts on a hosted runner only who runs go after it", () => {
    expect(lines(job("ubuntu-latest", build), path)).toEqual([]);
    expect(lines(job("ubuntu-latest", "go vet", build), path)).toEqual([]);
    expect(lines(job("ubuntu-latest", build, "go vet"), path)).toEqual([5]);
    expect(lines(job("self-hosted", build), path)).toEqual([5]);
  });

  it("knows the version that an expression gives", () => {
    const run = `docker run ${cache} golang:\${{ matrix.go }} make`;
    expect(lines(job("self-hosted", run), path)).toEqual([5]);
    expect(lines(job("self-hosted", run.replace("golang:", "")), path)).toEqual([]);
  });

  it("is silent in a container, where docker gives files to the user, and where the caches are moved", () => {
    expect(lines(job("self-hosted\n    container: node", build), path)).toEqual([]);
    expect(lines(job("[self-hosted, macOS]", build), path)).toEqual([]);
    expect(lines(`env: {HOME: /srv}\n${job("self-hosted", build)}`, path)).toEqual([]);
  });

  it("looks into composite actions", () => {
    const text = `runs:\n  using: composite\n  steps:\n    - shell: bash\n      run: ${build}\n`;
    expect(lines(text, "action.yml")).toEqual([5]);
  });
});

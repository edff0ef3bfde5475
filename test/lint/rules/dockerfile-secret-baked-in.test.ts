import { describe, expect, it } from "vitest";
import { found, linesOf } from "../found.ts";

const rule = "dockerfile-secret-baked-in";

describe(rule, () => {
  it.each([
    "ENV GITHUB_TOKEN=ghp_0123456789",
    "ENV PASSWORD secret words",
    "ENV A=b API_KEY=$KEY",
    "ARG NPM_TOKEN=0123",
    "COPY .netrc /root/.netrc",
    "ADD ssh/id_ed25519 /root/.ssh/",
    "COPY .git-credentials go.mod ./",
    'RUN git config --global url."https://oauth2:$GITLAB_TOKEN@git.example.org/".insteadOf "https://git.example.org/"',
    'RUN echo "machine git.example.org login x password $PASS" > ~/.netrc && go mod download',
    "RUN sh -c 'echo https://x:y@git.example.org > /root/.git-credentials'",
  ])("%s", (line) => expect(linesOf(rule, `FROM golang:1.22\n${line}\n`)).toEqual([2]));

  it("takes an argument that is used", () => {
    expect(linesOf(rule, "FROM golang:1.22\nARG GIT_TOKEN\nRUN ./fetch $GIT_TOKEN\n")).toEqual([2]);
    expect(linesOf(rule, "FROM golang:1.22\nARG GIT_TOKEN\nRUN <<EOF\n./fetch $GIT_TOKEN\nEOF\n")).toEqual([2]);
  });

  it.each([
    "ARG GITHUB_TOKEN",
    "ENV TOKEN_TTL=3600",
    "ENV GITHUB_TOKEN=",
    "ENV DB_PASSWORD_FILE=/run/secrets/db",
    "ENV NETRC=/run/secrets/netrc",
    "ENV MONKEY=1 KEYBOARD=us",
    "COPY id_rsa.pub /root/.ssh/authorized_keys",
    "COPY --from=secrets /.netrc /x",
    "RUN --mount=type=secret,id=netrc,target=/root/.netrc go mod download",
    'RUN --mount=type=secret,id=t git config --global url."https://$(cat /run/secrets/t)@git.example.org/".insteadOf https://git.example.org/',
    "RUN git config --global url.git@github.com:.insteadOf https://github.com/",
    'RUN git config --global url."https://git.example.org/".insteadOf "git://git.example.org/"',
  ])("is silent: %s", (line) => expect(linesOf(rule, `FROM golang:1.22\n${line}\n`)).toEqual([]));

  it("is milder where the stage is not pushed", () => {
    const text = "FROM golang:1.22\nCOPY .netrc /root/\nFROM scratch\n";
    expect(found(rule, "Dockerfile", text)[0]?.severity).toBe("warning");
  });
});

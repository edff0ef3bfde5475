// The names in a line that a message or a command needs: module, version, host, URL.
import { pathsIn } from "./place.ts";
import type { Statement } from "./rule.ts";

export interface Names {
  readonly path?: string;
  readonly module?: string;
  readonly version?: string;
  readonly host?: string;
  readonly url?: string;
}

const versioned =
  /(?:^|[\s:"'(/])((?:[\w~-]+(?:\.[\w~-]+)+|std|[a-z]+)\/?(?:[\w.~!/-]+)?)@(v\d[\w.+-]*|latest|upgrade|[\w./-]+)(?=[\s:/),"']|$)/;
const bareModule = /\b(?:module|package|path) "?((?:[\w-]+\.)+[a-z]{2,}(?:\/[\w.~!-]+)*)/;
const anyUrl = /https?:\/\/[^\s"'(),;<>]+/;
const lookedUp = /\blookup ([\w.-]+)/;
const gitHost = /(?:resolve host(?:name)?:? |connect to(?: host)? |Could not resolve proxy: )'?([\w.-]+)/;

export function namesIn(statement: Statement, texts: readonly string[]): Names {
  const { said, failure } = statement;
  const [module, version] = moduleIn([said, ...texts]);
  const url = anyUrl
    .exec(said)?.[0]
    .replace(/[:.]+$/, "")
    .replace(/\/\/[^/@]*@/, "//");
  const host = lookedUp.exec(said)?.[1] ?? gitHost.exec(said)?.[1] ?? hostOf(url ?? anyUrl.exec(texts.join(" "))?.[0]);
  const path = failure?.path || pathsIn(said)[0];
  return {
    ...(path === undefined || path === "" ? {} : { path }),
    ...(module === undefined ? {} : { module }),
    ...(version === undefined ? {} : { version }),
    ...(host === undefined ? {} : { host }),
    ...(url === undefined ? {} : { url }),
  };
}

function moduleIn(texts: readonly string[]): [string | undefined, string | undefined] {
  for (const text of texts) {
    const match = versioned.exec(text.replace(/https?:\/\/\S+/g, " "));
    if (match !== null) return [match[1], (match[2] as string).replace(/\/go\.mod$/, "")];
  }
  for (const text of texts) {
    const match = bareModule.exec(text);
    if (match !== null) return [match[1], undefined];
  }
  return [undefined, undefined];
}

function hostOf(url: string | undefined): string | undefined {
  return url === undefined ? undefined : /^https?:\/\/(?:[^@/]*@)?([^/:?#]+)/.exec(url)?.[1];
}

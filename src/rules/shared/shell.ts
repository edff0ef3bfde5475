// The commands that fixes are made of: find(1) over the cache, run by somebody who may, and go run by the cache's owner.
import type { Facts } from "../../facts/facts.ts";
import { shellQuote } from "./say.ts";

/** Puts `sudo` before a command unless the user of this program may change what others own. */
export function asRoot(facts: Facts, command: string): string {
  const { uid, capabilities } = facts.self;
  return uid === 0 || (capabilities.has("fowner") && capabilities.has("chown")) ? command : `sudo ${command}`;
}

/** `find GOMODCACHE -xdev EXPRESSION`: stays on the file system of the cache and follows no link. */
export function findInCache(facts: Facts, expression: string, below = ""): string {
  return asRoot(facts, `find ${shellQuote(facts.cache.realPath + below)} -xdev ${expression}`);
}

/** A find expression that is true for extracted modules and all that is in them, and for nothing else. */
export function insideModules(facts: Facts): string {
  // `@v` directories of cache/download have a slash before the @; `name@v1.2.3` has not.
  const literal = facts.cache.realPath.replace(/[*?[\]\\]/g, "\\$&");
  return `-path ${shellQuote(`${literal}/*[!/]@v*`)}`;
}

/** A find expression that leaves extracted modules out: what is left is what go writes to. */
export function outsideModules(facts: Facts): string {
  return `${insideModules(facts)} -prune -o`;
}

/** True of any entry that has one of the permission bits; `-perm /MODE` would not work with BSD's find. */
export function anyBitOf(...modes: readonly string[]): string {
  return `\\( ${modes.map((mode) => `-perm -${mode}`).join(" -o ")} \\)`;
}

/**
 * A go command line on this cache, run by the user that owns what it must write.
 * It runs in `/`, where no go.mod of somebody else can choose a toolchain.
 */
export function goAs(facts: Facts, uid: number, words: readonly string[]): string {
  const go = shellQuote(facts.go.program ?? "go");
  const command = `GOMODCACHE=${shellQuote(facts.cache.realPath)} ${go} ${words.map(shellQuote).join(" ")}`;
  // sudo's secure_path may lack go, but the program is named by its path whenever it is known.
  return `(cd / && ${facts.self.uid === uid ? command : `sudo -H -u '#${uid}' env ${command}`})`;
}

/** For a user who cannot or should not write this cache; it is to be typed by that user. */
export function useOwnCache(facts: Facts): string {
  const { cache, subject } = facts;
  const isDefault = subject.home !== undefined && cache.path === `${subject.home}/go/pkg/mod`;
  const setting = `GOMODCACHE="$HOME/${isDefault ? ".cache/gomod" : "go/pkg/mod"}"`;
  // What go env -w writes does not count against a variable of the environment.
  return cache.origin === "GOMODCACHE" ? `export ${setting}` : `go env -w ${setting}`;
}

// Go's settings as the rules see them: their value, and the shell commands that change them.
import type { Facts } from "../../facts/facts.ts";
import { subjectName } from "./say.ts";

/** The value that go works with: what go said, else the variable of this process if the question is about its own user. */
export function setting(facts: Facts, name: string): string {
  return facts.go.env[name] ?? ownVariable(facts, name) ?? "";
}

/** The environment variable, if it is set and the question is about the user who runs this program. */
export function ownVariable(facts: Facts, name: string): string | undefined {
  return facts.subject.self ? facts.environment[name] : undefined;
}

/**
 * The command that sets something for go. `go env -w` does not override a variable of the environment, so that one is exported.
 * @param value as the shell is to read it, quotes included
 */
export function setCommand(facts: Facts, name: string, value: string): string {
  return ownVariable(facts, name) ? `export ${name}=${value}` : `go env -w ${name}=${value}`;
}

/** The command that takes a setting back to Go's default. */
export function unsetCommand(facts: Facts, name: string): string {
  return ownVariable(facts, name) ? `unset ${name}` : `go env -u ${name}`;
}

/** A fix's title; it says who must run the command when that is not the user who asks. */
export function titleFor(facts: Facts, title: string): string {
  return facts.subject.self ? title : `${title} (run it as ${subjectName(facts)})`;
}

/** The words of GOFLAGS. Words may be quoted as `go help environment` says. */
export function goFlags(facts: Facts): string[] {
  return setting(facts, "GOFLAGS").match(/'[^']*'|"[^"]*"|\S+/g) ?? [];
}

/** True if the word switches the boolean flag on: `-modcacherw`, `--modcacherw=true`. */
export function isFlag(word: string, flag: string): boolean {
  const plain = word.replace(/^(['"])(.*)\1$/, "$2");
  return new RegExp(`^--?${flag}(=(1|t|true))?$`, "i").test(plain);
}

import { describe, expect, it } from "vitest";
import { classify } from "../../src/causes/reader.ts";
import { subjects } from "../../src/causes/subjects/all.ts";
import { innocent, wordings } from "./wordings.ts";

describe("a wording of another release, system, path or language", () => {
  it.each(wordings)("is %s, %s: %s", (category, subcategory, text) => {
    const [cause] = classify(text).causes;
    expect({ category: cause?.category, subcategory: cause?.subcategory }).toEqual({ category, subcategory });
  });

  it.each(innocent)("is no failure of go's environment: %s", (text) => {
    expect(classify(text).causes).toEqual([]);
  });
});

describe("every rule", () => {
  const names = new Set(wordings.map(([, subcategory]) => subcategory));

  it("of the taxonomy has a wording here", () => {
    // Further subcategories, told apart for their remedies: they have a rule, and no name in the taxonomy.
    const own = new Set([
      "dial-unreachable",
      "git-failed",
      "gomod-parse-error",
      "gopath-is-goroot",
      "lock-interrupted",
      "module-not-found",
      "path-too-long",
      "readonly-fs",
      "source-unreadable",
      "sumdb-lookup-failed",
      "text-file-busy-race",
      "tls-certificate-expired",
      "tls-failed",
      "vcs-unreachable",
    ]);
    const all = subjects.flatMap((subject) => subject.rules.map((rule) => rule.subcategory));
    expect([...new Set(all)].filter((name) => !names.has(name) && !own.has(name))).toEqual([]);
  });

  it("says what else it may be, where go prints the same words for all of them", () => {
    const { causes } = classify("/usr/local/go/src/os/file.go:45:2: package io is not in std (/usr/local/go/src/io)");
    expect(causes.map(({ category, subcategory, confidence }) => [category, subcategory, confidence])).toEqual([
      ["space", "enospc-misreported", "likely"],
      ["space", "inodes-gocache-misreported", "likely"],
      ["cache-corrupt", "gocache-corrupt-misreported", "likely"],
      ["fs", "gocache-unreadable-misreported", "likely"],
    ]);
  });

  it("says what is wrong and what to do", () => {
    for (const { rules } of subjects) {
      for (const { subcategory, message, remedies } of rules) {
        expect(subcategory).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
        expect(message, subcategory).toMatch(/^\S.*[^.\s]$/s);
        expect(remedies.length, subcategory).toBeGreaterThan(0);
        for (const { text } of remedies) expect(text, subcategory).toMatch(/^[A-Z].*[^.\s]$/);
      }
    }
  });

  it("lets no log choose what is removed, changed or run", () => {
    const commands = subjects.flatMap(({ rules }) =>
      rules.flatMap((rule) => rule.remedies.map(({ command = "" }) => command)),
    );
    const withNames = commands.filter((command) => /\{\w+\}/.test(command));
    const harmless =
      /^(?:gomodcache why|go (?:list|env -w|mod (?:download|edit|graph)|get)|git (?:config|ls-remote)|curl|ls|lsattr|namei|findmnt|fuser|file|getent|export NO_PROXY|ssh-add)\b/;
    expect(
      withNames
        .filter((command) => !harmless.test(command) || /\b(?:rm|chmod|chown|sudo)\b/.test(command))
        .filter((command) => !/^(?:go env [A-Z ]+|uname -m); (?:file|curl) /.test(command)),
    ).toEqual([]);
  });

  it("quotes what a log names, and shows no passwords of it", () => {
    const [first] = classify("go: open /srv/$(touch x)/go.mod: permission denied").causes;
    expect(first?.remedies[0]?.command).toBe("gomodcache why '/srv/$(touch x)/go.mod' --op read");
    const [second] = classify(
      "go: x.example/y@v1.0.0: reading https://me:secret@goproxy.corp/x.example/y/@v/v1.0.0.mod: 502 Bad Gateway",
    ).causes;
    expect(JSON.stringify(second)).not.toContain("secret");
  });

  it("advises nothing that opens a cache to everybody, and says what weakens security", () => {
    const weak = /GOSUMDB=off|GONOSUMDB=|GOINSECURE=|-modcacherw|safe\.directory|-insecure/;
    for (const { rules } of subjects) {
      for (const { subcategory, remedies } of rules) {
        for (const [index, { command = "", weakens }] of remedies.entries()) {
          expect(command, subcategory).not.toMatch(/chmod (?:-R )?(?:0?777|a\+w)|a\+rwX|safe\.directory '?\*/);
          if (!weak.test(command) || command.includes("GOSUMDB=sum.")) continue;
          expect(weakens, `${subcategory}: ${command}`).toBeDefined();
          expect(index, `${subcategory}: ${command}`).toBeGreaterThan(0);
        }
      }
    }
  });
});

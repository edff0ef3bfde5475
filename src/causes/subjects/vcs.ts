// Version control: git that is missing, too old, refuses the repository, or does not have the revision.
import type { Rule, Subject } from "../rule.ts";
import { diagnose, fromProxy } from "./remedies.ts";

const installGit = {
  text: "Install git; the alpine and slim images have none",
  command: "apk add git || apt-get install -y git",
};
const safe = {
  text: "Let git trust that directory, as the user and with the HOME that go runs with; never *",
  command: "git config --global --add safe.directory {path}",
  weakens: "git then runs hooks and settings that its owner put there",
};
const ownTree = {
  text: "Or build as its owner, or give it to the user who builds",
  command: 'sudo chown -R "$(id -u):$(id -g)" .',
};

const rules: readonly Rule[] = [
  {
    subcategory: "git-missing",
    says: /exec: "(?:git|hg|svn|bzr|fossil)(?:\.exe)?": executable file not found|missing (?:Git|Mercurial|Subversion|Bazaar) command|git: (?:command )?not found|"git": executable file not found/i,
    unless: /running "/,
    near: "root",
    message: "go needs a version control program that is not installed here",
    remedies: [installGit, fromProxy],
  },
  {
    subcategory: "dubious-ownership",
    says: /detected dubious ownership|unsafe repository \('|is owned by someone else|--add safe\.directory/,
    message: "git does not use a repository of another owner: {path}",
    near: "root",
    remedies: [ownTree, safe],
  },
  {
    subcategory: "vcs-cache-owner-mismatch",
    says: /'origin' |'origin'$|['"]origin['"]/,
    around: /cache[/\\]vcs[/\\]|git (?:ls-remote|fetch)\b.*\borigin\b/,
    unless: /git (?:ls-remote|fetch|init|config|remote)\b|refusing to fetch/,
    message:
      "git ignores the settings of a repository of another owner: the module cache's cache/vcs does not belong to this user",
    near: "root",
    remedies: [
      diagnose,
      {
        text: "Give the module cache to its user",
        command: 'sudo chown -R "$(id -u):$(id -g)" "$(go env GOMODCACHE)/cache/vcs"',
      },
      {
        text: "Or remove the repositories; go fetches them again",
        command: 'rm -rf "$(go env GOMODCACHE)/cache/vcs"',
      },
    ],
  },
  {
    subcategory: "git-too-old",
    says: /exit status 129|unknown (?:option|switch)[: ]|fatal: (?:unrecognized|unknown) (?:argument|option)|git version .* (?:is )?too old/,
    around: /git (?:ls-remote|fetch|-c|cat-file|archive|log|rev-parse)|usage: git/,
    message: "git does not know an option that go gives it: it is too old",
    remedies: [{ text: "Install a newer git", command: "git --version" }, fromProxy],
  },
  {
    subcategory: "vcs-stamping-128",
    says: /error obtaining VCS status/,
    near: "symptom",
    message: "git fails in the project, and go hides its words: most often the work tree belongs to another user",
    remedies: [
      { text: "Read what git says", command: "git status" },
      ownTree,
      { text: "Or leave the stamp out of the program", command: "go build -buildvcs=false ./..." },
    ],
  },
  {
    subcategory: "vcs-cache-objects",
    category: "cache-corrupt",
    says: /reading \S+ at revision \S+: unknown revision|reading \S+\/go\.mod at revision/,
    message: "The repository in the module cache is damaged: it has the tag and not what it points to",
    disposition: "fix-environment",
    remedies: [
      { text: "Remove the repositories; go fetches them again", command: 'rm -rf "$(go env GOMODCACHE)/cache/vcs"' },
    ],
  },
  {
    subcategory: "vcs-cache-objects",
    category: "cache-corrupt",
    says: /(?:fatal|error): (?:bad object|not a git repository|object file \S+ is empty|loose object|packfile .* (?:is far too short|cannot be accessed|index unavailable)|inflate: |unable to read (?:tree|sha1)|missing (?:blob|tree))|not our ref|did not send all necessary objects/i,
    around: /cache[/\\]vcs/,
    message: "The repository in the module cache is damaged",
    disposition: "fix-environment",
    remedies: [
      { text: "Remove the repositories; go fetches them again", command: 'rm -rf "$(go env GOMODCACHE)/cache/vcs"' },
    ],
  },
  {
    subcategory: "unknown-revision",
    says: /unknown revision|couldn't find remote ref|not our ref|revision \S+ not found|reference is not a tree/i,
    message: "The repository has no such revision: {module}@{version}",
    disposition: "fix-repository",
    remedies: [
      { text: "See which versions there are", command: "go list -m -versions {module}" },
      {
        text: "Push the tag, or ask for another version; 000000000000 stands for a module whose replace line does not count here",
      },
    ],
  },
  {
    subcategory: "unknown-vcs",
    says: /not using a known version control system|unknown vcs|unable to determine version control|directory .* is not using/i,
    message: "go cannot tell which version control {path} is under",
    remedies: [{ text: "Use modules in place of GOPATH", command: "go env GO111MODULE GOPATH" }],
  },
  {
    subcategory: "git-failed",
    says: /git (?:ls-remote|fetch|init|clone|cat-file|log|-c)\b.*exit status \d+/,
    spoken: "go",
    near: "warning",
    likely: true,
    message: "git failed; what it said stands below",
    remedies: [{ text: "Ask the repository by hand", command: "git ls-remote https://{module}" }],
  },
];

export const vcs: Subject = {
  category: "vcs",
  disposition: "fix-environment",
  words: [
    "executable file not found",
    "missing git command",
    "missing mercurial",
    "missing subversion",
    "missing bazaar",
    "git: ",
    "dubious ownership",
    "unsafe repository",
    "owned by someone else",
    "safe.directory",
    "'origin'",
    '"origin"',
    "exit status 12",
    "usage: git",
    "unknown option",
    "unknown switch",
    "unrecognized argument",
    "error obtaining vcs",
    "at revision",
    "unknown revision",
    "not our ref",
    "remote ref",
    "not a tree",
    "bad object",
    "not a git repository",
    "object file",
    "loose object",
    "packfile",
    "inflate:",
    "unable to read",
    "missing blob",
    "missing tree",
    "necessary objects",
    "known version control",
    "unknown vcs",
    "determine version control",
    "git ls-remote",
    "git fetch",
    "git init",
    "git clone",
    "git cat-file",
    "git -c",
    "git log",
  ],
  rules,
};

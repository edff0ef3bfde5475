// GOMODCACHE, GOPATH or GOCACHE written as a relative path: go refuses to work with it.
import { cachePathRelative as ofTheMachine } from "../../rules/cache-path-relative.ts";
import { type Setting, settingsOf } from "../golang/settings.ts";
import { type SettingKind, settingKinds } from "../models.ts";
import type { LintDraft, LintRule } from "../rule.ts";

export const cachePathRelative: LintRule<SettingKind> = {
  id: ofTheMachine.id,
  severity: ofTheMachine.severity,
  title: ofTheMachine.title,
  kinds: settingKinds,
  check: (model) => settingsOf(model).flatMap((setting) => ofSetting(setting, "caches" in model)),
};

function ofSetting({ name, value, by, start, end }: Setting, gitlab: boolean): LintDraft[] {
  if (!/^(GOMODCACHE|GOPATH|GOCACHE)$/.test(name)) return [];
  // A shell replaces the tilde of an assignment; what is no shell gives it to go as it is.
  const drive = /^[A-Za-z]:[\\/]/.test(value);
  const first = drive ? "" : (value.split(":")[0] ?? "");
  const tilde = /^~(\/|$)/.test(first) && by !== "" && by !== "export" && by !== "go env -w";
  if (!tilde && !/^\.{0,2}[\w-][\w.-]*(\/[\w.-]+)*\/?$|^\.{1,2}(\/[\w.-]+)*\/?$/.test(first)) return [];
  // go env -w refuses it by itself; GOCACHE=off is a way to have none.
  if (by === "go env -w" || first === "off" || first === "") return [];
  const base = gitlab ? "$CI_PROJECT_DIR" : "$PWD";
  const path = `${base}/${first.replace(/^(\.\/)+/, "")}`;
  // Elsewhere it is not known where the project will be.
  const edits = gitlab && by === "env" && value === first ? [{ start, end, text: JSON.stringify(path) }] : undefined;
  return [
    {
      message: `${name}=${value} is a relative path: go refuses to work with it, for every user`,
      at: { start, end },
      why: "A relative cache would be another directory in every working directory, so Go accepts absolute paths only",
      fixes: [
        tilde
          ? { title: "Write the home directory out: nothing here replaces the tilde", disposition: "unsafe" }
          : {
              title: `Write the absolute path: ${path}`,
              disposition: "unsafe",
              ...(edits === undefined ? {} : { edits }),
            },
      ],
    },
  ];
}

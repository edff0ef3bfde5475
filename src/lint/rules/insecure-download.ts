// GOINSECURE, GIT_SSL_NO_VERIFY, http.sslVerify=false or -insecure in a file: whoever is on the network between can send other code.
import { insecureDownload as ofTheMachine } from "../../rules/insecure-download.ts";
import { widePatterns } from "../../rules/shared/pattern.ts";
import { type Setting, settingsOf } from "../golang/settings.ts";
import { type SettingKind, settingKinds } from "../models.ts";
import type { LintDraft, LintRule } from "../rule.ts";
import { programOf, type ShellCommand } from "../shell/command.ts";

export const insecureDownload: LintRule<SettingKind> = {
  id: ofTheMachine.id,
  severity: ofTheMachine.severity,
  title: ofTheMachine.title,
  kinds: settingKinds,
  check: (model) => [...settingsOf(model).flatMap(ofSetting), ...model.commands.flatMap(ofCommand)],
};

function ofSetting({ name, value, start, end }: Setting): LintDraft[] {
  const at = { start, end };
  if (name === "GOINSECURE" && value !== "") {
    const wide = widePatterns(value).length > 0;
    const message = `GOINSECURE=${value}: go fetches these modules over HTTP or without checking the certificate`;
    return [draft(message, at, wide ? "warning" : "advice")];
  }
  if (name === "GIT_SSL_NO_VERIFY" && !/^(|0|false|no)$/i.test(value))
    return [
      draft("GIT_SSL_NO_VERIFY: git takes any certificate, so that anybody can answer for the server", at, "warning"),
    ];
  if (name === "GOFLAGS" && /(^|\s)--?insecure(=|\s|$)/.test(value))
    return [draft("GOFLAGS contains -insecure, which Go 1.17 removed: go get fails with it", at, "error")];
  return [];
}

function ofCommand(command: ShellCommand): LintDraft[] {
  const words = command.words.map(({ value }) => value);
  if (programOf(command) !== "git" || !words.includes("config")) return [];
  const at = words.findIndex((word) => /^http\.(.*\.)?sslverify$/i.test(word));
  return at >= 0 && /^(false|0|no|off)$/i.test(words[at + 1] ?? "")
    ? [
        draft(
          "http.sslVerify false: git takes any certificate, so that anybody can answer for the server",
          command,
          "warning",
        ),
      ]
    : [];
}

function draft(
  message: string,
  { start, end }: { start: number; end: number },
  severity: "error" | "warning" | "advice",
): LintDraft {
  return {
    message,
    at: { start, end },
    severity,
    why: "Private modules have no checksum database to notice it",
    fixes: [
      {
        title: "Give the server a certificate that the image or machine trusts: update-ca-certificates with your CA",
        disposition: "safe",
      },
    ],
  };
}

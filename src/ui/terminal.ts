// What the terminal can show.

type Environment = Readonly<Record<string, string | undefined>>;

/** Columns of a stream; 120 where it is no terminal, since a log has no width but readers do. At least 40. */
export function terminalWidth(stream: { readonly isTTY?: boolean; readonly columns?: number }): number {
  const columns = stream.isTTY === true ? (stream.columns ?? 80) : 120;
  return Math.max(40, columns);
}

/** Whether the locale is UTF-8, by locale(7): LC_ALL, then LC_CTYPE, then LANG, the first that is set and not empty. */
export function unicodeLocale(env: Environment): boolean {
  const locale = [env["LC_ALL"], env["LC_CTYPE"], env["LANG"]].find((value) => value !== undefined && value !== "");
  return /utf-?8/i.test(locale ?? "");
}

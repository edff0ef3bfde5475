// The .info of a module version (cmd/go/internal/modfetch/codehost: RevInfo; cache.go: readDiskStat).

/** RFC 3339, as Go's time.Time is written in JSON. */
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** Whether go can read the text; else it takes the file for missing. */
export function isRevInfo(text: string): boolean {
  let info: unknown;
  try {
    info = JSON.parse(text);
  } catch {
    return false;
  }
  // null and absent fields are Go's zero values.
  if (info === null) return true;
  if (typeof info !== "object" || Array.isArray(info)) return false;
  const { Version: version, Time: date } = info as { Version?: unknown; Time?: unknown };
  if (version !== undefined && version !== null && typeof version !== "string") return false;
  return date === undefined || date === null || (typeof date === "string" && time.test(date));
}

// Which programs bear com.apple.quarantine: xattr(1). It is an extended attribute, no permission; Gatekeeper looks at it.
import { complaint } from "../run.ts";
import type { MacosTools } from "./tools.ts";

export const quarantineName = "com.apple.quarantine";

/**
 * Whether a file bears the attribute.
 * @returns undefined if xattr did not say
 */
export function isQuarantined(path: string, tools: MacosTools): boolean | undefined {
  const result = tools.run("xattr", ["-p", quarantineName, path]);
  if (result.status === 0) return true;
  // `xattr: FILE: No such xattr: com.apple.quarantine`
  return complaint(result).includes("No such xattr") ? false : undefined;
}

// An event without credentials, since the event file is kept, copied as an artifact and sent by others. PURE.
import type { Cause } from "../causes/cause.ts";
import { redacted, redactedArguments } from "../report/redact.ts";
import type { AuditEvent } from "./event.ts";

/** What only names something (IDs, modules, directories) stays: readers look things up by it. */
export function withoutCredentials(event: AuditEvent): AuditEvent {
  if (event.event === "command-started") {
    const cicd = Object.fromEntries(Object.entries(event.cicd).map(([name, value]) => [name, redacted(value)]));
    return { ...event, argv: redactedArguments(event.argv), cicd };
  }
  if (event.event === "command-ended") return { ...event, causes: event.causes.map(causeWithout) };
  const { source, error } = event;
  return {
    ...event,
    source: redacted(source),
    ...(error === undefined ? {} : { error: { ...error, message: redacted(error.message) } }),
  };
}

/** go and git print URLs as they were given them, and remedies repeat what was printed. */
function causeWithout(cause: Cause): Cause {
  return {
    ...cause,
    message: redacted(cause.message),
    evidence: { ...cause.evidence, text: redacted(cause.evidence.text) },
    paths: cause.paths.map(redacted),
    remedies: cause.remedies.map(({ text, command, ...rest }) => ({
      ...rest,
      text: redacted(text),
      ...(command === undefined ? {} : { command: redacted(command) }),
    })),
  };
}

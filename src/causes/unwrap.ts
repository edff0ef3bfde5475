// Takes off what CI systems, container tools and log viewers put before each line, and leaves the line as its program printed it.

// CSI, OSC and APC sequences (ECMA-48, 5.4 and 5.6); Buildkite hides time stamps in an APC.
const escapes = /\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]_P^][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]/g;

/** Those that begin with a figure or a sign. */
const signed: readonly RegExp[] = [
  /^\ufeff/,
  // GitHub, Azure, GitLab (a stream's number and letter follow), Jenkins (in brackets), docker and kubectl --timestamps, CRI.
  /^\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)\]?(?: \d\d[OE][+ ]?| (?:stdout|stderr) [FP] | |(?=\t|$))/,
  // Jenkins' and TeamCity's time of day.
  /^\[?\d\d:\d\d:\d\d(?:[.,]\d+)?\]?(?: |[A-Zi]?:[ \t]+(?:\[Step \d+\/\d+\] )?)/,
  // BuildKit: plain progress, and the excerpt after a failure.
  /^#\d+ (?:\d+\.\d+ )?/,
  /^\d+\.\d{1,3} /,
  // Open Build Service.
  /^\[ *\d+(?:\.\d+)?s\] /,
  // kubectl --prefix.
  /^\[pod\/[^\]\s]+\] /,
  // GitHub's and Azure's log commands.
  /^##\[(?:error|warning|debug|section|command|group|notice)\]/,
  /^::(?:error|warning|notice|debug|group)[^:]*::/,
  // Quotations in mails and issues.
  /^> ?/,
];
// docker compose; it pads the service's name.
const compose = /^(?:[\w.-]+ *)?[ \t]*\| /;
/** `gh run view --log` puts job and step before the time stamp. */
const jobAndStep = /^[^\t]{1,200}\t[^\t]{1,200}\t\ufeff?(?=\d{4}-\d\d-\d\dT)/;
const pod =
  /^(?:[+] )?[a-z0-9][a-z0-9.-]*-[a-z0-9]{5} (?:› )?[a-z0-9-]+ (?=go: |go [a-z]+ |package |verifying |fatal: |[ \t]|\S+\.go:\d+:\d+: )/;
const gitlabSection = /^section_(?:start|end):\d+:[\w.-]+(?:\[[^\]]*\])?/;

/** Takes off one layer. Most lines have none, so each pattern is tried only where it could match. */
function peel(text: string): string {
  const first = text.charCodeAt(0);
  const letter = (first | 0x20) > 0x60 && (first | 0x20) < 0x7b;
  let rest = text;
  if (!letter) for (const prefix of signed) rest = rest.replace(prefix, "");
  if (rest.includes("| ")) rest = rest.replace(compose, "");
  if (first === 0x73) rest = rest.replace(gitlabSection, "");
  const tab = rest.indexOf("\t");
  if (tab > 0 && rest.indexOf("\t", tab + 1) > 0) rest = rest.replace(jobAndStep, "");
  const dash = rest.indexOf("-");
  if (dash > 0 && rest.charCodeAt(dash + 6) === 0x20) rest = rest.replace(pod, "");
  else if (dash > 0 && dash < 60 && rest.lastIndexOf("-", 60) > dash) rest = rest.replace(pod, "");
  return rest;
}

/** What stands before a prefix may be one itself: a docker build in a GitHub job has two. */
const deepest = 5;

/** @returns the line without prefixes and escape codes; its own indentation stays */
export function unwrap(line: string): string {
  let text = line.includes("\x1b") ? line.replace(escapes, "") : line;
  if (text.startsWith('{"log":"')) text = containerLog(text);
  for (let round = 0; round < deepest; round += 1) {
    const before = text;
    text = peel(text);
    if (text === before) break;
  }
  return text.trimEnd();
}

/** The message of a line of docker's json-file driver. */
function containerLog(text: string): string {
  try {
    const { log } = JSON.parse(text) as { log?: unknown };
    return typeof log === "string" ? log : text;
  } catch {
    return text;
  }
}

/** `\n` in a quoted message, where what follows is a line of go or git. */
const quotedBreak = /\\n(?=go: |\\t|# |package |verifying |fatal: |error: |[^\s"\\]+\.go:\d+:\d+: |"|$)/;

/** The lines that a logger has put on one. Only messages in quotes are taken apart, not paths of Windows. */
export function splitQuoted(text: string): string[] {
  if (!text.includes("\\n") || !text.includes('"')) return [text];
  return text.split(quotedBreak).map((part) => part.replaceAll("\\t", "\t").replaceAll('\\"', '"'));
}

// JSON with comments and trailing commas as YAML: JSON is YAML once comments are blanked, so that every offset stays.

/** The text with comments, and tabs outside of strings, as blanks; as long as it was. */
export function withoutComments(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"?|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\t/g, (part) =>
    part.startsWith('"') ? part : part.replace(/[^\r\n]/g, " "),
  );
}

// What a pod may cost: its scripts are read while other reviews wait, and who sends it may mean ill.

/** What the texts of a pod may have in all, in characters: to read a script takes time that no other review gets. */
const longestTexts = 64 * 1024;
/** Each within another one is read again for each of them. */
const mostSubstitutions = 300;
const substitution = /\$\(|`|\$\{|[<>]\(/g;

/** Far more than a pod has: one of ten containers has some hundreds. */
const mostValues = 10_000;

/** True if reading the scripts among these texts would keep others waiting. */
export function isCostly(texts: readonly string[]): boolean {
  if (texts.reduce((sum, { length }) => sum + length, 0) > longestTexts) return true;
  return texts.reduce((sum, text) => sum + (text.match(substitution)?.length ?? 0), 0) > mostSubstitutions;
}

/** All texts in a value; undefined if it has too many values to be looked at while others wait. */
export function textsOf(value: unknown): string[] | undefined {
  const texts: string[] = [];
  const stack: unknown[] = [value];
  for (let count = 0; stack.length > 0; count += 1) {
    const next = stack.pop();
    if (typeof next === "string") texts.push(next);
    else if (typeof next === "object" && next !== null) for (const item of Object.values(next)) stack.push(item);
    if (count > mostValues || stack.length > mostValues) return undefined;
  }
  return texts;
}

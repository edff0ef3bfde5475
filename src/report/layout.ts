// Columns of a terminal: how wide a text is, padding, and wrapping at spaces only, so that paths and commands stay whole.

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
const combining = /\p{M}/u;

/** Columns that a printable text takes: two for East Asian wide characters and emoji, none for combining marks. */
export function columns(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let sum = 0;
  for (const character of text) sum += wide.test(character) ? 2 : combining.test(character) ? 0 : 1;
  return sum;
}

/** Pads on the right to a number of columns. */
export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - columns(text)));
}

/**
 * Wraps a text at spaces.
 * @param used columns that are taken on the first line
 * @param hang columns by which the other lines are indented
 * @returns lines without the used part and without the indent. The first is empty if the first word does not fit beside
 *   what is there, but does on a line of its own. A word wider than a line stays whole.
 */
export function wrap(text: string, width: number, used: number, hang: number): string[] {
  const lines: string[] = [];
  let line = "";
  let room = width - used;
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    const fits = columns(longer) <= room;
    // On a fresh line a word that is too wide cannot do better, except on the first one, which may be the narrower.
    if (fits || (line === "" && (lines.length > 0 || used <= hang))) {
      line = longer;
      continue;
    }
    lines.push(line);
    line = word;
    room = width - hang;
  }
  lines.push(line);
  return lines;
}

/** A text after a prefix, wrapped with a hanging indent, as lines ready to be printed. */
export function hanging(prefix: string, text: string, width: number, hang: number): string[] {
  const [first = "", ...rest] = wrap(text, width, columns(prefix), hang);
  return [(prefix + first).trimEnd(), ...rest.map((line) => " ".repeat(hang) + line)];
}

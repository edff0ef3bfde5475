// Finds many words at once in bytes, in one pass whose time does not depend on how many there are (Aho and Corasick, "Efficient
// string matching", 1975). ASCII letters match in either case.

export interface Automaton {
  /** Of each byte; bytes that no word has share class 0. */
  readonly classes: Uint8Array;
  /** A state is its row's offset: `next[state + classes[byte]]` is the state after the byte. The first state is 0. */
  readonly next: Int32Array;
  /** States from here on end a word. */
  readonly firstMarked: number;
  /** What the words that end in a state are marked with, by `state >> shift`. */
  readonly marks: Int32Array;
  readonly shift: number;
}

/** @param words each with the bits that it is to set; none is empty */
export function buildAutomaton(words: ReadonlyMap<string, number>): Automaton {
  const encoder = new TextEncoder();
  const entries = [...words].map(([word, mark]) => ({ bytes: encoder.encode(word.toLowerCase()), mark }));
  const { classes, count } = classify(entries.map(({ bytes }) => bytes));
  const trie = [new Map<number, number>()];
  const marks = [0];
  for (const { bytes, mark } of entries) {
    let node = 0;
    for (const byte of bytes) {
      const step = classes[byte] as number;
      let child = trie[node]?.get(step);
      if (child === undefined) {
        child = trie.push(new Map()) - 1;
        marks.push(0);
        trie[node]?.set(step, child);
      }
      node = child;
    }
    marks[node] = (marks[node] as number) | mark;
  }
  return table(trie, marks, classes, Math.ceil(Math.log2(count)));
}

function classify(words: readonly Uint8Array[]): { classes: Uint8Array; count: number } {
  const classes = new Uint8Array(256);
  let count = 1;
  for (const word of words) {
    for (const byte of word) {
      if (classes[byte] === 0) classes[byte] = count++;
    }
  }
  for (let letter = 0x41; letter <= 0x5a; letter += 1) classes[letter] = classes[letter + 0x20] as number;
  return { classes, count };
}

/** Turns the trie into a complete table, breadth first, and puts the states that end a word last. */
function table(trie: readonly Map<number, number>[], marks: number[], classes: Uint8Array, shift: number): Automaton {
  const width = 1 << shift;
  const full = new Int32Array(trie.length * width);
  const fallback = new Int32Array(trie.length);
  const queue = [0];
  for (let at = 0; at < queue.length; at += 1) {
    const node = queue[at] as number;
    const back = fallback[node] as number;
    marks[node] = (marks[node] as number) | (marks[back] as number);
    for (let step = 0; step < width; step += 1) {
      const child = trie[node]?.get(step);
      const failed = node === 0 ? 0 : (full[back * width + step] as number);
      full[node * width + step] = child ?? failed;
      if (child === undefined) continue;
      fallback[child] = failed;
      queue.push(child);
    }
  }
  const order = [...queue.filter((node) => marks[node] === 0), ...queue.filter((node) => marks[node] !== 0)];
  const place = new Int32Array(trie.length);
  for (const [index, node] of order.entries()) place[node] = index << shift;
  const next = new Int32Array(full.length);
  for (const [index, node] of order.entries()) {
    for (let step = 0; step < width; step += 1) {
      next[(index << shift) + step] = place[full[node * width + step] as number] as number;
    }
  }
  return {
    classes,
    next,
    firstMarked: order.filter((node) => marks[node] === 0).length << shift,
    marks: Int32Array.from(order, (node) => marks[node] as number),
    shift,
  };
}

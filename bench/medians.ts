// Runs contestants in turn, so that all meet the same load, and prints each one's median and its ratio to the first.

export function printMedians(
  contestants: Readonly<Record<string, readonly string[]>>,
  runs: number,
  milliseconds: (argv: readonly string[]) => number,
): void {
  const names = Object.keys(contestants);
  const times = new Map(names.map((name) => [name, [] as number[]]));
  // Once beforehand, so that everything is in the kernel's caches.
  for (const name of names) milliseconds(contestants[name] as readonly string[]);
  for (let run = 0; run < runs; run += 1) {
    for (const name of names) times.get(name)?.push(milliseconds(contestants[name] as readonly string[]));
  }
  const medians = names.map((name) => median(times.get(name) as number[]));
  const width = Math.max(...names.map((name) => name.length));
  for (const [index, name] of names.entries()) {
    const own = medians[index] as number;
    console.log(
      `${name.padEnd(width)}  ${own.toFixed(0).padStart(6)} ms  ratio ${(own / (medians[0] as number)).toFixed(2)}`,
    );
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

// Numbers as reports write them. Intl would do it as well, but loading it takes longer than many a whole answer.

/** `12,310` for 12310. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** The value below which a share of the values lies; `share` in 0…1. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** The middle value: rounds are compared by it, since single rounds are disturbed by the machine. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

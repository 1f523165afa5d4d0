/** What a row of calls came to. Times are milliseconds; missing where there were no calls. */
export interface Latencies {
  readonly calls: number;
  readonly p50: number | undefined;
  readonly p99: number | undefined;
}

/** The smallest value that is not exceeded by the share (0 to 1) of all values: nearest rank. `undefined` without values. */
export function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

/** The figures of some calls. */
export function latenciesOf(values: readonly number[]): Latencies {
  return { calls: values.length, p50: percentile(values, 0.5), p99: percentile(values, 0.99) };
}

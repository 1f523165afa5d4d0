/**
 * One figure: ours beside its twin, measured in alternating rounds of one run; `ratio` = ours ÷ twin. What has no twin (a count of errors, the time of
 * a rollback) has null for both.
 */
export interface BenchResult {
  readonly key: string;
  readonly ours: number;
  readonly twin: number | null;
  readonly ratio: number | null;
  readonly unit: string;
}

/** Puts two figures beside each other. */
export function compare(key: string, ours: number, twin: number, unit: string): BenchResult {
  const ratio = twin === 0 ? null : rounded(ours / twin);
  return { key, ours: rounded(ours), twin: rounded(twin), ratio, unit };
}

/** A figure that stands alone. */
export function alone(key: string, ours: number, unit: string): BenchResult {
  return { key, ours: rounded(ours), twin: null, ratio: null, unit };
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

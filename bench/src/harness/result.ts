/** One figure: ours beside its raw twin, measured in alternating rounds of one run; `ratio` = ours ÷ twin. */
export interface BenchResult {
  readonly key: string;
  readonly ours: number;
  readonly twin: number;
  readonly ratio: number;
  readonly unit: string;
}

/** Puts two figures beside each other. */
export function compare(key: string, ours: number, twin: number, unit: string): BenchResult {
  return { key, ours: rounded(ours), twin: rounded(twin), ratio: rounded(ours / twin), unit };
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

import type { AppendRecord, Rule } from '@nestfold/testing';
import type { Finding } from './bound.js';
import type { Outcome } from './entry.js';
import type { Stage } from './stage.js';

/** What a run came to: printed as one line of JSON. */
export type Line = Readonly<Record<string, unknown>> & {
  readonly entry: string;
  readonly faults: number;
  readonly void: boolean;
};

const NOT_LINEAR: readonly Rule[] = [
  'append-recorded',
  'fail-absent',
  'info-whole',
  'read-prefix',
  'real-time',
  'conflict-unjustified',
];
const OUT_OF_ORDER: readonly Rule[] = ['delivered', 'checkpoint-monotone', 'fenced-writes-nothing', 'reads-monotone'];

/** Makes the line of a run. The fields of sagas, money and stock are empty until there are any. */
export function lineOf(
  { id, seed, seconds }: { readonly id: string; readonly seed: number; readonly seconds: number },
  { ledger, faults, lagMax, lagMaxMs, short }: Stage,
  { planned, acknowledged, figures = {}, bounds = [] }: Outcome,
  violations: readonly Finding[],
): Line {
  const count = (...rules: readonly Rule[]): number =>
    violations.filter(({ rule }) => rules.some((one) => one === rule)).length;
  const { appends } = ledger;
  const eventsWith = (status: AppendRecord['status']): number =>
    appends.filter((one) => one.status === status).reduce((sum, { events }) => sum + events.length, 0);
  const known: readonly Finding['rule'][] = [
    'bound',
    'ok-present',
    'ids-unique',
    'versions-dense',
    'read-model-equals-fold',
    'applied-once',
    ...NOT_LINEAR,
    ...OUT_OF_ORDER,
  ];
  return {
    entry: id,
    seed,
    acked: eventsWith('ok'),
    failed: eventsWith('fail'),
    unknown: eventsWith('info'),
    lost: count('ok-present'),
    dup: count('ids-unique'),
    gaps: count('versions-dense'),
    order_violations: count(...OUT_OF_ORDER),
    nonlinearizable: count(...NOT_LINEAR),
    rm_diff: count('read-model-equals-fold', 'applied-once'),
    other_violations: violations.filter(({ rule }) => !known.includes(rule)).length,
    saga_bad: null,
    money_diff: null,
    stock_neg: null,
    resume_s: { p50: inSeconds(quantile(faults.resumedMs, 0.5)), max: inSeconds(quantile(faults.resumedMs, 1)) },
    cmd_p99_ms: latencies(appends, faults.windows),
    lag_max: lagMax,
    lag_max_s: inSeconds(lagMaxMs),
    faults: faults.count,
    // 0 failures in n faults: at 95 % fewer than 3 in n fail.
    ...(violations.length === 0 && faults.count > 0 && { fails_below: rounded(3 / faults.count) }),
    void: faults.count < planned || ledger.events < acknowledged,
    ...figures,
    bounds: Object.fromEntries(bounds.map(({ what, ...bound }) => [what, bound])),
    exceeded: violations.flatMap(({ rule, subject }) => (rule === 'bound' ? [subject] : [])),
    short,
    seconds: rounded(seconds),
  };
}

/** The 99th percentile of what acknowledged additions took, by when they were asked: before the first fault, in one, behind the last. */
function latencies(
  appends: readonly AppendRecord[],
  windows: readonly { readonly from: number; readonly to: number }[],
): Record<'before' | 'during' | 'after', number | null> {
  const first = windows[0]?.from ?? Infinity;
  const last = windows.at(-1)?.to ?? Infinity;
  const took = { before: [] as number[], during: [] as number[], after: [] as number[] };
  for (const { invoked, completed, status } of appends) {
    if (status !== 'ok' || completed === undefined) continue;
    const isHit = windows.some(({ from, to }) => invoked <= to && completed >= from);
    const when = isHit ? 'during' : invoked < first ? 'before' : invoked > last ? 'after' : undefined;
    if (when) took[when].push(completed - invoked);
  }
  const p99 = (values: readonly number[]): number | null => {
    const value = quantile(values, 0.99);
    return value === undefined ? null : rounded(value);
  };
  return { before: p99(took.before), during: p99(took.during), after: p99(took.after) };
}

/** A quantile of some values; nothing of none. */
export function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** Milliseconds as seconds with two digits. */
export function inSeconds(ms: number | undefined): number | null {
  return ms === undefined ? null : rounded(ms / 1_000);
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

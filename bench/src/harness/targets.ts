import type { BenchResult } from './result.js';

/** What a figure, or its ratio, is to reach. */
export interface Target {
  readonly of: 'ours' | 'ratio';
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** A time of ours against the twin's: a speed of 0.85 × takes 1 / 0.85 of its time. */
const speedOf = (share: number): Target => ({ of: 'ratio', atMost: Number((1 / share).toFixed(3)) });
const share = (atLeast: number): Target => ({ of: 'ratio', atLeast });
const ratioUpTo = (atMost: number): Target => ({ of: 'ratio', atMost });
const atLeast = (value: number): Target => ({ of: 'ours', atLeast: value });
const atMost = (value: number): Target => ({ of: 'ours', atMost: value });

/** What has no entry is reported without a target. */
export const TARGETS: Readonly<Record<string, readonly Target[]>> = {
  'append.1.p50': [ratioUpTo(1.1)],
  'append.512': [share(8)],
  'append.64.insertMany': [share(0.6)],
  'append.64.insertMany32': [share(0.6)],
  'append.512.insertMany': [share(0.6)],
  'append.commands': [atMost(1)],
  'append.commands.grouped': [atMost(1)],
  'load.10': [speedOf(0.85)],
  'load.1000': [speedOf(0.85)],
  'load.10000': [speedOf(0.85)],
  history: [share(0.8)],
  'live.p50': [atMost(8)],
  'live.p99': [atMost(30)],
  'fanout.10': [share(0.7)],
  'fanout.10.latency': [ratioUpTo(2)],
  'slow.others.p99': [ratioUpTo(1.2)],
  transactional: [share(0.85)],
  'commands.batch': [atMost(4)],
  rebuild: [share(0.8)],
  'rebuild.parallel': [share(0.8), atLeast(50_000)],
  'rebuild.parallel.memory': [atMost(512)],
  'rebuild.single': [atLeast(30_000)],
  'rebuild.single.memory': [atMost(512)],
  'rebuild.under-load.reads': [atLeast(190)],
  'rebuild.under-load.writes': [atLeast(475)],
  'rebuild.under-load.errors': [atMost(0)],
  'rebuild.under-load.half-built': [atMost(0)],
  'rebuild.under-load.lag': [atMost(2_000)],
  'rebuild.under-load.rollback': [atMost(1_000)],
  'rebuild.under-load.stale': [atMost(0)],
  'rebuild.under-load.different': [atMost(0)],
  'kafka.relay': [share(0.85)],
  'kafka.subscription': [share(0.8)],
  'kafka.live.p99': [atMost(100)],
  'large.append.1.p50': [ratioUpTo(1.1)],
  'large.append.512': [share(0.9)],
  'large.load.10': [ratioUpTo(1.1)],
  'large.load.1000': [ratioUpTo(1.1)],
};

/** Which of its targets a result misses. */
export function missedBy(result: BenchResult): readonly Target[] {
  return targetsOf(result).filter((target) => {
    const value = result[target.of] ?? Number.NaN;
    return !(value >= (target.atLeast ?? -Infinity) && value <= (target.atMost ?? Infinity));
  });
}

export function targetsOf({ key }: BenchResult): readonly Target[] {
  return TARGETS[key] ?? [];
}

/** In a few characters, such as `≥ 0.7×` or `≤ 8`. */
export function inWords({ of, atLeast: least, atMost: most }: Target): string {
  const unit = of === 'ratio' ? '×' : '';
  return least === undefined ? `≤ ${most}${unit}` : `≥ ${least}${unit}`;
}

import { counterProjections } from '../domain/counter-projections.js';
import type { BenchContext } from '../harness/context.js';
import { compare, type BenchResult } from '../harness/result.js';
import { alternate } from '../harness/rounds.js';
import { percentile } from '../harness/statistics.js';
import { measureCommits } from './commit-latency.js';

const PROJECTIONS = 10;
const PER_SECOND = 500;
const MILLISECONDS_AN_EVENT = 20;

/**
 * Ten projections of which one takes ten times as long for an event as there is between two, so that it falls behind for good: the others' p99,
 * beside a run of those others alone.
 */
export async function slowBench({ store, quick }: BenchContext): Promise<BenchResult[]> {
  const seconds = quick ? 3 : 10;
  const all = counterProjections(PROJECTIONS);
  const slow = { projection: all.at(-1)!.name, millisecondsAnEvent: MILLISECONDS_AN_EVENT };
  const measured = await alternate(
    'slow.others.p99',
    quick ? 1 : 3,
    () => measureCommits({ store, projections: all, perSecond: PER_SECOND, seconds, slow }),
    () => measureCommits({ store, projections: all.slice(0, -1), perSecond: PER_SECOND, seconds }),
  );
  const at = (side: 'ours' | 'twin', share: number): number => percentile(measured[side].flat(), share);
  return [
    compare('slow.others.p50', at('ours', 0.5), at('twin', 0.5), 'ms'),
    compare('slow.others.p99', at('ours', 0.99), at('twin', 0.99), 'ms'),
  ];
}

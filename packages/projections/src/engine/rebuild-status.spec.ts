import type { Generation } from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { rebuildStatusOf } from './statuses.js';

const BEGUN = 1_000_000;

const generation = (more: Partial<Generation>): Generation => ({
  id: 'orders.1.2',
  projection: 'orders',
  version: 1,
  number: 2,
  state: 'building',
  collections: {},
  partitions: 1,
  epoch: 'e',
  progress: { processed: 3_000, total: 9_000, rate: 0 },
  startedBy: 'ada',
  startedAt: new Date(BEGUN),
  ...more,
});

describe('the status of a rebuild', () => {
  it('tells the rate of the last seconds while it runs, and when it will end by its pace', () => {
    const running = generation({ progress: { processed: 3_000, total: 9_000, rate: 70 } });
    expect(rebuildStatusOf(running, BEGUN + 10_000)).toMatchObject({ state: 'running', rate: 70, etaSeconds: 20 });
  });

  // It was that of the seconds before its end, in which mostly nothing was left to read: 0.
  it.each([
    ['done', generation({ state: 'live', builtAt: new Date(BEGUN + 12_000) }), 250],
    ['done', generation({ state: 'retired', builtAt: new Date(BEGUN), endedAt: new Date(BEGUN + 9) }), 3_000_000],
    ['cancelled', generation({ state: 'cancelled', endedAt: new Date(BEGUN + 4_500) }), 666.67],
    [
      'failed',
      generation({ state: 'failed', failure: { code: 'c', message: 'm', at: new Date(BEGUN + 30_000) } }),
      100,
    ],
  ])('tells of one that is %s how fast it was from its beginning to its end', (state, ended, rate) => {
    expect(rebuildStatusOf(ended, BEGUN + 3_600_000)).toMatchObject({ state, rate });
  });

  it('tells what it is trying again while it runs, and nothing of what its documents meet once they are live', () => {
    const trouble = { code: 'projection.failed', error: 'no space left', since: BEGUN };
    const errorOf = (more: Partial<Generation>) => rebuildStatusOf(generation(more), BEGUN + 9, trouble).error;
    expect(errorOf({})).toEqual({ code: 'projection.failed', message: 'no space left', at: new Date(BEGUN) });
    expect(errorOf({ state: 'live', builtAt: new Date(BEGUN + 5) })).toBeUndefined();
  });
});

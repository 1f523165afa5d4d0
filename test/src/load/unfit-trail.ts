import { isMainThread } from 'node:worker_threads';
import { On, Projection, writes } from '@nestfold/projections';
import { Added } from '../crash/tally.js';

if (!isMainThread) throw new Error('This module does not like threads.');

/** A sum. */
export class UnfitTrail {
  _id!: string;
  total!: number;
}

const trail = writes(UnfitTrail);

/** Its module cannot be loaded by a thread. */
@Projection('unfit-trails', { version: 1, readModels: [UnfitTrail], slicing: 'stream', module: import.meta.url })
export class UnfitTrailProjection {
  @On(Added) added({ tallyId, by }: Added) {
    return trail.increment(tallyId, { total: by }, { initial: { total: 0 } });
  }
}

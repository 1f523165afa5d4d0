import { isMainThread } from 'node:worker_threads';
import { On, Projection, writes } from '@nestfold/projections';
import { Added, digested } from '../crash/tally.js';

/** One tally as a load on threads makes it: what is lost, doubled or out of order shows in the digest. */
export class TallyTrail {
  _id!: string;
  total!: number;
  changes!: number;
  digest!: number;
}

const trail = writes(TallyTrail);

/** An addition of so much is poison; of so much more it kills the thread that applies it. */
export const POISON = -1;
export const LETHAL = -2;

/** Fed by one stream a document, and built by worker threads. */
@Projection('tally-trails', { version: 1, readModels: [TallyTrail], slicing: 'stream', module: import.meta.url })
export class TallyTrailProjection {
  @On(Added) added({ tallyId, by }: Added) {
    if (by === POISON) throw new Error('poison');
    // In a worker thread this ends the thread and nothing else.
    if (by === LETHAL && !isMainThread) process.exit(3);
    return trail.reduce(tallyId, (document) => ({
      total: (document?.total ?? 0) + by,
      changes: (document?.changes ?? 0) + 1,
      digest: digested(document?.digest ?? 0, by),
    }));
  }
}

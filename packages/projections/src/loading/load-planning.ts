import type { Generation, LoadPlan, LoadRange, StreamName } from '@nestfold/core';
import { beginning } from '../following/store-clock.js';
import type { EngineContext } from '../running/engine-context.js';

const MOST_RANGES = 32;

/** The generation with its plan: the one that is stored, or else one that is made now. Of several processes that make one, one is kept. */
export async function planned(context: EngineContext, generation: Generation): Promise<Generation> {
  if (generation.load !== undefined) return generation;
  return context.connection.generations.planLoad(generation.id, await newPlan(context));
}

/** So many ranges that a crash repeats little and all threads are busy to the end; few, since each begins and ends with its own lease. */
async function newPlan({ connection: { feed }, settings }: EngineContext): Promise<LoadPlan> {
  // Before anything is sampled: a stream that begins later lies in one of the ranges all the same, their ends are open.
  const { began, horizon } = beginning(await feed.now(), feed.horizonSeconds);
  const wanted = Math.ceil((await feed.estimateCommits()) / settings.loadRangeCommits);
  const bounds = await feed.streamBounds(Math.min(MOST_RANGES, Math.max(1, wanted)));
  return { began, horizon, ranges: rangesOf(bounds), done: false };
}

function rangesOf(bounds: readonly StreamName[]): LoadRange[] {
  return [undefined, ...bounds].map((from, index) => {
    const to = bounds[index];
    return { ...(from !== undefined && { from }), ...(to !== undefined && { to }), processed: 0, done: false };
  });
}

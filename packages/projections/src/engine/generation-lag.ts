import { secondsOf, storeTime, type Generation, type StoreConnection, type StoreTime } from '@nestfold/core';
import { timeOf } from '../following/store-clock.js';
import type { Lag } from '../rebuilding/rollback-refused.error.js';
import type { GenerationView } from '../running/generation-view.js';
import { partitionKey, slicesOf } from '../running/keys.js';

/** Counting further would cost more than it tells. */
const COUNT_LIMIT = 10_000;

/** Up to where everything is known to be applied, wherever that is done. */
export async function savedTimeOf({ checkpoints }: StoreConnection, key: string): Promise<StoreTime | undefined> {
  const position = (await checkpoints.find(key))?.position;
  return position && timeOf(position);
}

/** What follows a place: of the streams in some slices, or of all. */
export async function lagOf(
  { feed }: StoreConnection,
  time: StoreTime | undefined,
  slices: ReturnType<typeof slicesOf> = undefined,
): Promise<Lag> {
  const lagEvents = await feed.eventsAfter(time ?? storeTime(0, 0), COUNT_LIMIT, slices);
  if (lagEvents === 0) return { lagEvents, lagSeconds: 0 };
  return { lagEvents, lagSeconds: time === undefined ? 0 : Math.max(0, secondsOf(await feed.now()) - secondsOf(time)) };
}

/** The lag of all partitions of a generation: their events together, the seconds of the worst. As this process knows its own, and as the others saved. */
export async function generationLag(
  connection: StoreConnection,
  generation: Generation,
  view?: GenerationView,
): Promise<Lag> {
  return sumOf(await partitionLags(connection, generation, view));
}

/** The lag of each partition of a generation. */
export function partitionLags(
  connection: StoreConnection,
  generation: Generation,
  view?: GenerationView,
): Promise<Lag[]> {
  const partitions = Array.from({ length: generation.partitions }, (_, partition) => partition);
  return Promise.all(
    partitions.map(async (partition) => {
      const saved = view?.timeOf(partition) ?? (await savedTimeOf(connection, partitionKey(generation, partition)));
      return lagOf(connection, saved, slicesOf(generation, partition));
    }),
  );
}

/** The lag of partitions together. */
export function sumOf(lags: readonly Lag[]): Lag {
  return {
    lagEvents: Math.min(
      COUNT_LIMIT,
      lags.reduce((sum, lag) => sum + lag.lagEvents, 0),
    ),
    lagSeconds: Math.max(0, ...lags.map((lag) => lag.lagSeconds)),
  };
}

import type { EngineContext } from './engine-context.js';
import type { HeldPartition } from './held-partition.js';
import type { PartitionHost } from './partition-runner.js';

/** Gives back a partition that was taken when nothing was to be fed any more. Answers true: nobody else had it. */
export async function giveBack(
  { connection }: EngineContext,
  host: Pick<PartitionHost, 'fresh'>,
  held: HeldPartition,
): Promise<true> {
  try {
    // Claiming the checkpoint of a generation that has ended made it anew.
    if ((await host.fresh()) === undefined) await connection.checkpoints.remove(held.key);
  } finally {
    await held.release();
  }
  return true;
}

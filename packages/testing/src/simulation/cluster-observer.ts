import type { BatchWriter, Generation, StoreConnection } from '@nestfold/core';
import { CheckpointWatch } from '../history/checkpoint-watch.js';
import { altered } from './altered.js';

/** Sees what the processes' stores answer, in the order in which it takes effect. */
export class ClusterObserver {
  readonly checkpoints = new CheckpointWatch();
  /** Batches that were stored. */
  batches = 0;
  /** Pointers that moved. */
  swaps = 0;

  /** `onSwap` is called right after a pointer has moved. */
  constructor(private readonly onSwap: (generation: Generation) => void = () => undefined) {}

  /** The same store, watched. */
  watch(store: StoreConnection): StoreConnection {
    const { checkpoints, generations } = store;
    return {
      ...store,
      checkpoints: altered(checkpoints, {
        claim: async (key, token) => {
          const checkpoint = await checkpoints.claim(key, token);
          if (checkpoint !== undefined) this.checkpoints.claimed(key, token);
          return checkpoint;
        },
        remove: async (key) => {
          await checkpoints.remove(key);
          this.checkpoints.removed(key);
        },
        openWriter: async (key) => this.watchWriter(await checkpoints.openWriter(key)),
      }),
      generations: altered(generations, {
        swap: async (asked) => {
          const isDone = await generations.swap(asked);
          if (isDone) {
            this.swaps += 1;
            this.onSwap(asked.generation);
          }
          return isDone;
        },
      }),
    };
  }

  private watchWriter(writer: BatchWriter): BatchWriter {
    return altered(writer, {
      write: async (batch, work) => {
        const outcome = await writer.write(batch, work);
        if (outcome.kind === 'committed') {
          this.batches += 1;
          this.checkpoints.written(batch);
        }
        return outcome;
      },
    });
  }
}

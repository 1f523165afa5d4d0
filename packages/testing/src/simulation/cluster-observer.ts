import type { BatchWriter, Generation, StoreConnection } from '@nestfold/core';
import { CheckpointWatch } from '../history/checkpoint-watch.js';
import { altered } from './altered.js';
import type { BlameWatch } from './blame-watch.js';
import type { Build } from './scenario.js';
import type { VersionWatch } from './version-watch.js';

/** Sees what the processes' stores answer, in the order in which it takes effect. */
export class ClusterObserver {
  readonly checkpoints = new CheckpointWatch();
  /** Batches that were stored. */
  batches = 0;
  /** Pointers that moved. */
  swaps = 0;

  /** `onSwap` is called right after a pointer has moved, `onDiscard` with each event that is to be left out. */
  constructor(
    private readonly versions: VersionWatch,
    private readonly blame: BlameWatch,
    private readonly onSwap: (generation: Generation) => void,
    private readonly onDiscard: (event: string) => void,
  ) {}

  /** The same store, watched: that of a process, and of its build, where it feeds read models. */
  watch(raw: StoreConnection, process: string, build: Build | undefined): StoreConnection {
    const store = this.versions.watch(raw, process, build);
    const { checkpoints, generations, parked } = store;
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
        openWriter: async (key) => this.watchWriter(await checkpoints.openWriter(key), process, build),
      }),
      parked: altered(parked, {
        request: (id, request) => {
          if (request.kind === 'discard') this.onDiscard(request.event);
          return parked.request(id, request);
        },
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
        fail: async (id, failure, held) => {
          const isDone = await generations.fail(id, failure, held);
          if (isDone) this.blame.stopped(id, failure.message);
          return isDone;
        },
      }),
    };
  }

  private watchWriter(writer: BatchWriter, process: string, build: Build | undefined): BatchWriter {
    return altered(writer, {
      write: async (batch, work) => {
        const fresh = this.blame.fresh(batch);
        const outcome = await writer.write(batch, work);
        if (outcome.kind === 'committed') {
          this.batches += 1;
          this.checkpoints.written(batch);
          if (build !== undefined) this.blame.parked(fresh, process, build);
        }
        return outcome;
      },
    });
  }
}

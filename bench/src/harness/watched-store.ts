import type { BatchWriter, StoreConnection } from '@nestfold/core';
import { altered } from './altered.js';

/** Who is told of batches. */
export interface BatchWatch {
  /** Before a batch is written; it waits for the answer. `key` begins with the projection's name and a point. */
  readonly before?: (key: string) => Promise<void>;
  /** After a batch is committed, so that its documents can be read: those that it changed. */
  readonly committed: (key: string, ids: readonly string[]) => void;
}

/** A store that tells what was committed, at no cost to the database: for many projections at once, where a change stream each would weigh more. */
export function watchedStore(store: StoreConnection, watch: BatchWatch): StoreConnection {
  const openWriter: StoreConnection['checkpoints']['openWriter'] = async (key) => {
    const writer = await store.checkpoints.openWriter(key);
    const write: BatchWriter['write'] = async (batch, work) => {
      await watch.before?.(key);
      let ids: string[] = [];
      const outcome = await writer.write(batch, (models) => {
        ids = [];
        return work(
          altered(models, {
            apply: (collection, changes) => {
              for (const { id } of changes) ids.push(id);
              return models.apply(collection, changes);
            },
          }),
        );
      });
      if (outcome.kind === 'committed') watch.committed(key, ids);
      return outcome;
    };
    return altered(writer, { write });
  };
  return { ...store, checkpoints: altered(store.checkpoints, { openWriter }) };
}

import type { Condition, ReadModelStore, ReadQuery } from '@nestfold/core';
import type { LivePointer } from './live-pointer.js';
import { ReadModelNotReady } from './read-model-not-ready.error.js';
import type { Find, ReadModel } from './read-model.js';

/** Reads one model's documents in whichever generation is live. */
export class StoredReadModel<D extends object> implements ReadModel<D> {
  constructor(
    private readonly store: ReadModelStore,
    private readonly pointer: LivePointer,
    private readonly name: string,
  ) {}

  findById(id: string): Promise<D | undefined> {
    return this.within(async (collection) => (await this.store.findById(collection, id)) as D | undefined);
  }

  async findOne(query: Find<D>): Promise<D | undefined> {
    return (await this.find({ ...query, limit: 1 }))[0];
  }

  find(query: Find<D>): Promise<readonly D[]> {
    return this.within(
      async (collection) =>
        (await this.store.find(collection, query as ReadQuery)) as readonly object[] as readonly D[],
    );
  }

  count({ where, text }: Pick<Find<D>, 'where' | 'text'> = {}): Promise<number> {
    return this.within((collection) => this.store.count(collection, (where ?? {}) as Condition, text));
  }

  collectionName(): Promise<string> {
    return this.within((collection) => Promise.resolve(collection));
  }

  private within<R>(read: (collection: string) => Promise<R>): Promise<R> {
    return this.pointer.with(({ projection, collections }) => {
      const collection = collections[this.name];
      // An older version that serves meanwhile did not know this model.
      if (collection === undefined) throw new ReadModelNotReady(projection, this.pointer.version);
      return read(collection);
    });
  }
}

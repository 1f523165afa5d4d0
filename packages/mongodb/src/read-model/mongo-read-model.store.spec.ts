import { expect, it, vi } from 'vitest';
import { MongoReadModelStore } from './mongo-read-model.store.js';

type Context = ConstructorParameters<typeof MongoReadModelStore>[0];

// In turns with callers, ten rebuilds of streams could have kept all of them waiting for minutes, and a flood of callers each rebuild.
it('looking for the documents of a stream takes no turn of a caller', async () => {
  const take = vi.fn();
  const found = { toArray: () => Promise.resolve([{ _id: '1' }]) };
  const context = {
    db: { collection: () => ({ find: () => found }) },
    clock: { read: (_client: unknown, read: (session: unknown) => unknown) => read({}) },
    turns: { take },
  } as unknown as Context;
  expect(await new MongoReadModelStore(context).fedBy('orders', 'order-1', [], 10)).toEqual(['1']);
  expect(take).not.toHaveBeenCalled();
});

import { ConfigurationError, InMemoryDatabase, StoreUnavailable, type ReadModelIndex } from '@nestfold/core';
import { describe, expect, it, vi } from 'vitest';
import { On } from '../definition/on.decorator.js';
import { Projection } from '../definition/projection.decorator.js';
import { ReadModelDocument } from '../definition/read-model-document.decorator.js';
import { writes } from '../definition/writes.js';
import { altered } from '../fixtures/altered-store.fixture.js';
import { endEnginesAfterEach, place, started } from '../fixtures/engines.fixture.js';
import { OrderPlaced } from '../fixtures/shop.fixture.js';
import { fast, memory } from '../fixtures/store.fixture.js';

endEnginesAfterEach();

/** The same projection in a build that declares these indexes. */
function withIndexes(...indexes: ReadModelIndex[]) {
  @ReadModelDocument('ticket', { indexes })
  class Ticket {
    _id!: string;
    total!: number;
  }
  @Projection('tickets', { version: 1, readModels: [Ticket] })
  class Tickets {
    @On(OrderPlaced) placed({ orderId, total }: OrderPlaced) {
      return writes(Ticket).insert(orderId, { total });
    }
  }
  return { Ticket, Tickets };
}

describe('an index of a live projection', () => {
  it('that is new is built', async () => {
    const database = new InMemoryDatabase();
    const store = await memory(database);
    const before = await started(store, [withIndexes().Tickets]);
    await before.settled();
    await before.stop();
    const after = await started(store, [withIndexes({ name: 'total', keys: { total: 1 } }).Tickets]);
    await after.settled();
    expect([...database.collection('tickets.1.1.ticket').indexes.keys()]).toEqual(['total']);
    expect((await after.status('tickets')).error).toBeUndefined();
  });

  // Without `onRefused` the projection stood still, its state 'live', and the store was asked for the index again and again.
  it('that was changed under its name is asked for once: the projection is fed on, the others are built, and the status says what to do', async () => {
    const database = new InMemoryDatabase();
    const store = await memory(database);
    const before = await started(store, [withIndexes({ name: 'total', keys: { total: 1 } }).Tickets]);
    await before.settled();
    await before.stop();
    const remedy = "An index is there with another definition. Give it a new name, or raise the projection's version.";
    let down = 1;
    const buildIndexes = vi.fn(async (collection: string, indexes: readonly ReadModelIndex[]) => {
      if (down > 0) {
        down -= 1;
        throw new StoreUnavailable('down');
      }
      if (indexes.some(({ name }) => name === 'total')) throw new ConfigurationError(remedy);
      return store.readModels.buildIndexes(collection, indexes);
    });
    const changed = { ...store, readModels: altered(store.readModels, { buildIndexes }) };
    const { Ticket, Tickets } = withIndexes(
      { name: 'total', keys: { total: -1 } },
      { name: 'both', keys: { total: 1, _id: 1 } },
    );
    const after = await started(changed, [Tickets], { settings: { ...fast, backoffMs: 1, backoffMaxMs: 1 } });
    await place(store, '1');
    await after.settled();
    expect(await after.readModel(Ticket).findById('1')).toMatchObject({ total: 5 });
    expect([...database.collection('tickets.1.1.ticket').indexes.keys()]).toEqual(['total', 'both']);
    expect(await after.status('tickets')).toMatchObject({ state: 'live', error: { message: remedy } });
    expect(buildIndexes.mock.calls.map(([, [index]]) => index?.name)).toEqual(['total', 'total', 'both']);
  });
});

import type { DocumentChange, EventEnvelope, ReadModelWriter, StoreConnection } from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { On } from '../definition/on.decorator.js';
import { Projection } from '../definition/projection.decorator.js';
import { projectionDefinitionOf } from '../definition/projection-definition.js';
import { writes } from '../definition/writes.js';
import {
  DailyTotal,
  LineAdded,
  OrderDeleted,
  OrderPlaced,
  OrderShipped,
  shopEvents,
} from '../fixtures/shop.fixture.js';
import { documents, envelope, memory } from '../fixtures/store.fixture.js';
import { DocumentMemory } from './document-memory.js';
import { deleted, foldInto, placed, shipped } from './fold.fixture.js';
import { ProjectionFold } from './projection-fold.js';

const daily = writes(DailyTotal);

/** Writes the document that the event names, whichever stream it is of. */
@Projection('one-stream', { version: 1, readModels: [DailyTotal], slicing: 'stream' })
class OneStream {
  @On(OrderPlaced) placed(e: OrderPlaced) {
    return daily.increment(
      e.orderId,
      { orders: 1 },
      { initial: { orders: 0, shipped: 0, byCustomer: {}, revenue: null as never } },
    );
  }
  @On(OrderShipped) shipped(e: OrderShipped) {
    return daily.increment(e.orderId, { shipped: 1 });
  }
  @On(OrderDeleted) deleted(e: OrderDeleted) {
    return daily.remove(e.orderId);
  }
  @On(LineAdded) added() {
    return daily.patchWhere({ orders: 1 }, { shipped: 0 });
  }
}
const definition = projectionDefinitionOf(OneStream);
let version = 0;
const of = (stream: string, event: Parameters<typeof envelope>[2]): EventEnvelope => envelope(stream, ++version, event);
const refused = {
  code: 'projection.failed',
  details: { method: 'OneStream.shipped', code: 'read-model.fed-by-another-stream' },
};

/** How the batches end, one after the other. */
async function folded(
  store: StoreConnection,
  groups: readonly (readonly EventEnvelope[])[],
  known?: DocumentMemory,
): Promise<void> {
  await foldInto(store, definition, groups, undefined, known);
}

/*
 * Taken away once to see these fail: the look among the events of the batch (`DocumentState.feed`); the stream in what is told to the store
 * (`fedBy` in `toChange`); asking the store about what a build remembers as missing (`mayMake`).
 */
describe("slicing 'stream'", () => {
  it('lets each stream feed documents of its own', async () => {
    const store = await memory();
    await folded(store, [[of('order-1', placed('1')), of('order-2', placed('2'))], [of('order-1', shipped('1'))]]);
    expect((await documents(store, 'daily_total')).get('1')).toEqual({
      _id: '1',
      orders: 1,
      shipped: 1,
      byCustomer: {},
      revenue: null,
    });
  });

  it('refuses a second stream within a batch, and names event, document and both streams [P-8]', async () => {
    const store = await memory();
    const error = await folded(store, [[of('order-1', placed('1')), of('order-2', shipped('1'))]]).catch(
      (e: unknown) => e,
    );
    expect(error).toMatchObject(refused);
    expect(String((error as Error).message)).toMatch(
      /'1' of 'daily_total' is fed by the stream 'order-1', but 'order-2' writes it too/,
    );
    expect((await documents(store, 'daily_total')).size).toBe(0);
  });

  it('refuses it in a later batch, by what stands in the stored document [P-8]', async () => {
    for (const change of [shipped('1'), placed('1'), deleted('1')]) {
      const store = await memory();
      await expect(folded(store, [[of('order-1', placed('1'))], [of('order-2', change)]])).rejects.toMatchObject({
        code: 'read-model.fed-by-another-stream',
        id: '1',
        stream: 'order-2',
        fedBy: 'order-1',
      });
      expect((await documents(store, 'daily_total')).get('1')).toMatchObject({ orders: 1, shipped: 0 });
    }
  });

  it('refuses it of a partition that remembers the document as missing, since another partition made it', async () => {
    const store = await memory();
    await folded(store, [[of('order-1', placed('1'))]]);
    for (const change of [shipped('1'), placed('1'), deleted('1')])
      await expect(folded(store, [[of('order-2', change)]], new DocumentMemory(true))).rejects.toMatchObject(
        change.type === 'order.placed' ? { id: '1' } : { code: 'read-model.fed-by-another-stream' },
      );
    expect((await documents(store, 'daily_total')).get('1')).toMatchObject({ orders: 1, shipped: 0 });
  });

  // With the filter on the stream in each change a rebuild took a third longer: the server plans such an update, one by `_id` it does not.
  it('does not have the store look again at documents of which a build knows who feeds them', async () => {
    const store = await memory();
    const known = new DocumentMemory(true);
    const told: DocumentChange[] = [];
    const watch = (writer: ReadModelWriter): ReadModelWriter => ({
      find: (...args) => writer.find(...args),
      patchWhere: (...args) => writer.patchWhere(...args),
      apply: (collection, changes) => {
        told.push(...changes);
        return writer.apply(collection, changes);
      },
    });
    const groups = [[of('order-1', placed('1'))], [of('order-1', shipped('1'))]];
    await foldInto(store, definition, groups, watch, known);
    await foldInto(store, definition, [[of('order-1', shipped('1'))]], watch, new DocumentMemory(false));
    expect(told.map(({ kind, fedBy, isFeederKnown }) => [kind, fedBy, isFeederKnown])).toEqual([
      ['insert', 'order-1', undefined],
      ['update', 'order-1', true],
      ['update', 'order-1', undefined],
    ]);
    // And where it knows, it refuses by itself.
    await expect(folded(store, [[of('order-2', shipped('1'))]], known)).rejects.toMatchObject(refused);
  });

  it('refuses a patchWhere by name', () => {
    const batch = new ProjectionFold(definition, shopEvents, {}).begin();
    const event = of('order-1', shopEvents.newEvent(LineAdded, { orderId: '1', sku: 's', price: null as never }));
    expect(() => batch.add(event)).toThrow(/OneStream.added writes with patchWhere/);
  });
});

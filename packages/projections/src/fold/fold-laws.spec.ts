import { Decimal, type EventEnvelope, type StoredDocument } from '@nestfold/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { On } from '../definition/on.decorator.js';
import { Projection } from '../definition/projection.decorator.js';
import { projectionDefinitionOf } from '../definition/projection-definition.js';
import { writes } from '../definition/writes.js';
import { DailyTotal, OrderPlaced } from '../fixtures/shop.fixture.js';
import { documents, fact, memory } from '../fixtures/store.fixture.js';
import { DocumentMemory } from './document-memory.js';
import { at, foldInto } from './fold.fixture.js';

const view = writes(DailyTotal);
const whole = { orders: 0, shipped: 0, byCustomer: {}, revenue: Decimal.of('0.00') };

/** What can happen to a document, chosen by the number in an event. */
const CHANGES = [
  (id: string) => view.reduce(id, (document) => document ?? whole),
  (id: string) => view.increment(id, { orders: 1, 'byCustomer.ada': 2 }),
  (id: string) => view.increment(id, { shipped: 1 }, { initial: { ...whole, shipped: 5 } }),
  (id: string) => view.increment(id, { revenue: Decimal.of('0.10') }),
  (id: string) => view.patch(id, { byCustomer: { bob: 1 } }),
  (id: string) => view.patch(id, { 'byCustomer.ada': 7, orders: 3 }),
  (id: string) => view.patch(id, { orders: 1 }),
  (id: string) => view.remove(id),
  (id: string) =>
    view.reduce(id, (document) => (document && document.orders > 2 ? undefined : { ...whole, orders: 1 })),
  (id: string) => [view.remove(id), view.insert(id, { ...whole, orders: 4 })],
  () => view.patchWhere({ orders: 1 }, { shipped: 9 }),
  () => view.patchWhere({ shipped: 9, 'byCustomer.ada': 7 }, { 'byCustomer.eve': 1 }),
];

@Projection('laws', { version: 1, readModels: [DailyTotal] })
class Laws {
  @On(OrderPlaced) placed({ orderId, total }: OrderPlaced) {
    return CHANGES[total % CHANGES.length]?.(orderId);
  }
}

const definition = projectionDefinitionOf(Laws);
const happening = fc.record({
  id: fc.constantFrom('1', '2', '3'),
  kind: fc.nat(CHANGES.length - 1),
  ends: fc.boolean(),
});

async function folded(
  groups: readonly (readonly EventEnvelope[])[],
  remembered: boolean,
): Promise<Map<string, StoredDocument>> {
  const store = await memory();
  await foldInto(store, definition, groups, undefined, remembered ? new DocumentMemory(true) : undefined);
  return documents(store, 'daily_total');
}

/*
 * Taken away once each to see this fail: reading a document before an upsert that follows other updates, reading one that is inserted after a
 * removal, forgetting what is remembered after a patchWhere, and that a document which was removed in between is written as a whole.
 */
describe('folding', () => {
  it('in one batch, in several, and from memory, equals applying event by event [P-2]', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { maxLength: 25 }), async (happenings) => {
        const events = happenings.map(({ id, kind }) =>
          at(fact(OrderPlaced, { orderId: id, customerId: '', total: kind })),
        );
        const cut: EventEnvelope[][] = [[]];
        happenings.forEach(({ ends }, index) => {
          cut.at(-1)?.push(events[index]!);
          if (ends) cut.push([]);
        });
        const single = await folded(
          events.map((event) => [event]),
          false,
        );
        expect(await folded([events], false)).toEqual(single);
        expect(await folded(cut, false)).toEqual(single);
        expect(await folded(cut, true)).toEqual(single);
      }),
      { numRuns: 1_000 },
    );
  });

  it('reads nothing that it remembers, and nothing that cannot be there', async () => {
    const store = await memory();
    let reads = 0;
    const groups = [0, 1, 3, 2, 8, 5].map((kind) => [
      at(fact(OrderPlaced, { orderId: '1', customerId: '', total: kind })),
    ]);
    await foldInto(
      store,
      definition,
      groups,
      (writer) => ({
        apply: (...args) => writer.apply(...args),
        patchWhere: (...args) => writer.patchWhere(...args),
        find: (...args) => ((reads += 1), writer.find(...args)),
      }),
      new DocumentMemory(true),
    );
    expect(reads).toBe(0);
  });
});

import {
  Decimal,
  isDocumentExists,
  isProjectionFailed,
  type EventEnvelope,
  type ProjectionFailed,
  type ReadModelWriter,
} from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { On } from '../definition/on.decorator.js';
import { Projection } from '../definition/projection.decorator.js';
import { projectionDefinitionOf } from '../definition/projection-definition.js';
import { writes } from '../definition/writes.js';
import {
  CustomerCard,
  CustomerRenamed,
  DailyTotal,
  DailyTotalProjection,
  LineAdded,
  OrderPlaced,
  OrderView,
  shopEvents,
} from '../fixtures/shop.fixture.js';
import { documents, fact, memory } from '../fixtures/store.fixture.js';
import {
  answering,
  at,
  BlindProjection,
  deleted,
  foldInto,
  orderView,
  placed,
  renamed,
  shipped,
} from './fold.fixture.js';
import { ProjectionFold } from './projection-fold.js';

/** Counts the commands that go to the store. */
function counting(counts: Record<string, number>): (writer: ReadModelWriter) => ReadModelWriter {
  const note = (name: string): void => void (counts[name] = (counts[name] ?? 0) + 1);
  return (writer) => ({
    find: (...args) => (note('find'), writer.find(...args)),
    apply: (...args) => (note('apply'), writer.apply(...args)),
    patchWhere: (...args) => (note('patchWhere'), writer.patchWhere(...args)),
  });
}

describe('ProjectionFold', () => {
  it('writes each document once a batch, and reads prefetched ones in one go', async () => {
    const store = await memory();
    const counts: Record<string, number> = {};
    const events = [
      placed('1', 'ada'),
      placed('2', 'bob'),
      fact(LineAdded, { orderId: '1', sku: 'a', price: Decimal.of('1') }),
      shipped('1'),
      shipped('2'),
    ];
    await foldInto(store, orderView, [events.map(at)], counting(counts));
    expect(counts).toEqual({ find: 1, apply: 1 });
    expect((await documents(store, 'order_view')).get('1')).toEqual({
      _id: '1',
      status: 'shipped',
      customerId: 'ada',
      customerName: '',
      total: 5,
      lines: [{ sku: 'a' }],
    });
  });

  it('shows a prefetched document as the batch has left it', async () => {
    const store = await memory();
    await foldInto(store, orderView, [
      [at(renamed('ada', 'Ada'))],
      [placed('1'), renamed('ada', 'Countess'), placed('2')].map(at),
    ]);
    const views = await documents(store, 'order_view');
    expect([views.get('1')?.['customerName'], views.get('2')?.['customerName']]).toEqual(['Countess', 'Countess']);
  });

  it('lets patchWhere see what the batch wrote before it, and not what comes after [P-6]', async () => {
    const store = await memory();
    await foldInto(store, orderView, [
      [
        placed('1'),
        renamed('ada', 'Ada'),
        shipped('1'),
        deleted('1'),
        placed('1'),
        placed('2'),
        renamed('ada', 'Countess'),
        placed('3', 'bob'),
      ].map(at),
    ]);
    const views = await documents(store, 'order_view');
    expect(views.get('1')).toMatchObject({ customerName: 'Countess', status: 'placed' });
    expect(views.get('3')).toMatchObject({ customerName: '' });
  });

  it('reads a document before it is inserted again after a removal', async () => {
    const store = await memory();
    await foldInto(store, orderView, [
      [at(placed('1'))],
      [deleted('1'), placed('1', 'bob'), deleted('2'), placed('2')].map(at),
    ]);
    const views = await documents(store, 'order_view');
    expect(views.get('1')).toMatchObject({ customerId: 'bob' });
    expect(views.get('2')).toMatchObject({ customerId: 'ada' });
  });

  it('names the event that inserts what the batch already holds', async () => {
    const fold = new ProjectionFold(orderView, shopEvents, { order_view: 'o', customer_card: 'c' });
    const batch = fold.begin();
    for (const event of [placed('1'), shipped('1')]) batch.add(at(event));
    const again = at(placed('1'));
    batch.add(again);
    const store = await memory();
    const writer = await store.checkpoints.openWriter('fold');
    const claimed = await store.checkpoints.claim('fold', 1);
    const failure: unknown = await writer
      .write(
        {
          key: 'fold',
          token: 1,
          previous: claimed!.batch,
          id: 'x',
          position: { phase: 'history', began: '', horizon: '' },
        },
        (models) => batch.apply(models),
      )
      .catch((error: unknown) => error);
    expect(isProjectionFailed(failure) && failure.details).toMatchObject({
      event: again.id,
      code: 'read-model.document-exists',
    });
    expect(isDocumentExists((failure as ProjectionFailed).cause)).toBe(true);
  });

  it.each([
    ['plainly', []],
    ['and then removes it', [deleted('1')]],
  ])('names the event that inserts what the store holds, %s [P-6]', async (_how, rest) => {
    const store = await memory();
    // Not prefetched, so unread when it is inserted: only the store, or the read that a removal needs, tells.
    const blind = projectionDefinitionOf(BlindProjection);
    await foldInto(store, blind, [[at(placed('1'))]]);
    const again = at(placed('1'));
    const failure: unknown = await foldInto(store, blind, [[at(shipped('9')), again, ...rest.map(at)]]).catch(
      (error: unknown) => error,
    );
    expect(isProjectionFailed(failure) && failure.details).toMatchObject({
      event: again.id,
      code: 'read-model.document-exists',
    });
  });

  it('applies no update from before an upsert to the upserted document', async () => {
    const store = await memory();
    const daily = projectionDefinitionOf(DailyTotalProjection);
    await foldInto(store, daily, [
      [
        shipped('1'),
        fact(LineAdded, { orderId: '1', sku: 's', price: Decimal.of('9.99') }),
        placed('1'),
        shipped('1'),
      ].map(at),
    ]);
    expect((await documents(store, 'daily_total')).get('all')).toEqual({
      _id: 'all',
      orders: 1,
      shipped: 1,
      byCustomer: { ada: 1 },
      revenue: Decimal.of('0.00'),
    });
  });

  it('sums decimals exactly, however they are batched [P-7]', async () => {
    const store = await memory();
    const daily = projectionDefinitionOf(DailyTotalProjection);
    const price = (text: string): EventEnvelope =>
      at(fact(LineAdded, { orderId: '1', sku: 's', price: Decimal.of(text) }));
    await foldInto(store, daily, [
      [at(placed('1')), price('0.10')],
      [price('0.20'), price('1')],
    ]);
    expect(String((await documents(store, 'daily_total')).get('all')?.['revenue'])).toBe('1.30');
  });

  it('says a change of a path and of what holds it as one update', async () => {
    const view = writes(DailyTotal);
    @Projection('nested', { version: 1, readModels: [DailyTotal] })
    class Nested {
      @On(OrderPlaced)
      placed({ orderId }: OrderPlaced) {
        if (orderId === 'set') return view.patch('all', { byCustomer: { ada: 7 } });
        if (orderId === 'add') return view.increment('all', { 'byCustomer.ada': 1 });
        return view.insert('all', { orders: 0, shipped: 0, byCustomer: { bob: 1 }, revenue: Decimal.of(0) });
      }
    }
    const store = await memory();
    const counts: Record<string, number> = {};
    await foldInto(
      store,
      projectionDefinitionOf(Nested),
      [[at(placed('new'))], [placed('set'), placed('add')].map(at)],
      counting(counts),
    );
    expect((await documents(store, 'daily_total')).get('all')?.['byCustomer']).toEqual({ ada: 8 });
    expect(counts).toEqual({ apply: 2 });
    // A counter in a map that is replaced afterwards needs no read either; the other way round is covered above.
    await foldInto(store, projectionDefinitionOf(Nested), [[placed('add'), placed('set')].map(at)]);
    expect((await documents(store, 'daily_total')).get('all')?.['byCustomer']).toEqual({ ada: 7 });
  });

  it('gives reduce a copy, calls it with undefined for a missing document, and removes when it answers undefined [P-6]', async () => {
    const view = writes(CustomerCard);
    const seen: (string | undefined)[] = [];
    @Projection('reducing', { version: 1, readModels: [CustomerCard] })
    class Reducing {
      @On(CustomerRenamed)
      renamed({ customerId, name }: CustomerRenamed) {
        return view.reduce(customerId, (document) => {
          seen.push(document?.name);
          if (name === '') return undefined;
          if (document === undefined) return { name };
          document.name = `${document.name}+${name}`;
          return document;
        });
      }
    }
    const store = await memory();
    const definition = projectionDefinitionOf(Reducing);
    await foldInto(store, definition, [
      [renamed('ada', 'a'), renamed('ada', 'b')].map(at),
      [renamed('ada', 'c'), renamed('bob', 'x'), renamed('bob', ''), renamed('eve', '')].map(at),
    ]);
    expect(seen).toEqual([undefined, 'a', 'a+b', undefined, 'x', undefined]);
    expect([...(await documents(store, 'customer_card')).values()]).toEqual([{ _id: 'ada', name: 'a+b+c' }]);
  });

  it('takes a field away by a patch with undefined', async () => {
    const view = writes(OrderView);
    const definition = answering((e) =>
      e.total === 1
        ? view.patch(e.orderId, { note: undefined })
        : view.insert(e.orderId, {
            status: 'placed',
            customerId: '',
            customerName: '',
            total: 0,
            lines: [],
            note: 'x',
          }),
    );
    const store = await memory();
    await foldInto(store, definition, [
      [at(fact(OrderPlaced, { orderId: '1', customerId: '', total: 0 }))],
      [at(fact(OrderPlaced, { orderId: '1', customerId: '', total: 1 }))],
    ]);
    expect((await documents(store, 'order_view')).get('1')).not.toHaveProperty('note');
  });

  it('calls methods that subscribe to the same event in the order of their declaration', async () => {
    const view = writes(CustomerCard);
    @Projection('twice', { version: 1, readModels: [CustomerCard] })
    class Twice {
      @On(CustomerRenamed) first(e: CustomerRenamed) {
        return view.insert(e.customerId, { name: 'first' });
      }
      @On(CustomerRenamed, OrderPlaced) second(e: CustomerRenamed | OrderPlaced) {
        return view.patch(e.customerId, { name: 'second' });
      }
    }
    const store = await memory();
    await foldInto(store, projectionDefinitionOf(Twice), [[at(renamed('ada', ''))]]);
    expect((await documents(store, 'customer_card')).get('ada')).toEqual({ _id: 'ada', name: 'second' });
  });
});

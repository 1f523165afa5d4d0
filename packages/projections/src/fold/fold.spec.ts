import { Decimal, isDocumentExists, isEventFromNewerBuild, isProjectionFailed, type EventEnvelope, type NewEvent, type ProjectionFailed, type ReadModelWriter } from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { On } from '../definition/on.decorator.js';
import { Projection } from '../definition/projection.decorator.js';
import { projectionDefinitionOf } from '../definition/projection-definition.js';
import type { Write } from '../definition/write.js';
import { writes } from '../definition/writes.js';
import { AuditNoted, CustomerCard, CustomerRenamed, DailyTotal, DailyTotalProjection, LineAdded, OrderDeleted, OrderPlaced, OrderShipped, OrderView, OrderViewProjection, shopEvents } from '../fixtures/shop.fixture.js';
import { documents, envelope, fact, memory } from '../fixtures/store.fixture.js';
import { foldInto } from './fold.fixture.js';
import { ProjectionFold } from './projection-fold.js';

const placed = (orderId: string, customerId = 'ada'): NewEvent => fact(OrderPlaced, { orderId, customerId, total: 5 });
const shipped = (orderId: string): NewEvent => fact(OrderShipped, { orderId });
const deleted = (orderId: string): NewEvent => fact(OrderDeleted, { orderId });
const renamed = (customerId: string, name: string): NewEvent => fact(CustomerRenamed, { customerId, name });

let count = 0;
const at = (event: NewEvent): EventEnvelope => envelope('order-1', ++count, event);
const orderView = projectionDefinitionOf(OrderViewProjection);

/** A projection whose one method answers what a test wants. */
function answering(write: (e: OrderPlaced) => Write<OrderView> | Write<OrderView>[] | Write<OrderView | CustomerCard>[]) {
  @Projection('answering', { version: 1, readModels: [OrderView, CustomerCard] })
  class Answering {
    @On(OrderPlaced)
    placed(e: OrderPlaced) {
      return write(e) as Write<OrderView>;
    }
  }
  return projectionDefinitionOf(Answering);
}

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
    const events = [placed('1', 'ada'), placed('2', 'bob'), fact(LineAdded, { orderId: '1', sku: 'a', price: Decimal.of('1') }), shipped('1'), shipped('2')];
    await foldInto(store, orderView, [events.map(at)], counting(counts));
    expect(counts).toEqual({ find: 1, apply: 1 });
    expect((await documents(store, 'order_view')).get('1')).toEqual({ _id: '1', status: 'shipped', customerId: 'ada', customerName: '', total: 5, lines: [{ sku: 'a' }] });
  });

  it('shows a prefetched document as the batch has left it', async () => {
    const store = await memory();
    await foldInto(store, orderView, [[at(renamed('ada', 'Ada'))], [placed('1'), renamed('ada', 'Countess'), placed('2')].map(at)]);
    const views = await documents(store, 'order_view');
    expect([views.get('1')?.['customerName'], views.get('2')?.['customerName']]).toEqual(['Countess', 'Countess']);
  });

  it('lets patchWhere see what the batch wrote before it, and not what comes after', async () => {
    const store = await memory();
    await foldInto(store, orderView, [[placed('1'), renamed('ada', 'Ada'), shipped('1'), deleted('1'), placed('1'), placed('2'), renamed('ada', 'Countess'), placed('3', 'bob')].map(at)]);
    const views = await documents(store, 'order_view');
    expect(views.get('1')).toMatchObject({ customerName: 'Countess', status: 'placed' });
    expect(views.get('3')).toMatchObject({ customerName: '' });
  });

  it('reads a document before it is inserted again after a removal', async () => {
    const store = await memory();
    await foldInto(store, orderView, [[at(placed('1'))], [deleted('1'), placed('1', 'bob'), deleted('2'), placed('2')].map(at)]);
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
      .write({ key: 'fold', token: 1, previous: claimed!.batch, id: 'x', position: { phase: 'history', began: '', horizon: '' } }, (models) => batch.apply(models))
      .catch((error: unknown) => error);
    expect(isProjectionFailed(failure) && failure.details).toMatchObject({ event: again.id, code: 'read-model.document-exists' });
    expect(isDocumentExists((failure as ProjectionFailed).cause)).toBe(true);
  });

  it.each([
    ['plainly', []],
    ['and then removes it', [deleted('1')]],
  ])('names the event that inserts what the store holds, %s', async (_how, rest) => {
    const store = await memory();
    // Not prefetched, so unread when it is inserted: only the store, or the read that a removal needs, tells.
    const blind = projectionDefinitionOf(BlindProjection);
    await foldInto(store, blind, [[at(placed('1'))]]);
    const again = at(placed('1'));
    const failure: unknown = await foldInto(store, blind, [[at(shipped('9')), again, ...rest.map(at)]]).catch((error: unknown) => error);
    expect(isProjectionFailed(failure) && failure.details).toMatchObject({ event: again.id, code: 'read-model.document-exists' });
  });

  it('applies no update from before an upsert to the upserted document', async () => {
    const store = await memory();
    const daily = projectionDefinitionOf(DailyTotalProjection);
    await foldInto(store, daily, [[shipped('1'), fact(LineAdded, { orderId: '1', sku: 's', price: Decimal.of('9.99') }), placed('1'), shipped('1')].map(at)]);
    expect((await documents(store, 'daily_total')).get('all')).toEqual({ _id: 'all', orders: 1, shipped: 1, byCustomer: { ada: 1 }, revenue: Decimal.of('0.00') });
  });

  it('sums decimals exactly, however they are batched', async () => {
    const store = await memory();
    const daily = projectionDefinitionOf(DailyTotalProjection);
    const price = (text: string): EventEnvelope => at(fact(LineAdded, { orderId: '1', sku: 's', price: Decimal.of(text) }));
    await foldInto(store, daily, [[at(placed('1')), price('0.10')], [price('0.20'), price('1')]]);
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
    await foldInto(store, projectionDefinitionOf(Nested), [[at(placed('new'))], [placed('set'), placed('add')].map(at)], counting(counts));
    expect((await documents(store, 'daily_total')).get('all')?.['byCustomer']).toEqual({ ada: 8 });
    expect(counts).toEqual({ apply: 2 });
    // A counter in a map that is replaced afterwards needs no read either; the other way round is covered above.
    await foldInto(store, projectionDefinitionOf(Nested), [[placed('add'), placed('set')].map(at)]);
    expect((await documents(store, 'daily_total')).get('all')?.['byCustomer']).toEqual({ ada: 7 });
  });

  it('gives reduce a copy, calls it with undefined for a missing document, and removes when it answers undefined', async () => {
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
    await foldInto(store, definition, [[renamed('ada', 'a'), renamed('ada', 'b')].map(at), [renamed('ada', 'c'), renamed('bob', 'x'), renamed('bob', ''), renamed('eve', '')].map(at)]);
    expect(seen).toEqual([undefined, 'a', 'a+b', undefined, 'x', undefined]);
    expect([...(await documents(store, 'customer_card')).values()]).toEqual([{ _id: 'ada', name: 'a+b+c' }]);
  });

  it('takes a field away by a patch with undefined', async () => {
    const view = writes(OrderView);
    const definition = answering((e) => (e.total === 1 ? view.patch(e.orderId, { note: undefined }) : view.insert(e.orderId, { status: 'placed', customerId: '', customerName: '', total: 0, lines: [], note: 'x' })));
    const store = await memory();
    await foldInto(store, definition, [[at(fact(OrderPlaced, { orderId: '1', customerId: '', total: 0 }))], [at(fact(OrderPlaced, { orderId: '1', customerId: '', total: 1 }))]]);
    expect((await documents(store, 'order_view')).get('1')).not.toHaveProperty('note');
  });

  it('names event and method when a method throws, and leaves the batch as it was', async () => {
    const fold = new ProjectionFold(
      answering((e) => {
        if (e.orderId === 'bad') throw new RangeError('no such order');
        return writes(OrderView).remove(e.orderId);
      }),
      shopEvents,
      { order_view: 'o', customer_card: 'c' },
    );
    const batch = fold.begin();
    batch.add(at(placed('1')));
    const bad = at(placed('bad'));
    expect(() => batch.add(bad)).toThrow(expect.objectContaining({ code: 'projection.failed', details: { event: bad.id, method: 'Answering.placed', code: 'projection.failed' } }) as Error);
    expect([batch.events, batch.documents]).toEqual([1, 1]);
  });

  it.each([
    ['a fraction that is no Decimal', () => writes(OrderView).increment('1', { total: 0.5 }), 'safe integer'],
    ['a value with methods of its own', () => writes(OrderView).patch('1', { customerName: new Map() as never }), 'cannot be stored'],
    ['an empty id', () => writes(OrderView).remove(''), 'not empty'],
    ['an empty patchWhere', () => writes(OrderView).patchWhere({}, { total: 1 }), 'at least one field'],
    ['a read model of another projection', () => writes(DailyTotal).remove('1') as unknown as Write<OrderView>, 'not among'],
    ['something that is no write', () => ({ kind: 'nonsense' }) as unknown as Write<OrderView>, 'no write'],
  ])('refuses %s', (_what, write, message) => {
    const batch = new ProjectionFold(answering(write), shopEvents, {}).begin();
    expect(() => batch.add(at(placed('1')))).toThrow(message);
  });

  it('passes over types without a method, and refuses a version that a newer build wrote', () => {
    const batch = new ProjectionFold(orderView, shopEvents, {}).begin();
    batch.add(at(fact(AuditNoted, { text: '' })));
    expect(batch.events).toBe(0);
    const newer = expect.toSatisfy(isEventFromNewerBuild) as Error;
    expect(() => batch.add(at({ ...placed('1'), schema: 9 }))).toThrow(newer);
  });

  it('finds the event whose write the store refuses, when it is careful', async () => {
    const fold = new ProjectionFold(projectionDefinitionOf(BlindProjection), shopEvents, { order_view: 'o', customer_card: 'c' });
    const batch = fold.begin();
    const events = [placed('1'), placed('2'), placed('3')].map(at);
    for (const event of events) batch.add(event);
    const refused = new Error('refused');
    const writer: ReadModelWriter = {
      find: () => Promise.resolve(new Map()),
      apply: (_collection, changes) => (changes.some(({ id }) => id === '2') ? Promise.reject(refused) : Promise.resolve()),
      patchWhere: () => Promise.resolve(),
    };
    // As it is: the store must recognise its own errors, to know which to repeat.
    await expect(batch.apply(writer, { careful: true })).rejects.toBe(refused);
    expect(batch.suspect?.event).toBe(events[1]);
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

@Projection('blind', { version: 1, readModels: [OrderView, CustomerCard] })
class BlindProjection {
  @On(OrderPlaced) placed(e: OrderPlaced) {
    return writes(OrderView).insert(e.orderId, { status: 'placed', customerId: '', customerName: '', total: 0, lines: [] });
  }
  @On(OrderShipped) shipped(e: OrderShipped) {
    return writes(OrderView).patch(e.orderId, { status: 'shipped' });
  }
  @On(OrderDeleted) deleted(e: OrderDeleted) {
    return writes(OrderView).remove(e.orderId);
  }
}

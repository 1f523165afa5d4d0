import { isEventFromNewerBuild, type ReadModelWriter } from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { projectionDefinitionOf } from '../definition/projection-definition.js';
import type { Write } from '../definition/write.js';
import { writes } from '../definition/writes.js';
import { AuditNoted, DailyTotal, OrderView, shopEvents } from '../fixtures/shop.fixture.js';
import { fact } from '../fixtures/store.fixture.js';
import { answering, at, BlindProjection, orderView, placed } from './fold.fixture.js';
import { ProjectionFold } from './projection-fold.js';

describe('ProjectionFold, when something is wrong', () => {
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
    expect(() => batch.add(bad)).toThrow(
      expect.objectContaining({
        code: 'projection.failed',
        details: { event: bad.id, type: 'order.placed', method: 'Answering.placed', code: 'projection.failed' },
      }) as Error,
    );
    expect([batch.events, batch.documents]).toEqual([1, 1]);
  });

  it.each([
    ['a fraction that is no Decimal', () => writes(OrderView).increment('1', { total: 0.5 }), 'safe integer'],
    [
      'a value with methods of its own',
      () => writes(OrderView).patch('1', { customerName: new Map() as never }),
      'cannot be stored',
    ],
    // Fail without `checkedPath` of each kind of write.
    ['a patch of the id', () => writes(OrderView).patch('1', { _id: '2' } as object), 'no field that can be written'],
    [
      "an increment of the framework's own field",
      () => writes(OrderView).increment('1', { _fedBy: 1 } as object),
      'no field that can be written',
    ],
    [
      'a push into a prototype',
      () => writes(OrderView).push('1', '__proto__.lines' as 'lines'),
      'no field that can be written',
    ],
    ['an empty id', () => writes(OrderView).remove(''), 'not empty'],
    ['an empty patchWhere', () => writes(OrderView).patchWhere({}, { total: 1 }), 'at least one field'],
    [
      'a read model of another projection',
      () => writes(DailyTotal).remove('1') as unknown as Write<OrderView>,
      'not among',
    ],
    ['something that is no write', () => ({ kind: 'nonsense' }) as unknown as Write<OrderView>, 'no write'],
  ])('refuses %s [P-7]', (_what, write, message) => {
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
    const fold = new ProjectionFold(projectionDefinitionOf(BlindProjection), shopEvents, {
      order_view: 'o',
      customer_card: 'c',
    });
    const batch = fold.begin();
    const events = [placed('1'), placed('2'), placed('3')].map(at);
    for (const event of events) batch.add(event);
    const refused = new Error('refused');
    const writer: ReadModelWriter = {
      find: () => Promise.resolve(new Map()),
      apply: (_collection, changes) =>
        changes.some(({ id }) => id === '2') ? Promise.reject(refused) : Promise.resolve(),
      patchWhere: () => Promise.resolve(),
    };
    // As it is: the store must recognise its own errors, to know which to repeat.
    await expect(batch.apply(writer, { careful: true })).rejects.toBe(refused);
    expect(batch.suspect?.event.id).toBe(events[1]?.id);
  });
});

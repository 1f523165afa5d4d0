import { describe, expect, it } from 'vitest';
import { DomainEvent, eventDefinitionOf } from './domain-event.decorator.js';
import { EventTypes } from './event-types.js';
import { upcasts } from './upcaster.js';

@DomainEvent('order.placed', { version: 3 })
class OrderPlaced {
  orderId!: string;
  amount!: number;
  currency!: string;
}
interface PlacedV1 {
  orderId: string;
  amount: string;
}
interface PlacedV2 {
  orderId: string;
  amount: number;
}
upcasts(OrderPlaced)
  .from<PlacedV1>(1)
  .to<PlacedV2>(2, (old) => {
    if (old.amount === 'broken') throw new Error('no number');
    return { ...old, amount: Number(old.amount) };
  })
  .to(3, (old) => ({ ...old, currency: 'EUR' }))
  .current();

@DomainEvent('order.shipped')
class OrderShipped {
  at!: string;
}

const types = EventTypes.of([OrderPlaced, OrderShipped]);
const problemsOf = (events: readonly (new () => object)[]): readonly string[] => {
  try {
    EventTypes.of(events);
    return [];
  } catch (error) {
    return (error as { details: { problems: readonly string[] } }).details.problems;
  }
};

describe('DomainEvent', () => {
  it('names a class, at version 1 by default', () => {
    expect(eventDefinitionOf(OrderShipped)).toEqual({ name: 'order.shipped', version: 1, event: OrderShipped });
  });

  it('is not inherited: a class derived from an event is none', () => {
    class Derived extends OrderShipped {}
    expect(() => eventDefinitionOf(Derived)).toThrow(/Derived is used as an event but has no @DomainEvent/);
  });
});

describe('EventTypes.of', () => {
  it('takes a class that is given twice as one', () => {
    expect(EventTypes.of([OrderShipped, OrderShipped]).definitions()).toHaveLength(1);
  });

  it('lists all that is wrong in one configuration error', () => {
    class Undecorated {}
    @DomainEvent('order.shipped')
    class Twin {}
    @DomainEvent('$system')
    class Reserved {}
    @DomainEvent('')
    class Nameless {}
    @DomainEvent('zero', { version: 0 })
    class Zero {}
    @DomainEvent('gap', { version: 4 })
    class Gap {
      a!: number;
    }
    upcasts(Gap)
      .from<{ a: number }>(1)
      .to(2, (old) => old)
      .current();
    upcasts(Gap)
      .from<{ a: number }>(1)
      .to(2, (old) => old)
      .current();
    upcasts(Gap)
      .from<{ a: number }>(3)
      .to(5, (old) => old)
      .current();

    const problems = problemsOf([OrderShipped, Undecorated, Twin, Reserved, Nameless, Zero, Gap]);
    expect(problems).toEqual([
      expect.stringMatching(/^Undecorated is used as an event but has no @DomainEvent: add/),
      expect.stringMatching(/^Twin and OrderShipped are both named 'order\.shipped': give one/),
      expect.stringMatching(/^Reserved is named '\$system', but names beginning with '\$' are the system's/),
      expect.stringMatching(/^Nameless needs a name/),
      expect.stringMatching(/^Zero has version 0: use a whole number from 1/),
      expect.stringMatching(/^Gap has two upcasters from version 1: remove one/),
      expect.stringMatching(/^Gap has an upcaster to version 5, but its @DomainEvent says version 4/),
      expect.stringMatching(/^Gap is at version 4 but nothing leads from version 2: add upcasts\(Gap\)/),
    ]);
  });

  it('refuses a chain that was begun but not ended with current()', () => {
    @DomainEvent('open', { version: 2 })
    class Open {
      a!: number;
    }
    upcasts(Open)
      .from<{ a: string }>(1)
      .to(2, (old) => ({ a: Number(old.a) }));
    expect(problemsOf([Open])).toEqual([
      expect.stringMatching(/^Open is at version 2 but nothing leads from version 1/),
    ]);
  });

  it('refuses a step that leads downwards, which would never end', () => {
    @DomainEvent('down', { version: 2 })
    class Down {}
    upcasts(Down)
      .from<object>(1)
      .to(1, (old) => old)
      .current();
    expect(problemsOf([Down])).toEqual([expect.stringMatching(/^Down has an upcaster from version 1 to 1/)]);
  });
});

describe('EventTypes', () => {
  it('makes an event of today’s schema with a copy of its data', () => {
    const data = { at: 'noon' };
    const event = types.newEvent(OrderShipped, data);
    expect(event).toEqual({ type: 'order.shipped', schema: 1, data: { at: 'noon' } });
    expect(event.data).not.toBe(data);
  });

  it('refuses data that storage would lose, and classes that are not in the catalogue', () => {
    expect(() => types.newEvent(OrderShipped, { at: Number.NaN as unknown as string })).toThrow(
      expect.objectContaining({ code: 'event.invalid' }),
    );
    @DomainEvent('other')
    class Other {}
    expect(() => types.newEvent(Other, {})).toThrow(/Other is not among the known events/);
  });

  it('revives an event of today’s schema as an instance of its class', () => {
    const revived = types.revive({ type: 'order.shipped', schema: 1, data: { at: 'noon' } });
    expect(revived).toBeInstanceOf(OrderShipped);
    expect(revived).toEqual(Object.assign(new OrderShipped(), { at: 'noon' }));
  });

  it('revives frozen data as a copy', () => {
    const data = Object.freeze({ at: 'noon' });
    expect(types.revive({ type: 'order.shipped', schema: 1, data })).toBeInstanceOf(OrderShipped);
    expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
  });

  it('brings older schemas up, step by step [W-14]', () => {
    const first = types.revive({ type: 'order.placed', schema: 1, data: { orderId: '1', amount: '5' } });
    const second = types.revive({ type: 'order.placed', schema: 2, data: { orderId: '1', amount: 5 } });
    expect(first).toBeInstanceOf(OrderPlaced);
    expect(first).toEqual(second);
    expect({ ...first }).toEqual({ orderId: '1', amount: 5, currency: 'EUR' });
  });

  it('judges what this build can read', () => {
    expect([
      types.judge('order.placed', 1),
      types.judge('order.placed', 3),
      types.judge('order.placed', 4),
      types.judge('other', 1),
    ]).toEqual(['known', 'known', 'newer', 'unknown']);
  });

  it.each([
    ['an unknown type', { type: 'other', schema: 1 }],
    ['a newer schema', { type: 'order.placed', schema: 4 }],
    ['a schema that never was', { type: 'order.placed', schema: 0 }],
    ['what an upcaster refuses', { type: 'order.placed', schema: 1 }],
  ])('refuses to revive %s, naming the event', (_, stored) => {
    expect(() => types.revive({ ...stored, data: { orderId: '1', amount: 'broken' } }, 'order-1:7')).toThrow(
      expect.objectContaining({ code: 'event.invalid', details: { ...stored, event: 'order-1:7' } }),
    );
  });

  it('keeps what an upcaster threw as the cause', () => {
    const revive = (): object =>
      types.revive({ type: 'order.placed', schema: 1, data: { orderId: '1', amount: 'broken' } });
    expect(revive).toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ message: 'no number' }) as unknown }),
    );
  });

  it('finds the class of a stored name', () => {
    expect([types.classOf('order.placed'), types.classOf('other')]).toEqual([OrderPlaced, undefined]);
  });
});

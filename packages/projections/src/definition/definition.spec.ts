import { DomainEvent, isConfigurationError, type Type } from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import {
  CustomerCard,
  CustomerRenamed,
  OrderPlaced,
  OrderShipped,
  OrderView,
  OrderViewProjection,
} from '../fixtures/shop.fixture.js';
import { tallyAt } from '../fixtures/versions.fixture.js';
import { EventsHandler, eventsHandlerDefinitionOf } from './events-handler.decorator.js';
import { On } from './on.decorator.js';
import { Projection } from './projection.decorator.js';
import { projectionDefinitionOf } from './projection-definition.js';
import { ReadModelDocument, readModelDefinitionOf } from './read-model-document.decorator.js';
import { writes } from './writes.js';

function problemsOf(define: () => unknown): unknown {
  try {
    define();
  } catch (error) {
    return isConfigurationError(error) ? (error.details['problems'] ?? error.message) : error;
  }
  return 'nothing';
}

describe('projectionDefinitionOf', () => {
  it('reads everything from the class', () => {
    const { name, version, readModels, events, handlers } = projectionDefinitionOf(OrderViewProjection);
    expect({ name, version, models: readModels.map((model) => model.name) }).toEqual({
      name: 'order-view',
      version: 1,
      models: ['order_view', 'customer_card'],
    });
    expect(events.map((event) => event.name)).toEqual([
      'order.placed',
      'order.line-added',
      'order.shipped',
      'order.deleted',
      'customer.renamed',
    ]);
    expect(
      handlers.get('order.placed')?.map(({ method, prefetch }) => [method, prefetch.map((one) => one.name)]),
    ).toEqual([['OrderViewProjection.placed', ['customer']]]);
  });

  it('lists all that is wrong, naming class and remedy [S-1]', () => {
    class NoEvent {
      x!: string;
    }
    @Projection('Bad name', { version: 0, readModels: [OrderView, OrderView] })
    class Bad {
      @On(NoEvent) first() {
        return undefined;
      }
      @On(CustomerRenamed, { with: { card: [CustomerCard, (e) => e.customerId], stream: [OrderView, () => '1'] } })
      second() {
        return undefined;
      }
    }
    expect(problemsOf(() => projectionDefinitionOf(Bad))).toEqual([
      expect.stringContaining("@Projection of Bad has the name 'Bad name': use letters"),
      expect.stringContaining('version 0: use a whole number from 1'),
      expect.stringContaining('@On of Bad.first: NoEvent is used as an event but has no @DomainEvent: add'),
      expect.stringContaining(
        "asks for 'card' of CustomerCard, which is not of this projection: add CustomerCard to readModels",
      ),
      expect.stringContaining("a document named 'stream', which the context holds already: give it another name"),
    ]);
  });

  it('tells events apart that only look alike', () => {
    @DomainEvent('order.returned')
    class OrderReturned {
      orderId!: string;
    }
    @Projection('alike', { version: 1, readModels: [OrderView] })
    class Alike {
      // OrderReturned has the same fields as OrderShipped: the compiler cannot see the mistake.
      @On(OrderShipped) returned(e: OrderReturned) {
        return writes(OrderView).remove(e.orderId);
      }
    }
    expect(problemsOf(() => projectionDefinitionOf(Alike))).toEqual([
      expect.stringContaining('subscribes to OrderShipped, but the method takes OrderReturned, which only looks alike'),
    ]);
  });

  it('refuses a class without the decorator, one that subscribes to nothing, and one that a base class decorated', () => {
    class Plain {}
    @Projection('empty', { version: 1, readModels: [OrderView] })
    class Empty {}
    class Child extends OrderViewProjection {}
    expect(problemsOf(() => projectionDefinitionOf(Plain))).toContain(
      'Plain is used as a projection but has no @Projection',
    );
    expect(problemsOf(() => projectionDefinitionOf(Empty))).toEqual([
      expect.stringContaining('Empty subscribes to no event: put @On(Event) above a method'),
    ]);
    expect(problemsOf(() => projectionDefinitionOf(Child))).toContain(
      'Child is used as a projection but has no @Projection',
    );
  });

  it('refuses what a program without types says', () => {
    const projection: Type<object> = class Sliced {};
    (Projection as (name: string, options: object) => (target: object) => void)('sliced', {
      version: 1,
      readModels: [OrderView],
      slicing: 'both',
    })(projection);
    expect(problemsOf(() => projectionDefinitionOf(projection))).toContainEqual(
      expect.stringContaining("slicing 'both': it is 'single' or 'stream'"),
    );
  });

  it("refuses 'with' where streams are applied in parallel", () => {
    @Projection('sliced', { version: 1, readModels: [OrderView, CustomerCard], slicing: 'stream' })
    class Sliced {
      @On(OrderPlaced, { with: { card: [CustomerCard, (e) => e.customerId] } }) placed() {
        return undefined;
      }
      @On(OrderShipped) shipped(e: OrderShipped) {
        return writes(OrderView).patch(e.orderId, { status: 'shipped' });
      }
    }
    expect(problemsOf(() => projectionDefinitionOf(Sliced))).toContainEqual(
      expect.stringContaining("@On of Sliced.placed asks for documents in 'with', which slicing 'stream' cannot give"),
    );
    expect(projectionDefinitionOf(OrderViewProjection).slicing).toBe('single');
  });

  it('knows which older versions readers may see meanwhile, the newest first', () => {
    expect(projectionDefinitionOf(tallyAt(4, [1, 3])).reads).toEqual([3, 1]);
    expect(projectionDefinitionOf(OrderViewProjection).reads).toEqual([]);
    expect(problemsOf(() => projectionDefinitionOf(tallyAt(2, [2, 0, 1.5, 1])))).toEqual(
      [2, 0, 1.5].map(
        (older) =>
          `@Projection of TallyProjection reads version ${older}: name older versions than its own, 2, from 1 on.`,
      ),
    );
  });
});

describe('readModelDefinitionOf', () => {
  it('names a model after its class where nothing is said', () => {
    class HTTPStatusByDay {}
    expect([readModelDefinitionOf(HTTPStatusByDay).name, readModelDefinitionOf(OrderView).name]).toEqual([
      'http_status_by_day',
      'order_view',
    ]);
  });

  it('refuses a name that no collection can bear, and two indexes of one name', () => {
    @ReadModelDocument('orders.read')
    class Dotted {}
    const index = { name: 'same', keys: { a: 1 } } as const;
    @ReadModelDocument('twice', { indexes: [index, index] })
    class Twice {}
    expect(problemsOf(() => readModelDefinitionOf(Dotted))).toContain("use letters, digits and '_'");
    expect(problemsOf(() => readModelDefinitionOf(Twice))).toContain("two indexes named 'same'");
  });
});

describe('eventsHandlerDefinitionOf', () => {
  it('reads events, name and start', () => {
    @EventsHandler(OrderPlaced, OrderShipped, { name: 'order-mails', startFrom: 'now' })
    class Mails {
      handle(_event: OrderPlaced | OrderShipped): void {}
    }
    const { name, startFrom, events } = eventsHandlerDefinitionOf(Mails);
    expect({ name, startFrom, events: events.map((event) => event.name) }).toEqual({
      name: 'order-mails',
      startFrom: 'now',
      events: ['order.placed', 'order.shipped'],
    });
  });

  it('lists all that is wrong', () => {
    class Plain {
      handle(): void {}
    }
    const Bad = class Bad extends Plain {};
    EventsHandler(Plain, { name: '', startFrom: new Date(Number.NaN) })(Bad);
    expect(problemsOf(() => eventsHandlerDefinitionOf(Plain))).toContain(
      'Plain is used as an events handler but has no @EventsHandler',
    );
    expect(problemsOf(() => eventsHandlerDefinitionOf(Bad))).toEqual([
      expect.stringContaining("Bad is named ''"),
      expect.stringContaining('Bad starts from an invalid date'),
      expect.stringContaining('Plain is used as an event but has no @DomainEvent'),
    ]);
  });
});

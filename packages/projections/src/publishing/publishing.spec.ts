import {
  ConfigurationError,
  EventTypes,
  InMemoryBroker,
  IntegrationEvent,
  inMemoryTransport,
  silentLogger,
  systemEnvironment,
  type EventContext,
  type StoreConnection,
  type TopicDefinition,
  type TransportConnection,
  type Type,
} from '@nestfold/core';
import { describe, expect, it, vi } from 'vitest';
import { On } from '../definition/on.decorator.js';
import { Projection } from '../definition/projection.decorator.js';
import { projectionDefinitionOf } from '../definition/projection-definition.js';
import { ReadModelDocument } from '../definition/read-model-document.decorator.js';
import { writes } from '../definition/writes.js';
import { ProjectionEngine } from '../engine/projection-engine.js';
import { ending, endEnginesAfterEach } from '../fixtures/engines.fixture.js';
import { append, fact, memory } from '../fixtures/store.fixture.js';
import { OrderPlaced, OrderShipped, shopEvents } from '../fixtures/shop.fixture.js';
import { publicationDefinitionOf } from './publication-definition.js';
import { Publish, Publishes } from './publishes.decorator.js';

/** What others are told of an order. */
@IntegrationEvent<PlacedOrder>('orders.placed', {
  check: ({ orderId }) => (typeof orderId === 'string' ? [] : ['orderId is no text']),
})
class PlacedOrder {
  orderId!: string;
  large!: boolean;
}

/** As a stranger would write it who means harm. */
@IntegrationEvent('orders.placed')
class ForgedOrder {
  orderId!: number;
}

/** Customers whose orders the mapping cannot tell of, until the code is mended. */
const untold = new Set<string>();

@Publishes('order')
class OrdersToOthers {
  @Publish(OrderPlaced, PlacedOrder) placed({ orderId, customerId, total }: OrderPlaced) {
    if (untold.has(customerId)) throw new Error('there is no name for that');
    return customerId === 'secret' ? undefined : { orderId, large: total > 100 };
  }
}

@Publishes('order')
class ForgedOrders {
  @Publish(OrderPlaced, ForgedOrder) placed({ orderId, customerId }: OrderPlaced) {
    return { orderId: customerId === 'ada' ? 7 : (orderId as unknown as number) };
  }
}

@ReadModelDocument('told_orders')
class ToldOrder {
  _id!: string;
  told!: string[];
}

const view = writes(ToldOrder);

@Projection('told-orders', {
  version: 1,
  readModels: [ToldOrder],
  slicing: 'stream',
  source: { kind: 'topic', topic: 'order' },
})
class ToldOrdersProjection {
  @On(PlacedOrder) placed({ orderId, large }: PlacedOrder, { stream, version }: EventContext) {
    const line = `${version} ${orderId} ${large ? 'large' : 'small'}`;
    return view.reduce(stream, (document) => ({ told: [...(document?.told ?? []), line] }));
  }
}

const STORED: TopicDefinition = { name: 'order', categories: ['order'], partitions: 3 };
const TOPICS: readonly TopicDefinition[] = [{ ...STORED, carries: 'integration-events' }];
const transportTo = (broker: InMemoryBroker, topics: readonly TopicDefinition[]): Promise<TransportConnection> =>
  inMemoryTransport(topics, broker).connect({ environment: systemEnvironment, logger: silentLogger });

/** The events that the topic holds. */
function sent(broker: InMemoryBroker): string[] {
  const messages = [...(broker.topics.get('order') ?? [])].flatMap((log) => log.messages);
  return messages.flatMap((message) =>
    'relayed' in message ? message.relayed.commit.events.map(({ type }) => type) : [],
  );
}

interface Parts {
  readonly topics?: readonly TopicDefinition[];
  readonly publications?: readonly Type<object>[];
  readonly projections?: readonly Type<object>[];
  readonly known?: EventTypes;
}

async function start(
  connection: StoreConnection,
  broker: InMemoryBroker,
  { publications = [], projections = [], known = shopEvents, topics = TOPICS }: Parts,
): Promise<ProjectionEngine> {
  const roles = projections.length > 0 ? ['projections'] : ['relay'];
  const engine = ending(
    new ProjectionEngine({
      connection,
      transport: await transportTo(broker, topics),
      publications: publications.map(publicationDefinitionOf),
      projections: projections.map(projectionDefinitionOf),
      handlers: [],
      types: known,
      environment: systemEnvironment,
      logger: silentLogger,
      node: { id: systemEnvironment.uuid(), host: 'test', pid: 1, build: 'test', roles, commands: [] },
      settings: { leasePollMs: 20, backoffMs: 5, backoffMaxMs: 20, relayBackoffMaxMs: 20 },
    }),
  );
  await engine.start();
  return engine;
}

const place = (store: StoreConnection, orderId: string, customerId: string, total = 1): Promise<unknown> =>
  append(store, `order-${orderId}`, fact(OrderPlaced, { orderId, customerId, total }));
const soon = (look: () => unknown): Promise<unknown> => vi.waitFor(look, 10_000);
const reading = { projections: [ToldOrdersProjection], known: EventTypes.of([PlacedOrder]) };

describe('integration events', () => {
  endEnginesAfterEach();

  // With `$withheld` left out the readers refuse what follows an untold event as a gap.
  it('are what a topic tells of its domain events, each at its place in the stream, and nothing else of them [K-11]', async () => {
    const [store, broker] = [await memory(), new InMemoryBroker()];
    await start(store, broker, { publications: [OrdersToOthers] });
    const reader = await start(await memory(), broker, reading);
    await place(store, '1', 'ada', 500);
    await append(store, 'order-1', fact(OrderShipped, { orderId: '1' }));
    await place(store, '1', 'secret');
    await store.events.append([
      {
        stream: 'order-1',
        expected: 'any',
        events: [fact(OrderPlaced, { orderId: '1', customerId: 'bob', total: 1 })],
        commitId: systemEnvironment.uuid(),
        metadata: { correlationId: 'c', causationId: 'u', actor: { id: 'grace' }, custom: { note: 'inside' } },
      },
    ]);
    await soon(async () =>
      expect(await reader.readModel(ToldOrder).findById('order-1')).toMatchObject({ told: ['1 1 large', '4 1 small'] }),
    );
    expect(broker.refused).toEqual([]);
    const carried = [...broker.topics.get('order')!].flatMap(({ messages }) => messages);
    expect(carried).toHaveLength(4);
    for (const secret of ['customerId', 'ada', 'secret', 'order.shipped', 'order.placed', 'grace', 'inside'])
      expect(JSON.stringify(carried)).not.toContain(`"${secret}"`);
  });

  it('that do not pass their check on arrival park their stream and no other [K-12]', async () => {
    const [store, broker] = [await memory(), new InMemoryBroker()];
    await start(store, broker, { publications: [ForgedOrders] });
    const reader = await start(await memory(), broker, reading);
    await place(store, '1', 'ada');
    await place(store, '2', 'bob');
    await soon(async () =>
      expect(await reader.readModel(ToldOrder).findById('order-2')).toMatchObject({ told: ['1 2 small'] }),
    );
    await soon(async () => expect((await reader.deadLetters()).deadLetters).toHaveLength(1));
    const [letter] = (await reader.deadLetters()).deadLetters;
    expect(JSON.stringify(letter)).toContain('orderId is no text');
    expect(await reader.readModel(ToldOrder).findById('order-1')).toBeUndefined();
  });

  // Where every process with the role fills every topic, one without the class sends what is stored.
  it('are left to processes that have their class: others never send what is stored [K-11]', async () => {
    const [store, broker] = [await memory(), new InMemoryBroker()];
    const bare = await start(store, broker, {});
    await place(store, '1', 'ada');
    expect(await bare.relayStatuses()).toMatchObject([{ topic: 'order', state: 'elsewhere' }]);
    await start(store, broker, { publications: [OrdersToOthers] });
    await soon(() => expect(sent(broker)).toEqual(['orders.placed']));
    await expect(start(store, broker, { publications: [OrdersToOthers], topics: [STORED] })).rejects.toThrow(
      /OrdersToOthers publishes to the topic 'order', which carries commits as they are stored/,
    );
  });

  // With events that are not known withheld like those that are not told, the topic passes them, and no newer build ever sends them.
  it('of events that this build does not know are not passed over, while those of an outbox go as they are [K-11]', async () => {
    const [store, broker] = [await memory(), new InMemoryBroker()];
    const relay = await start(store, broker, {
      publications: [OrdersToOthers],
      known: EventTypes.of([OrderPlaced, PlacedOrder]),
    });
    await append(store, 'order-1', { type: 'orders.placed', schema: 1, data: { orderId: '1', large: false } });
    await append(store, 'order-2', fact(OrderShipped, { orderId: '2' }));
    await soon(async () =>
      expect(await relay.relayStatuses()).toMatchObject([
        { state: 'retrying', error: { code: 'publication.unknown-event' } },
      ]),
    );
    expect(sent(broker)).toEqual(['orders.placed']);
    // A newer build, which knows it.
    await relay.stop();
    await start(store, broker, {
      publications: [OrdersToOthers],
      known: EventTypes.of([OrderPlaced, OrderShipped, PlacedOrder]),
    });
    await soon(() => expect(sent(broker).sort()).toEqual(['$withheld', 'orders.placed']));
  });

  it('that stand before one whose method fails are told [K-11]', async () => {
    const [store, broker] = [await memory(), new InMemoryBroker()];
    untold.add('mallory');
    await place(store, '1', 'ada');
    await place(store, '2', 'mallory');
    await start(store, broker, { publications: [OrdersToOthers] });
    await soon(() => expect(sent(broker)).toEqual(['orders.placed']));
    untold.clear();
    await soon(() => expect(new Set(sent(broker))).toEqual(new Set(['orders.placed'])));
  });

  it('wait for a method that fails: nothing behind is told before it answers, and operators see why', async () => {
    const [store, broker] = [await memory(), new InMemoryBroker()];
    const relay = await start(store, broker, { publications: [OrdersToOthers] });
    untold.add('eve');
    await place(store, '1', 'ada');
    await place(store, '1', 'eve');
    await place(store, '1', 'bob');
    const reader = await start(await memory(), broker, reading);
    await soon(async () =>
      expect(await relay.relayStatuses()).toMatchObject([
        {
          state: 'retrying',
          error: {
            code: 'publication.failed',
            message: "OrdersToOthers.placed could not tell of 'order-1:2': there is no name for that",
          },
        },
      ]),
    );
    untold.clear();
    await soon(async () =>
      expect(await reader.readModel(ToldOrder).findById('order-1')).toMatchObject({
        told: ['1 1 small', '2 1 small', '3 1 small'],
      }),
    );
  });

  it('are refused at the start where they cannot be told', async () => {
    @Publishes('nowhere')
    class Lost {
      @Publish(OrderPlaced, PlacedOrder) placed({ orderId }: OrderPlaced) {
        return { orderId, large: false };
      }
    }
    @Publishes('order')
    class Twin extends OrdersToOthers {
      @Publish(OrderPlaced, PlacedOrder) placedToo({ orderId }: OrderPlaced) {
        return { orderId, large: false };
      }
    }
    const store = await memory();
    const started = start(store, new InMemoryBroker(), { publications: [Lost, OrdersToOthers, Twin] });
    const error: unknown = await started.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigurationError);
    const { message } = error as ConfigurationError;
    expect(message).toContain("Lost publishes to the topic 'nowhere', which the transport does not have");
    expect(message).toContain("OrdersToOthers and Twin both publish to the topic 'order'");
  });

  it('are made by one method each, of a class of their own', () => {
    @Publishes('order')
    class Twice {
      @Publish(OrderPlaced, PlacedOrder) one({ orderId }: OrderPlaced) {
        return { orderId, large: false };
      }
      @Publish(OrderPlaced, PlacedOrder) two({ orderId }: OrderPlaced) {
        return { orderId, large: true };
      }
      @Publish(OrderShipped, OrderShipped) raw(event: OrderShipped) {
        return event;
      }
    }
    @Publishes('order')
    class Nothing {}
    expect(() => publicationDefinitionOf(Twice)).toThrow(/two methods for OrderPlaced/);
    expect(() => publicationDefinitionOf(Twice)).toThrow(/makes OrderShipped, which is a domain event/);
    expect(() => publicationDefinitionOf(Nothing)).toThrow(/publishes nothing/);
    expect(() => publicationDefinitionOf(OrderPlaced)).toThrow(/no @Publishes/);
  });
});

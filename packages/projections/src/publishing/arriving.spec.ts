import {
  EventTypes,
  InMemoryBroker,
  IntegrationEvent,
  inMemoryTransport,
  partitionOf,
  silentLogger,
  systemEnvironment,
  upcasts,
  type EventContext,
  type StoredEvent,
  type TopicDefinition,
  type TransportConnection,
} from '@nestfold/core';
import { describe, expect, it, vi } from 'vitest';
import { On } from '../definition/on.decorator.js';
import { Projection } from '../definition/projection.decorator.js';
import { projectionDefinitionOf } from '../definition/projection-definition.js';
import { ReadModelDocument } from '../definition/read-model-document.decorator.js';
import { writes } from '../definition/writes.js';
import type { ProjectionEngine } from '../engine/projection-engine.js';
import { validate } from '../engine/validate.js';
import { ending, endEnginesAfterEach } from '../fixtures/engines.fixture.js';
import { engine, memory } from '../fixtures/store.fixture.js';
import { OrderPlaced } from '../fixtures/shop.fixture.js';

interface Line {
  sku: string;
}

@IntegrationEvent<ToldOrder>('orders.told', {
  version: 2,
  maxBytes: 1_000,
  // As people write it: it takes for granted what it is there to find out.
  check: ({ orderId, lines }) => [
    ...(typeof orderId === 'string' ? [] : ['orderId is no text']),
    ...lines.flatMap(({ sku }) => (typeof sku === 'string' ? [] : ['a sku is no text'])),
  ],
})
class ToldOrder {
  orderId!: string;
  lines!: Line[];
}
upcasts(ToldOrder)
  .from<{ orderId: string }>(1)
  .to(2, (old) => ({ ...old, lines: [] }))
  .current();

@IntegrationEvent('orders.unchecked')
class Unchecked {
  orderId!: string;
}

@ReadModelDocument('arrived')
class Arrived {
  _id!: string;
  versions!: number[];
}

const arrived = writes(Arrived);

@Projection('arrived', {
  version: 1,
  readModels: [Arrived],
  slicing: 'stream',
  source: { kind: 'topic', topic: 'told' },
})
class ArrivedProjection {
  @On(ToldOrder) told(_event: ToldOrder, { stream, version }: EventContext) {
    return arrived.reduce(stream, (document) => ({ versions: [...(document?.versions ?? []), version] }));
  }
}

const TOPICS: readonly TopicDefinition[] = [
  { name: 'told', categories: ['order'], partitions: 3, carries: 'integration-events' },
];
const good = { orderId: '1', lines: [{ sku: 'a' }] };

function transportTo(broker: InMemoryBroker): Promise<TransportConnection> {
  return inMemoryTransport(TOPICS, broker).connect({ environment: systemEnvironment, logger: silentLogger });
}

/** A service that reads, and has every role. */
async function reading(broker: InMemoryBroker): Promise<ProjectionEngine> {
  await (await transportTo(broker)).prepare(TOPICS);
  const reader = ending(
    engine(await memory(), [ArrivedProjection], {
      transport: await transportTo(broker),
      types: EventTypes.of([ToldOrder]),
      node: {
        id: systemEnvironment.uuid(),
        host: 'test',
        pid: 1,
        build: 'test',
        roles: ['projections', 'relay'],
        commands: [],
      },
    }),
  );
  await reader.start();
  return reader;
}

/** Puts a message as anybody may who can write to the topic. */
function send(broker: InMemoryBroker, stream: string, version: number, event: Partial<StoredEvent> = {}): void {
  const at = new Date(0);
  broker.put('told', partitionOf(stream, 3), {
    relayed: {
      commit: {
        stream,
        firstVersion: version,
        id: systemEnvironment.uuid(),
        keyed: false,
        events: [{ type: 'orders.told', schema: 2, data: structuredClone(good), ...event }],
        metadata: { correlationId: 'c', causationId: 'u' },
        occurredAt: at,
        recordedAt: at,
        time: '0000000100000001',
      },
      relay: { epoch: 'e', token: 1 },
    },
  });
}

describe('integration event that arrives', () => {
  endEnginesAfterEach();

  const hostile: readonly [string, Partial<StoredEvent>, RegExp][] = [
    ['of a version that nobody knows', { schema: 99 }, /version 99, is not known/],
    ['with a field of another type', { data: { ...good, orderId: { not: 'a text' } } }, /orderId is no text/],
    ['in a shape that makes its check throw', { data: { orderId: '1', lines: 7 } }, /its check failed/],
    ['with a null where its check looks inside', { data: { orderId: '1', lines: [null] } }, /its check failed/],
    ['with more than it may weigh', { data: { ...good, orderId: 'x'.repeat(2_000) } }, /weighs 2\d\d\d bytes of 1000/],
    ['of an old version that breaks its upcaster', { schema: 1, data: { orderId: 1 } }, /orderId is no text/],
  ];

  // Without `isForeign` the unknown version stops its whole partition; without the catch of a check's error nothing tells what was wrong;
  // without `unfitIn` nothing is kept beside the topic.
  it.each(hostile)(
    '%s is kept with its reason and parks its stream, while others go on [K-12]',
    async (_, event, reason) => {
      const broker = new InMemoryBroker();
      const reader = await reading(broker);
      const versionsOf = async (stream: string) => (await reader.readModel(Arrived).findById(stream))?.versions;
      // All in one partition.
      const [bad, other] = ['order-1', ...Array.from({ length: 50 }, (__, index) => `order-${index + 2}`)].filter(
        (stream) => partitionOf(stream, 3) === partitionOf('order-1', 3),
      ) as [string, string];
      send(broker, bad, 1);
      send(broker, bad, 2, event);
      send(broker, bad, 3);
      send(broker, other, 1);
      await vi.waitFor(async () => expect(await versionsOf(other)).toEqual([1]), 5_000);
      await vi.waitFor(
        async () => expect(await reader.status('arrived')).toMatchObject({ state: 'live', parked: 1 }),
        5_000,
      );
      send(broker, other, 2);
      await vi.waitFor(async () => expect(await versionsOf(other)).toEqual([1, 2]), 5_000);

      expect(await versionsOf(bad)).toEqual([1]);
      expect(broker.refused).toMatchObject([{ topic: 'told', consumer: 'arrived', offset: 1 }]);
      expect(broker.refused[0]?.reason).toMatch(reason);
      const { deadLetters } = await reader.deadLetters();
      expect(deadLetters).toMatchObject([{ stream: bad }]);
      expect(JSON.stringify(deadLetters)).toMatch(reason);
      // An operator who gives it up frees what waited behind it.
      await reader.discardDeadLetter(deadLetters[0]!.id, 'ada');
      await vi.waitFor(async () => expect(await versionsOf(bad)).toEqual([1, 3]), 5_000);
    },
  );

  it('in an older version is brought up to today’s before it is checked', async () => {
    const broker = new InMemoryBroker();
    const reader = await reading(broker);
    send(broker, 'order-1', 1, { schema: 1, data: { orderId: '1' } });
    await vi.waitFor(
      async () => expect(await reader.readModel(Arrived).findById('order-1')).toMatchObject({ versions: [1] }),
      5_000,
    );
    expect(broker.refused).toEqual([]);
  });

  it('is not read unchecked, nor awaited where it never comes: both are told at the start', async () => {
    @Projection('wrong', {
      version: 1,
      readModels: [Arrived],
      slicing: 'stream',
      source: { kind: 'topic', topic: 'told' },
    })
    class Wrong {
      @On(Unchecked) unchecked({ orderId }: Unchecked) {
        return arrived.insert(orderId, { versions: [] });
      }
      @On(OrderPlaced) placed({ orderId }: OrderPlaced) {
        return arrived.insert(orderId, { versions: [] });
      }
    }
    const transport = await transportTo(new InMemoryBroker());
    const types = EventTypes.of([Unchecked, OrderPlaced]);
    expect(() => validate([projectionDefinitionOf(Wrong)], [], types, transport)).toThrow(
      expect.objectContaining({
        details: {
          problems: [
            expect.stringMatching(/^Wrong reads Unchecked from the topic 'told' unchecked/),
            expect.stringMatching(
              /^Wrong reads the topic 'told', which carries integration events only, but subscribes to OrderPlaced/,
            ),
          ],
        },
      }),
    );
  });
});

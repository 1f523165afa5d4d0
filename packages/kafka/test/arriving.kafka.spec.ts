import { EventTypes, IntegrationEvent, partitionOf, type EventContext } from '@nestfold/core';
import {
  On,
  Projection,
  publicationDefinitionOf,
  Publish,
  Publishes,
  ReadModelDocument,
  writes,
} from '@nestfold/projections';
import { describe, expect, it } from 'vitest';
import { kafka } from '../src/kafka.js';
import { append, fact, orderEvents, OrderShipped } from './orders.fixture.js';
import { contentOf, rigForEach } from './transport.fixture.js';

@IntegrationEvent<ToldShipment>('orders.shipped', {
  check: ({ orderId }) => (typeof orderId === 'string' ? [] : ['orderId is no text']),
})
class ToldShipment {
  orderId!: string;
}

@Publishes('told')
class ShipmentsToOthers {
  @Publish(OrderShipped, ToldShipment) shipped({ orderId }: OrderShipped) {
    return { orderId };
  }
}

@ReadModelDocument('told_shipments')
class ToldShipments {
  _id!: string;
  versions!: number[];
}

const told = writes(ToldShipments);

@Projection('told-shipments', { version: 1, readModels: [ToldShipments], slicing: 'stream', source: kafka('told') })
class ToldShipmentsProjection {
  @On(ToldShipment) shipped(_event: ToldShipment, { stream, version }: EventContext) {
    return told.reduce(stream, (document) => ({ versions: [...(document?.versions ?? []), version] }));
  }
}

describe('integration events over Kafka', () => {
  const rig = rigForEach();

  // Without the bound of stored sizes the last one cannot be parked: its partition stands still, and `order-2` with it.
  it('that nobody can use park their own stream and no other, even where they are larger than a store keeps [K-11, K-12]', async () => {
    const topics = [{ name: 'told', categories: ['order'], carries: 'integration-events' as const }];
    const source = await rig.store('source');
    const types = EventTypes.of([...orderEvents.definitions().map(({ event }) => event), ToldShipment]);
    const publications = [publicationDefinitionOf(ShipmentsToOthers)];
    await rig.engine(source, await rig.transport(topics), ['relay'], [], { types, publications }).start();
    const ship = (id: string) => append(source, `order-${id}`, fact(OrderShipped, { orderId: id }));
    // With a commit that was copied by spreading nothing is ever told: MongoDB's has getters.
    await ship('1');
    await ship('2');
    const reader = rig.engine(
      await rig.store(),
      await rig.transport(topics),
      ['projections', 'relay'],
      [ToldShipmentsProjection],
      { types: EventTypes.of([ToldShipment]) },
    );
    await reader.start();
    const versionsOf = async (id: string) => (await reader.readModel(ToldShipments).findById(`order-${id}`))?.versions;
    for (const id of ['1', '2']) await expect.poll(() => versionsOf(id), { timeout: 20_000 }).toEqual([1]);

    const { producer } = await rig.stranger();
    const epoch = await source.events.epoch();
    const token = (await contentOf(await rig.transport(topics), 'told')).at(-1)!.relay.token;
    const send = (stream: string, version: number, event: object) =>
      producer.send({
        topic: `${rig.prefix}.told`,
        messages: [
          {
            key: stream,
            partition: partitionOf(stream, 1),
            value: JSON.stringify({
              id: '0b0e9a4e-3c1f-5d2a-8b1a-111111111111',
              recordedAt: { $date: new Date().toISOString() },
              events: [{ type: 'orders.shipped', schema: 1, data: { orderId: '1' }, ...event }],
            }),
            headers: {
              stream,
              count: '1',
              version: `${version}`,
              correlationid: 'c',
              causationid: 'u',
              ce_time: new Date().toISOString(),
              // With the relay's own token: of a lower one it would be a ghost's, of a higher one all that comes behind.
              relay: `${token};0000000100000001;;;${epoch}`,
            },
          },
        ],
      });
    await send('order-1', 2, { schema: 99 });
    await send('order-3', 1, { data: { orderId: 7 } });
    await send('order-4', 1, { data: { orderId: Array.from({ length: 2_500_000 }, () => 1) } });
    await ship('2');
    await expect.poll(() => versionsOf('2'), { timeout: 20_000 }).toEqual([1, 2]);
    expect(await reader.status('told-shipments')).toMatchObject({ state: 'live' });
    // A batch that is repeated, as on a machine that stands still for longer than a lease, keeps what it refuses again.
    const { messages } = await (await rig.transport(topics)).refused('told', { limit: 100 });
    expect(new Set(messages.map(({ offset }) => offset)).size).toBe(3);
  });
});

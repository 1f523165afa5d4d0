import { partitionOf } from '@nestfold/core';
import type { Message } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { append, fact, OrderShipped, Trail, TrailProjection, write } from './orders.fixture.js';
import { rigForEach, storedStreams, type Rig } from './transport.fixture.js';

/** A relay and a projection of a topic, which has one commit. */
async function reading(rig: Rig, partitions: number, options: object = {}) {
  const topics = [{ name: 'order', partitions }];
  const store = await rig.store();
  const transport = await rig.transport(topics, options);
  const engine = rig.engine(store, transport, ['relay', 'projections'], [TrailProjection]);
  await engine.start();
  await append(store, 'order-1', fact(OrderShipped, { orderId: '1' }));
  await engine.settled({ timeoutMs: 30_000 });
  return { store, transport, engine, topics };
}

describe('topic that anybody can write to', () => {
  const rig = rigForEach();

  it('is read past garbage, huge values, forged places and headers, which are kept for operators [K-5]', async () => {
    const { store, engine } = await reading(rig, 3);

    const { producer, admin } = await rig.stranger();
    const partition = partitionOf('order-1', 3);
    const headers = {
      stream: 'order-1',
      count: '1',
      version: '2',
      correlationid: 'c',
      causationid: 'u',
      ce_time: new Date().toISOString(),
      relay: `900000000;0000000100000001;;;${await store.events.epoch()}`,
    };
    const value = JSON.stringify({
      id: '0b0e9a4e-3c1f-5d2a-8b1a-111111111111',
      recordedAt: { $date: new Date().toISOString() },
      events: [{ type: 'order.shipped', schema: 1, data: { orderId: '1' } }],
    });
    const hostile: Message[] = [
      { key: 'order-1', value: Buffer.from([0xff, 0x00, 0xfe]) },
      { key: null, value },
      { key: 'order-1', value: null, headers },
      { key: 'order-1', value: 'x'.repeat(5 * 1024 * 1024), headers },
      { key: 'order-1', value, headers: { ...headers, version: '-1' } },
      { key: 'order-1', value, headers: { ...headers, version: '99' } },
      { key: 'order-1', value: value.replace('"data":{', '"data":{"__proto__":{"admin":true},'), headers },
      { key: 'customer-1', value, headers: { ...headers, stream: 'customer-1', version: '1' } },
    ];
    for (const message of hostile)
      await producer.send({ topic: `${rig.prefix}.order`, messages: [{ ...message, partition }] });

    await write(store, 100, 10);
    await engine.settled({ timeoutMs: 30_000 });
    const found = new Map((await engine.readModel(Trail).find({})).map(({ _id, versions }) => [_id, versions]));
    for (const [stream, commits] of await storedStreams(store)) {
      const count = commits.reduce((sum, { events }) => sum + events.length, 0);
      expect(found.get(stream), stream).toEqual(Array.from({ length: count }, (_, index) => index + 1));
    }
    const [refused] = await admin.fetchTopicOffsets(`${rig.prefix}.order.refused`);
    expect(Number(refused?.high)).toBe(hostile.length);
  });

  // Without measuring key and headers the reader asked for ever that a message be kept which the broker did not take.
  it('is read past keys and headers that are as large as the broker takes [K-5]', async () => {
    const { store, transport, engine } = await reading(rig, 1);

    const { producer } = await rig.stranger();
    const huge = 'x'.repeat(24 * 1024 * 1024 - 120);
    const hostile: Message[] = [
      { key: huge, value: null },
      { key: 'order-1', value: null, headers: { huge } },
    ];
    for (const message of hostile)
      await producer.send({ topic: `${rig.prefix}.order`, messages: [{ ...message, partition: 0 }] });

    await append(store, 'order-1', fact(OrderShipped, { orderId: '1' }));
    await engine.settled({ timeoutMs: 60_000 });
    expect(await engine.readModel(Trail).findById('order-1')).toMatchObject({ versions: [1, 2] });
    expect((await transport.refused('order', { limit: 10 })).messages).toMatchObject([
      { partition: 0, offset: 1, consumer: 'trail' },
      { partition: 0, offset: 2, consumer: 'trail' },
    ]);
  });

  // Without making it anew the reader asked for ever that a message be kept in a topic that nobody made again.
  it('is read past garbage also after an operator has deleted what was kept of it [K-5]', async () => {
    const { store, transport, engine } = await reading(rig, 1);
    const { producer, admin } = await rig.stranger();
    const garbage = () =>
      producer.send({ topic: `${rig.prefix}.order`, messages: [{ key: 'order-1', value: 'x', partition: 0 }] });
    const kept = async () => (await transport.refused('order', { limit: 0 }).catch(() => undefined))?.kept;
    await garbage();
    await expect.poll(kept, { timeout: 20_000 }).toBe(1);

    await admin.deleteTopics({ topics: [`${rig.prefix}.order.refused`] });
    await garbage();
    await append(store, 'order-1', fact(OrderShipped, { orderId: '1' }));
    await expect
      .poll(async () => (await engine.readModel(Trail).findById('order-1'))?.versions, { timeout: 30_000 })
      .toEqual([1, 2]);
    // It may be kept twice.
    expect(await kept()).toBeGreaterThan(0);
  }, 90_000);

  // Without the check of seals the forged commit is applied, and the forged epoch stops the projection.
  it('is believed only as far as it is sealed, where relays and readers share a secret [K-10]', async () => {
    const { store, transport, engine, topics } = await reading(rig, 3, { secret: 'made by chance, 1234' });

    // What the relay of a service sends that has another secret is as good as forged.
    const [forger, notes] = [await rig.store('forger'), await rig.transport(topics, { secret: 'x'.repeat(16) })];
    const relay = rig.engine(forger, notes, ['relay']);
    await relay.start();
    await append(forger, 'order-1', fact(OrderShipped, { orderId: '1' }));
    await append(forger, 'order-1', fact(OrderShipped, { orderId: '1' }));
    await relay.settled({ timeoutMs: 30_000 });
    await expect
      .poll(async () => (await transport.reach('order')).reduce((sum, { end }) => sum + end, 0), { timeout: 20_000 })
      .toBe(3);

    await append(store, 'order-1', fact(OrderShipped, { orderId: '1' }));
    await engine.settled({ timeoutMs: 30_000 });
    expect(await engine.readModel(Trail).findById('order-1')).toMatchObject({ events: 2, versions: [1, 2] });
    expect(await engine.status('trail')).toMatchObject({ state: 'live', parked: 0 });
  });

  it('comes back by a rebuild where a reader refused what was good, as one does that was not told the secret [K-10, K-14]', async () => {
    const store = await rig.store();
    const topics = [{ name: 'order', partitions: 3 }];
    const [right, wrong] = ['made by chance, 1234', 'x'.repeat(16)];
    await rig.engine(store, await rig.transport(topics, { secret: right }), ['relay']).start();
    const misled = await rig.transport(topics, { secret: wrong });
    const foreign = await rig.store('reader');
    const blind = rig.engine(foreign, misled, ['projections'], [TrailProjection]);
    await blind.start();
    for (let count = 0; count < 5; count += 1) await append(store, 'order-1', fact(OrderShipped, { orderId: '1' }));
    await expect.poll(async () => (await misled.refused('order', { limit: 0 })).kept, { timeout: 20_000 }).toBe(5);
    await expect.poll(async () => (await blind.status('trail')).state, { timeout: 20_000 }).toBe('live');
    expect(await blind.readModel(Trail).findById('order-1')).toBeUndefined();
    expect(await blind.refusedMessages('order', { limit: 2 })).toMatchObject({
      kept: 5,
      next: 1,
      messages: [{ id: 0, consumer: 'trail', offset: 0 }, { id: 1 }],
    });
    await blind.stop();

    const told = await rig.transport(topics, { secret: [right, wrong] });
    const seeing = rig.engine(foreign, told, ['projections'], [TrailProjection]);
    await seeing.start();
    await seeing.rebuild('trail', 'ada');
    await expect
      .poll(async () => (await seeing.readModel(Trail).findById('order-1'))?.versions, { timeout: 20_000 })
      .toEqual([1, 2, 3, 4, 5]);
  });
});

import { Decimal, type NewEvent, type RelayedCommit, type StoreConnection } from '@nestfold/core';
import { startKafka, type KafkaBroker } from '@nestfold/dev-stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { append, fact, OrderPlaced, Trail, TrailProjection, write } from './orders.fixture.js';
import { contentOf, deduplicated, rigForEach, storedStreams } from './transport.fixture.js';

/** By itself the client asks six times on a connection from which nothing comes, and gives up after the last: 20 s with this, three minutes by default. */
const [REQUEST_MS, MOST_MS] = [1_500, 10_000];
/** A second, which is how long answers are waited for, brings half of the backlog through. */
const SLOW_BYTES = 300_000;

describe('a bad network to the broker', () => {
  const rig = rigForEach();
  let broker: KafkaBroker;

  beforeAll(async () => {
    broker = await startKafka({ ephemeral: { proxied: true }, ignoreBrokers: true });
    rig.brokers = broker.brokers;
  }, 120_000);
  afterAll(() => broker.stop());

  // Without the reader's listening to requests that are left unanswered it was read on after 37 s.
  it('whose connections have died without a word is left by who reads a topic, and by who looks at it, as soon as one request stays unanswered [K-16]', async () => {
    const proxy = broker.proxy!;
    const store = await rig.store();
    const topics = [{ name: 'order', partitions: 2 }];
    const relay = rig.engine(store, await rig.transport(topics), ['relay']);
    await relay.start();
    const through = await rig.transport(topics, { brokers: [proxy.address], client: { requestTimeout: REQUEST_MS } });
    const reader = rig.engine(store, through, ['projections'], [TrailProjection]);
    await reader.start();
    const applied = async () =>
      (await reader.readModel(Trail).find({})).reduce((sum, { versions }) => sum + versions.length, 0);
    await write(store, 50, 10);
    await expect.poll(applied, { timeout: 20_000 }).toBeGreaterThanOrEqual(50);
    await through.reach('order');

    proxy.cut({ forgets: true });
    const cut = performance.now();
    proxy.pass();
    await expect(through.reach('order')).rejects.toThrow(/unanswered/);
    expect(await through.reach('order')).toHaveLength(2);
    const before = await applied();
    await write(store, 50, 10);
    await expect.poll(applied, { timeout: 40_000 }).toBeGreaterThanOrEqual(before + 50);
    expect(performance.now() - cut).toBeLessThan(MOST_MS);
  });

  // Without the portions nothing was read after 20 s, and nothing sent: all was asked for again each time.
  it('that is too slow for all that stands in a topic is asked for less at a time, until it is read [K-16]', async () => {
    const proxy = broker.proxy!;
    const store = await rig.store();
    const topics = [{ name: 'order', categories: ['order'], partitions: 4 }];
    const direct = await rig.transport(topics);
    await direct.prepare(topics);
    // One at a time: what is sent at once to a partition comes at once as well.
    for (const commit of await backlog(store, 30)) await direct.publish('order', [commit]);

    proxy.slow(SLOW_BYTES);
    const through = await rig.transport(topics, { brokers: [proxy.address], client: { requestTimeout: 1_000 } });
    const reader = rig.engine(store, through, ['projections'], [TrailProjection]);
    await reader.start();
    const applied = async () => (await reader.readModel(Trail).find({})).flatMap(({ versions }) => versions);
    await expect.poll(applied, { timeout: 20_000 }).toHaveLength(31);
    proxy.pass();
  });

  // In the second case, with one client for all requests, the one that gave up first sent as much again by itself, and again, for ever.
  it.each([
    { given: 'less than it would take', options: { publishTimeoutMs: 1_000 } },
    { given: 'too little for the client by itself', options: { client: { requestTimeout: 1_000 } } },
  ])(
    'that is too slow for what is to be sent at once gets through, where the time given is $given [K-16]',
    async ({ options }) => {
      const proxy = broker.proxy!;
      const topics = [{ name: 'order', categories: ['order'], partitions: 4 }];
      const commits = await backlog(await rig.store(), 30);
      const direct = await rig.transport(topics);
      await direct.prepare(topics);

      proxy.slow(SLOW_BYTES);
      const through = await rig.transport(topics, { brokers: [proxy.address], ...options });
      const attempt = () => through.publish('order', commits).catch(String);
      await expect.poll(attempt, { timeout: 20_000 }).toBeUndefined();
      proxy.pass();
      expect(deduplicated(await contentOf(direct, 'order')).size).toBe(8);
    },
  );
});

/** Commits of 15 kB to eight streams, and one that is larger than what is asked for at a time where the network is slow. */
async function backlog(store: StoreConnection, count: number): Promise<RelayedCommit[]> {
  for (let one = 0; one < count; one += 1) await append(store, `order-${one % 8}`, weighing(15_000));
  await append(store, 'order-0', weighing(120_000));
  const commits = [...(await storedStreams(store)).values()].flat();
  return commits.map((commit) => ({ commit, relay: { epoch: 'one', token: 1 } }));
}

/** An event of so many bytes. */
function weighing(bytes: number): NewEvent {
  return fact(OrderPlaced, { orderId: 'x'.repeat(bytes), total: Decimal.of('12.50'), at: new Date(0) });
}

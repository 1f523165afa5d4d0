import { startKafka, type KafkaBroker } from '@nestfold/dev-stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Trail, TrailProjection, write } from './orders.fixture.js';
import { rigForEach } from './transport.fixture.js';

/** By itself the client asks six times on a connection from which nothing comes, and gives up after the last: 20 s with this, three minutes by default. */
const [REQUEST_MS, MOST_MS] = [1_500, 10_000];

describe('connection to the broker that has died without a word', () => {
  const rig = rigForEach();
  let broker: KafkaBroker;

  beforeAll(async () => {
    broker = await startKafka({ ephemeral: { proxied: true }, ignoreBrokers: true });
    rig.brokers = broker.brokers;
  }, 120_000);
  afterAll(() => broker.stop());

  // Without the reader's listening to requests that are left unanswered it was read on after 37 s.
  it('is given up by who reads a topic, and by who looks at it, as soon as one request is left unanswered [K-16]', async () => {
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
});

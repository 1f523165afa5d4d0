import { Kafka, logLevel } from 'kafkajs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { append, fact, OrderShipped } from './orders.fixture.js';
import { contentOf, deduplicated, rigForEach } from './transport.fixture.js';

describe('topic that is deleted while its relay runs', () => {
  const rig = rigForEach();

  // Without the look at what the topic holds it is there again with what came last alone; without the look why nothing is taken, it never is.
  it('is made anew and filled from the beginning [K-6]', async () => {
    const store = await rig.store();
    const transport = await rig.transport([{ name: 'order', partitions: 2 }]);
    await rig.engine(store, transport, ['relay']).start();
    const ship = (orderId: string) => append(store, `order-${orderId}`, fact(OrderShipped, { orderId }));
    const found = async () => {
      const streams = deduplicated(await contentOf(transport, 'order'));
      return [...streams].map(([stream, commits]) => [stream, commits.length]).sort();
    };
    for (const orderId of ['1', '2', '3', '1']) await ship(orderId);
    const before = [
      ['order-1', 2],
      ['order-2', 1],
      ['order-3', 1],
    ];
    await expect.poll(found, { timeout: 20_000 }).toEqual(before);

    const admin = new Kafka({ brokers: [...rig.brokers], logLevel: logLevel.NOTHING }).admin();
    onTestFinished(() => admin.disconnect());
    await admin.connect();
    await admin.deleteTopics({ topics: [`${rig.prefix}.order`] });
    await expect.poll(() => admin.listTopics(), { timeout: 20_000 }).not.toContain(`${rig.prefix}.order`);
    await ship('4');
    await expect
      .poll(() => found().catch(() => []), { timeout: 30_000, interval: 500 })
      .toEqual([...before, ['order-4', 1]]);
  }, 90_000);
});

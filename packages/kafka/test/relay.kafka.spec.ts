import { describe, expect, it } from 'vitest';
import { append, CustomerRenamed, fact, write } from './orders.fixture.js';
import { contentOf, deduplicated, differences, rigForEach, storedStreams } from './transport.fixture.js';

describe('relay', () => {
  const rig = rigForEach();

  it('brings every commit of its categories to the topic, what was stored before and what comes after, as it stands in the store [K-1]', async () => {
    const store = await rig.store();
    const transport = await rig.transport([{ name: 'order', partitions: 3 }]);
    await write(store, 300, 40);
    await append(store, 'customer-1', fact(CustomerRenamed, { name: 'Ada' }));
    const engine = rig.engine(store, transport, ['relay']);
    await engine.start();
    await expect.poll(async () => deduplicated(await contentOf(transport, 'order')).size).toBeGreaterThan(0);
    await write(store, 300, 40);

    const orders = new Map([...(await storedStreams(store))].filter(([stream]) => stream.startsWith('order-')));
    await expect
      .poll(async () => differences(deduplicated(await contentOf(transport, 'order')), orders), { timeout: 20_000 })
      .toEqual([]);
  });
});

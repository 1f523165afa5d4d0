import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withAdmin } from '../broker/kafka-admin.js';
import { clientOf, contentOf, produce } from './kafka-client.fixture.js';
import { testKafka, type TestKafka } from './test-kafka.js';

let kafka: TestKafka;
let neighbour: TestKafka;
beforeAll(async () => {
  [kafka, neighbour] = await Promise.all([testKafka('Orders & more'), testKafka('Orders & more')]);
}, 600_000);
afterAll(() => neighbour.drop());

describe('testKafka', () => {
  it('gives each caller topics of its own on one broker', async () => {
    expect(neighbour.brokers).toEqual(kafka.brokers);
    const [topic, other] = [await kafka.topic('order', 2), await neighbour.topic('order')];
    expect(topic).toBe(`${kafka.prefix}.order`);
    await produce(kafka.brokers, topic, 'mine');
    expect(await contentOf(kafka.brokers, topic)).toEqual(['mine']);
    expect(await contentOf(kafka.brokers, other)).toEqual([]);
  });

  it('leaves neither topics nor groups behind when dropped, and touches nobody else', async () => {
    const [topic, other] = [await kafka.topic('order'), await neighbour.topic('order')];
    const groupId = kafka.name('reader');
    const consumer = clientOf(kafka.brokers).consumer({ groupId });
    await consumer.connect();
    await consumer.subscribe({ topic });
    const joined = new Promise((resolve) => consumer.on('consumer.group_join', resolve));
    await consumer.run({ eachMessage: () => Promise.resolve() });
    await joined;
    await consumer.disconnect();

    await kafka.drop();
    await withAdmin(kafka.brokers, async (admin) => {
      // The broker answers before it knows by itself what its controller has decided.
      await expect.poll(() => admin.listTopics()).not.toContain(topic);
      expect(await admin.listTopics()).toContain(other);
      const groups = async () => (await admin.listGroups()).groups.map((group) => group.groupId);
      await expect.poll(groups).not.toContain(groupId);
    });
  });
});

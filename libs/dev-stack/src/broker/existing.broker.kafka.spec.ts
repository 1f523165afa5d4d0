import { describe, expect, it } from 'vitest';
import { findFreePorts } from '../process/free-port.js';
import { testKafka } from '../testing/test-kafka.js';
import { withAdmin } from './kafka-admin.js';
import { startKafka } from './start-kafka.js';

describe('startKafka with KAFKA_BROKERS', () => {
  it('uses the brokers that are there, makes what topics are missing, and leaves them running', async () => {
    const kafka = await testKafka('existing');
    const here = await kafka.topic('here', 2);
    const env = { KAFKA_BROKERS: kafka.brokers.join(',') };
    const topics = [{ name: here }, { name: kafka.name('new'), partitions: 3 }];
    const broker = await startKafka({ ephemeral: {}, env, topics });
    expect(broker).toMatchObject({ kind: 'existing', brokers: kafka.brokers });
    await expect(broker.kill()).rejects.toThrow('was not started here');
    await broker.stop();
    const { topics: found } = await withAdmin(kafka.brokers, (admin) =>
      admin.fetchTopicMetadata({ topics: topics.map(({ name }) => name) }),
    );
    expect(Object.fromEntries(found.map(({ name, partitions }) => [name, partitions.length]))).toEqual({
      [here]: 2,
      [kafka.name('new')]: 3,
    });
    await kafka.drop();
  });

  it('says so where nothing answers', async () => {
    const [port = 0] = await findFreePorts(1);
    await expect(startKafka({ ephemeral: {}, env: { KAFKA_BROKERS: `127.0.0.1:${port}` } })).rejects.toThrow(
      /^The brokers of KAFKA_BROKERS cannot be used: .*ECONNREFUSED/,
    );
  });
});

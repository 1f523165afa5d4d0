import { afterEach, describe, expect, it, vi } from 'vitest';
import { TEST_BROKERS_VARIABLE, TEST_DESK_VARIABLE, testKafka } from './testing/test-kafka.js';
import { setup } from './vitest-kafka-setup.js';

describe('the vitest global setup for Kafka', () => {
  afterEach(() => void vi.unstubAllEnvs());

  it('fails a test that asks where no Kafka can be had, and no other', async () => {
    vi.stubEnv(TEST_BROKERS_VARIABLE, undefined);
    vi.stubEnv(TEST_DESK_VARIABLE, undefined);
    vi.stubEnv('KAFKA_BROKERS', undefined);
    vi.stubEnv('JAVA_HOME', '/nonexistent');
    const teardown = await setup();
    await expect(testKafka()).rejects.toThrow(/^No Kafka \S+ is at hand\.[^]*install Java 17/);
    await teardown();
    expect(process.env[TEST_DESK_VARIABLE]).toBeUndefined();
  });

  it('opens nothing beside what the run was given', async () => {
    vi.stubEnv(TEST_BROKERS_VARIABLE, undefined);
    vi.stubEnv(TEST_DESK_VARIABLE, 'http://127.0.0.1:1/');
    const teardown = await setup();
    await teardown();
    expect(process.env[TEST_DESK_VARIABLE]).toBe('http://127.0.0.1:1/');
  });
});

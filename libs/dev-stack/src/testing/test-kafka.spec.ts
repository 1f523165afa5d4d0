import { afterEach, describe, expect, it, vi } from 'vitest';
import { TEST_BROKERS_VARIABLE, TEST_DESK_VARIABLE, testKafka } from './test-kafka.js';

describe('testKafka', () => {
  afterEach(() => void vi.unstubAllEnvs());

  it('fails without a broker, and says what to add', async () => {
    vi.stubEnv(TEST_BROKERS_VARIABLE, undefined);
    vi.stubEnv(TEST_DESK_VARIABLE, undefined);
    await expect(testKafka()).rejects.toThrow(/globalSetup/);
  });

  it('makes names that Kafka accepts of any title, and no two alike', async () => {
    vi.stubEnv(TEST_BROKERS_VARIABLE, 'broker.example:9092');
    const title = 'Orders / "late" $hipping_ß. '.repeat(9);
    const [one, other] = [await testKafka(title), await testKafka(title)];
    expect(one.brokers).toEqual(['broker.example:9092']);
    expect(one.name('order')).toMatch(/^[a-z0-9-]{1,100}\.order$/);
    expect(one.prefix).not.toBe(other.prefix);
  });
});

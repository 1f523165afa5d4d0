import { systemEnvironment } from '@nestfold/core';
import { testDatabase, testKafka, type TestKafka } from '@nestfold/dev-stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostileTopic } from './hostile-topic.js';

// Each is sent three times on average.
const COMMITS = Math.ceil(Number(process.env['NESTFOLD_KAFKA_EVENTS'] ?? 6_000) / 3);

describe('topic that repeats itself', () => {
  const [own, foreign] = [testDatabase('repeated-own'), testDatabase('repeated-foreign')];
  let kafka: TestKafka;

  beforeAll(async () => {
    kafka = await testKafka('repeated');
  });
  afterAll(async () => {
    await kafka.drop();
    await Promise.all([own.drop(), foreign.drop()]);
  });

  it(`gives the same read model with each of ${COMMITS} messages one to five times, shuffled across streams in windows of 50 [K-3]`, async () => {
    const { isEqual, messages, streams, strays, refused, readMs } = await hostileTopic({
      uri: own.uri,
      databases: { own: own.name, foreign: foreign.name },
      brokers: kafka.brokers,
      prefix: kafka.prefix,
      commits: COMMITS,
      random: () => systemEnvironment.random(),
      withinMs: 120_000,
    });
    expect(isEqual).toBe(true);
    expect(streams).toBeGreaterThan(50);
    expect(messages).toBeGreaterThan(2 * COMMITS);
    expect(strays).toBeGreaterThan(0);
    expect(refused).toBe(strays);
    console.log(
      `topic repeated: ${COMMITS} commits, ${messages} messages, ${strays} of them in a wrong partition; read ${Math.round(readMs)} ms after the last`,
    );
  }, 290_000);
});

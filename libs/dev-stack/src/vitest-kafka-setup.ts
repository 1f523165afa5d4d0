import { startKafka } from './broker/start-kafka.js';
import { BrokerDesk } from './testing/broker-desk.js';
import { TEST_BROKERS_VARIABLE, TEST_DESK_VARIABLE } from './testing/test-kafka.js';

/**
 * Vitest `globalSetup`: one broker for the whole run, started when the first test asks for it by `testKafka`. Brokers named in
 * `NESTFOLD_TEST_KAFKA_BROKERS` already are used as they are.
 * @publicApi
 */
export async function setup(): Promise<() => Promise<void>> {
  if (process.env[TEST_BROKERS_VARIABLE] || process.env[TEST_DESK_VARIABLE]) return () => Promise.resolve();
  const desk = await BrokerDesk.open(() => startKafka({ ephemeral: {} }));
  process.env[TEST_DESK_VARIABLE] = desk.url;
  return async () => {
    delete process.env[TEST_DESK_VARIABLE];
    await desk.close();
  };
}

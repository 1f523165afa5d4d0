import { reasonOf } from '../support/ask-in-order.js';
import { withAdmin } from './kafka-admin.js';
import type { KafkaBroker } from './kafka-broker.js';

/** Connects once to see that the brokers of `KAFKA_BROKERS` answer. @internal */
export async function useExisting(brokers: string[]): Promise<KafkaBroker> {
  await withAdmin(brokers, (admin) => admin.describeCluster(), { retries: 1 }).catch((error: unknown) => {
    throw new Error(`The brokers of KAFKA_BROKERS cannot be used: ${reasonOf(error)}`, { cause: error });
  });
  return {
    brokers,
    kind: 'existing',
    pid: undefined,
    log: undefined,
    dataFolder: undefined,
    proxy: undefined,
    kill: refuse,
    restart: refuse,
    stop: () => Promise.resolve(),
  };
}

function refuse(): Promise<never> {
  return Promise.reject(new Error('The Kafka of KAFKA_BROKERS was not started here; start with `ignoreBrokers: true`'));
}

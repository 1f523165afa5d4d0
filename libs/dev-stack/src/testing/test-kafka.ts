import { createTopics, withAdmin } from '../broker/kafka-admin.js';
import { brokerAddresses } from '../kafka/broker-addresses.js';
import { askDesk } from './broker-desk.js';
import { uniqueName } from './unique-name.js';

/** Carries the addresses of a broker that runs already to the tests, as `KAFKA_BROKERS` has them. @publicApi */
export const TEST_BROKERS_VARIABLE = 'NESTFOLD_TEST_KAFKA_BROKERS';

/** Carries the place where a broker is to be had from the global setup to the workers. @internal */
export const TEST_DESK_VARIABLE = 'NESTFOLD_TEST_KAFKA_DESK';

/** Topics and groups of its own on the shared test broker. @publicApi */
export interface TestKafka {
  /** Addresses for a client. */
  readonly brokers: string[];
  /** What the names of topics and groups begin with, and those of no other test. */
  readonly prefix: string;
  /** The name of a topic or group of this test: `<prefix>.<name>`. Makes nothing. */
  name(name: string): string;
  /** Makes a topic with so many partitions (default: 1) and returns its name, when it has a leader. */
  topic(name: string, partitions?: number): Promise<string>;
  /** Deletes the topics and the groups of this test; call it in `afterAll`, after its clients have left. */
  drop(): Promise<void>;
}

/**
 * Topics of its own for a test file, on a broker that is started when the first test of a run asks. Throws when none can be had: a test
 * without its broker fails, it is never skipped.
 * @example
 * const kafka = await testKafka('orders');
 * afterAll(() => kafka.drop());
 * @publicApi
 */
export async function testKafka(name = 'test'): Promise<TestKafka> {
  const brokers = await sharedBrokers();
  // Kafka takes `.` and `_` for one another in the names of its metrics: only one of them is used.
  const prefix = uniqueName(name.replaceAll('_', '-'), '-');
  const named = (part: string) => `${prefix}.${part}`;
  return {
    brokers,
    prefix,
    name: named,
    topic: async (part, partitions = 1) => {
      await createTopics(brokers, [{ name: named(part), partitions }]);
      return named(part);
    },
    drop: () => dropAll(brokers, named('')),
  };
}

async function sharedBrokers(): Promise<string[]> {
  const given = process.env[TEST_BROKERS_VARIABLE];
  if (given) return brokerAddresses(given);
  const desk = process.env[TEST_DESK_VARIABLE];
  if (desk) return askDesk(desk);
  throw new Error(
    `No test broker: ${TEST_DESK_VARIABLE} is not set. ` +
      'Add "@nestfold/dev-stack/vitest-kafka-setup" to `globalSetup` of the vitest project.',
  );
}

async function dropAll(brokers: readonly string[], prefix: string): Promise<void> {
  await withAdmin(brokers, async (admin) => {
    const { groups } = await admin.listGroups();
    const groupIds = groups.map(({ groupId }) => groupId).filter((id) => id.startsWith(prefix));
    if (groupIds.length > 0) await admin.deleteGroups(groupIds);
    const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix));
    if (topics.length > 0) await admin.deleteTopics({ topics });
  });
}

import type { Admin } from 'kafkajs';
import type { KafkaTopic } from './kafka-broker.js';

/** How much patience a question to a broker has. @internal */
export interface AdminPatience {
  /** How often a refused connection is tried again. Default: 5 times, within some 10 s. */
  readonly retries?: number;
}

/**
 * Uses a connection for questions about topics and groups, and closes it. Throws what kafkajs throws, and where it is not installed what to do.
 * @internal
 */
export async function withAdmin<T>(
  brokers: readonly string[],
  use: (admin: Admin) => Promise<T>,
  { retries = 5 }: AdminPatience = {},
): Promise<T> {
  // Whoever starts a MongoDB only neither loads nor installs it.
  const { Kafka, logLevel } = await import('kafkajs').catch((cause: unknown) => {
    throw new Error('A broker is asked through kafkajs, which is not installed here: npm install kafkajs', { cause });
  });
  const kafka = new Kafka({
    clientId: 'nestfold-dev-stack',
    brokers: [...brokers],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 5_000,
    retry: { retries, initialRetryTime: 100 },
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}

/** Makes the topics that are not there yet, and returns when each has a leader. @internal */
export async function createTopics(brokers: readonly string[], topics: readonly KafkaTopic[]): Promise<void> {
  if (topics.length === 0) return;
  await withAdmin(brokers, async (admin) => {
    const present = new Set(await admin.listTopics());
    const missing = topics.filter(({ name }) => !present.has(name));
    if (missing.length === 0) return;
    await admin.createTopics({
      topics: missing.map(({ name, partitions = 1 }) => ({ topic: name, numPartitions: partitions })),
      waitForLeaders: true,
    });
  });
}

import { resolveKafka, type ResolvedKafka, type ResolveKafkaOptions } from '../kafka/resolve-kafka.js';
import { reportToStderr } from '../support/progress.js';
import { startEphemeral, type EphemeralKafkaOptions } from './ephemeral.broker.js';
import { useExisting } from './existing.broker.js';
import { createTopics } from './kafka-admin.js';
import type { KafkaBroker, KafkaTopic } from './kafka-broker.js';
import { startPersistent, type PersistentKafkaOptions } from './persistent.broker.js';

/** Which broker to start, and where it may be found. @publicApi */
export type StartKafkaOptions = ResolveKafkaOptions & {
  /** Made where they are not there yet; nothing else makes a topic. Default: none. */
  readonly topics?: readonly KafkaTopic[];
} & ({ readonly ephemeral: EphemeralKafkaOptions } | { readonly persistent: PersistentKafkaOptions });

/**
 * Gives a running Kafka with these topics: the one of `KAFKA_BROKERS`, else one broker started here.
 *
 * What it starts ends with this process, whether that stops it, is interrupted or is killed. It does not keep the process alive.
 * What it has acknowledged survives its own kill. Throws `KafkaNotFoundError` where there is no Kafka and no Java or Maven to get one,
 * `KafkaStartError` when it does not come up, `DataFolderInUseError` when kept data is open in another process.
 * @example
 * const kafka = await startKafka({ ephemeral: {}, topics: [{ name: 'shop.order', partitions: 4 }] });
 * const client = new Kafka({ brokers: kafka.brokers });
 * @publicApi
 */
export async function startKafka(options: StartKafkaOptions): Promise<KafkaBroker> {
  const broker = await start(await resolveKafka(options), options);
  try {
    await createTopics(broker.brokers, options.topics ?? []);
    return broker;
  } catch (error) {
    await broker.stop();
    throw error;
  }
}

async function start(kafka: ResolvedKafka, options: StartKafkaOptions): Promise<KafkaBroker> {
  if (kafka.kind === 'brokers') return useExisting(kafka.brokers);
  return 'persistent' in options
    ? startPersistent(kafka, options.persistent, options.report ?? reportToStderr)
    : startEphemeral(kafka, options.ephemeral);
}

import type { JavaSourceName } from '../java/java.source.js';
import { attemptsMessage, type FailedAttempt } from '../support/ask-in-order.js';
import type { KafkaSourceName } from './kafka.source.js';

const REMEDIES = [
  'set KAFKA_BROKERS to host:port of a Kafka that already runs (several with commas), or',
  'install Java 17 or newer (JAVA_HOME, or `java` on PATH) and Maven (`mvn` on PATH), or',
  'run once where one of the places above can be reached: Java and Kafka are then kept in the cache folder (NESTFOLD_CACHE).',
];

/** There is no Kafka and no way to start one. The message lists what was tried and what to do. @publicApi */
export class KafkaNotFoundError extends Error {
  readonly code = 'KAFKA_NOT_FOUND';
  readonly attempts: readonly FailedAttempt<KafkaSourceName | 'KAFKA_BROKERS' | 'JAVA_HOME' | JavaSourceName>[];

  constructor(version: string, attempts: KafkaNotFoundError['attempts']) {
    super(attemptsMessage(`No Kafka ${version} is at hand.`, attempts, REMEDIES));
    this.name = 'KafkaNotFoundError';
    this.attempts = attempts;
  }
}

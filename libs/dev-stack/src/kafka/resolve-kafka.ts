import { JAVA_SOURCES, resolveJava } from '../java/resolve-java.js';
import { askInOrder } from '../support/ask-in-order.js';
import { cacheFolderOf, type Env } from '../support/cache-folder.js';
import type { Machine } from '../support/machine.js';
import { reportToStderr, type Report } from '../support/progress.js';
import { archiveSource } from './archive.source.js';
import { brokerAddresses } from './broker-addresses.js';
import { KafkaNotFoundError } from './kafka-not-found.error.js';
import { kafkaVersionOf } from './kafka-version.js';
import type { KafkaContext, KafkaLibraries, KafkaSource, KafkaSourceName } from './kafka.source.js';
import { cacheSource } from './library-cache.js';
import { mavenSource } from './maven.source.js';

/** An existing Kafka, or what is needed to start one. @publicApi */
export type ResolvedKafka =
  | { readonly kind: 'brokers'; readonly brokers: string[] }
  | ({ readonly kind: 'libraries'; readonly java: string; readonly source: KafkaSourceName } & KafkaLibraries);

/** How to look for a Kafka. @publicApi */
export interface ResolveKafkaOptions {
  /** Default: `process.env`. */
  readonly env?: Env;
  /** Starts an own broker even where `KAFKA_BROKERS` is set, for tests that kill it. Default: false. */
  readonly ignoreBrokers?: boolean;
  /** Hears of steps that last more than two seconds. Default: a line on stderr. */
  readonly report?: Report;
}

/** In the order they are asked: what costs nothing first. @internal */
export const SOURCES: readonly KafkaSource[] = [cacheSource, mavenSource(), archiveSource()];

/**
 * Finds a Kafka: `KAFKA_BROKERS`, then the cache, Maven, the official download, which fetch into the cache; these three need Java, which is
 * found or fetched in the same way. The version is `NESTFOLD_KAFKA_VERSION`, else 3.9.1.
 *
 * Throws `KafkaNotFoundError` when all fail, and the plain reason when `KAFKA_BROKERS` or `NESTFOLD_KAFKA_VERSION` is set to something that
 * is none.
 * @publicApi
 */
export async function resolveKafka(options: ResolveKafkaOptions = {}): Promise<ResolvedKafka> {
  const env = options.env ?? process.env;
  return resolveOn(
    {
      env,
      platform: process.platform,
      arch: process.arch,
      cacheFolder: cacheFolderOf(env),
      report: options.report ?? reportToStderr,
    },
    options.ignoreBrokers ?? false,
  );
}

/** The same for any machine and any sources. @internal */
export async function resolveOn(
  machine: Machine,
  ignoreBrokers: boolean,
  javaSources = JAVA_SOURCES,
  sources = SOURCES,
): Promise<ResolvedKafka> {
  const given = machine.env['KAFKA_BROKERS'];
  if (given && !ignoreBrokers) return { kind: 'brokers', brokers: brokerAddresses(given) };
  const version = kafkaVersionOf(machine.env);
  const notGiven = { source: 'KAFKA_BROKERS', reason: given ? 'to be ignored' : 'not set' } as const;
  const java = await resolveJava(
    machine,
    javaSources,
    (attempts) => new KafkaNotFoundError(version, [notGiven, ...attempts]),
  );
  const context: KafkaContext = { ...machine, version, java };
  const found = await askInOrder(
    sources,
    context,
    (attempts) => new KafkaNotFoundError(version, [notGiven, ...attempts]),
  );
  return { kind: 'libraries', java, ...found };
}

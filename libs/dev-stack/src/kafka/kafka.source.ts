import type { Source } from '../support/ask-in-order.js';
import type { Machine } from '../support/machine.js';

/** Where a Kafka came from. @publicApi */
export type KafkaSourceName = 'cache' | 'Maven' | 'official download';

/** What a source may look at. @internal */
export interface KafkaContext extends Machine {
  /** Which Kafka is wanted, such as `3.9.1`. */
  readonly version: string;
  /** A Java that runs. */
  readonly java: string;
}

/** Everything that a broker needs beside Java. @internal */
export interface KafkaLibraries {
  /** Folder with the broker's jars and all that they need. */
  readonly libs: string;
  readonly version: string;
}

/** One place to get Kafka from: it returns libraries that are whole. @internal */
export type KafkaSource = Source<KafkaSourceName, KafkaContext, KafkaLibraries>;

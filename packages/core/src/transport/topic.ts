import type { StreamName } from '../stream/stream-name.js';
import { categoryOf } from '../stream/stream-name.js';

/** A topic: which streams go through it, and in how many partitions. */
export interface TopicDefinition {
  /** What sources name; how a broker calls it is the transport's business. */
  readonly name: string;
  /** The categories of the streams whose commits it carries. */
  readonly categories: readonly string[];
  /** Fixed when it is made: a stream's partition follows from its slice. With one, all commits keep the store's order. */
  readonly partitions: number;
  /** How long messages are kept, in milliseconds; for ever when missing, so that read models can be rebuilt from it. */
  readonly retentionMs?: number;
  /**
   * Missing: commits as they are stored. Else only what a class with `@Publishes` makes of them: a process without such a class leaves the topic
   * to those that have one, and never sends what is stored.
   */
  readonly carries?: 'integration-events';
}

/** Where a projection reads instead of the store. */
export interface TopicSource {
  readonly kind: 'topic';
  /** The name of the topic in the transport's options. */
  readonly topic: string;
}

/** Whether a stream's commits go through a topic. */
export function isCarried(stream: StreamName, { categories }: TopicDefinition): boolean {
  return categories.includes(categoryOf(stream));
}

import type { Environment } from '../environment/environment.port.js';
import type { NextOptions } from '../feed/change-feed.port.js';
import type { Logger } from '../logging/logger.port.js';
import type { StreamName } from '../stream/stream-name.js';
import type { RelayedCommit, TopicMessage } from './relayed-commit.js';
import type { TopicDefinition } from './topic.js';

/** What one partition of a topic holds: the offsets from `earliest` on and before `end`. */
export interface PartitionReach {
  readonly partition: number;
  readonly earliest: number;
  readonly end: number;
}

/** What a subscription has got; the next message will have the offset `next`, or a later one. */
export interface TopicBatch {
  readonly messages: readonly TopicMessage[];
  readonly next: number;
  /** Where the partition ended when it was last heard of. */
  readonly end: number;
}

/**
 * A place in one partition of a topic. `next` answers messages in the order of their offsets, each once; it throws `TransportUnavailable` (retry with
 * back-off), and `TopicCut` or `TopicReplaced` where the offset is not there (any more). After an error the subscription is to be closed.
 */
export interface TopicSubscription {
  next(options: NextOptions): Promise<TopicBatch>;
  close(): Promise<void>;
}

/** Reads one topic for one consumer in this process, any of its partitions. */
export interface TopicReader {
  /** At most one subscription a partition at a time. */
  open(partition: number, from: number): TopicSubscription;
  close(): Promise<void>;
}

/** A message that cannot be taken, on its way to those who look after such. */
export interface RefusedMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly reason: string;
  /** The projection that refused it. */
  readonly consumer: string;
  /** Of the commit, where it is one. */
  readonly stream?: StreamName;
  /** As the transport gave it. */
  readonly raw?: unknown;
}

/** Which of the refused messages of a topic to look at. */
export interface RefusedQuery {
  /** At most so many; with 0 only what is kept is counted. */
  readonly limit: number;
  /** The id of the last one of the page before. */
  readonly after?: number;
}

/** A message that was refused, as it is kept. */
export interface KeptMessage extends Omit<RefusedMessage, 'raw'> {
  /** Its place among the refused messages of its topic, from 0. */
  readonly id: number;
  readonly at: Date;
}

/** Some refused messages, the oldest first. */
export interface RefusedPage {
  readonly messages: readonly KeptMessage[];
  /** How many are kept of the topic, those that were redriven included. */
  readonly kept: number;
}

/**
 * Carries commits from one service to others. An implementer owes: of one `publish` the commits of a stream stand in the topic in the order given, all
 * of them once it has answered; one that failed may have stored any of them, now or a little later; the partition of a commit is
 * `partitionOf(stream, partitions)`; a reader gets every message that stands in the topic, also after the broker was away.
 */
export interface TransportConnection {
  readonly topics: readonly TopicDefinition[];
  /** Makes the topics that are missing. Throws `ConfigurationError` where one is there that is not as it is defined, and `TransportUnavailable`. */
  prepare(topics: readonly TopicDefinition[]): Promise<void>;
  /** Throws `TransportUnavailable` (send the same again), and `NotFound` where there is no such topic any more. Not for concurrent use on one topic. */
  publish(topic: string, commits: readonly RelayedCommit[]): Promise<void>;
  /** In the order of their numbers. Throws `TransportUnavailable`, also where there is no such topic yet. */
  reach(topic: string): Promise<readonly PartitionReach[]>;
  reader(consumer: string, topic: string): TopicReader;
  /** Keeps a refused message, as it came, where operators find it. Throws `TransportUnavailable`. */
  refuse(message: RefusedMessage): Promise<void>;
  /** Looks at what was refused of a topic, by all who read it. Throws `TransportUnavailable`. */
  refused(topic: string, query: RefusedQuery): Promise<RefusedPage>;
  close(): Promise<void>;
}

/** What a transport is given when it connects. */
export interface TransportOptions {
  readonly environment: Environment;
  readonly logger: Logger;
}

/** A kind of transport, not yet connected: what `NestfoldModule.forRoot({ transports })` takes. */
export interface EventTransport {
  readonly kind: string;
  /** Does not wait for the broker: what needs it waits for it, so that commands go on without it. Throws `ConfigurationError` for unfit options. */
  connect(options: TransportOptions): Promise<TransportConnection>;
}

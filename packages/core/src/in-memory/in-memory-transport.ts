import { ConfigurationError } from '../error/configuration.error.js';
import { NotFound } from '../error/read-side.errors.js';
import { TopicCut, TopicReplaced, TransportUnavailable } from '../error/transport.errors.js';
import type { NextOptions } from '../feed/change-feed.port.js';
import type { Environment } from '../environment/environment.port.js';
import { partitionOf } from '../stream/slice.js';
import type {
  EventTransport,
  PartitionReach,
  RefusedMessage,
  RefusedPage,
  RefusedQuery,
  TopicBatch,
  TopicReader,
  TopicSubscription,
  TransportConnection,
} from '../transport/event-transport.port.js';
import type { RelayedCommit, TopicMessage } from '../transport/relayed-commit.js';
import type { TopicDefinition } from '../transport/topic.js';
import { Signal } from './signal.js';

/** What a partition keeps: messages behind those that were cut. */
interface Log {
  earliest: number;
  readonly messages: TopicMessage[];
}

/** Topics in memory, shared by all who connect to it: a broker for tests, which can be made to fail. */
export class InMemoryBroker {
  readonly topics = new Map<string, readonly Log[]>();
  readonly refused: (RefusedMessage & { readonly at: Date })[] = [];
  readonly changed = new Signal();
  /** While it is away nothing is answered. */
  isAway = false;

  /** Puts a message behind the others, as anybody may who can write to a topic. */
  put(
    topic: string,
    partition: number,
    content: { readonly relayed: RelayedCommit } | { readonly problem: string },
  ): void {
    const log = this.log(topic, partition);
    log.messages.push({ offset: log.earliest + log.messages.length, ...content });
    this.changed.raise();
  }

  /** Forgets the oldest messages, as retention does. */
  cut(topic: string, partition: number, before: number): void {
    const log = this.log(topic, partition);
    log.messages.splice(0, before - log.earliest);
    log.earliest = before;
  }

  log(topic: string, partition: number): Log {
    const log = this.topics.get(topic)?.[partition];
    if (log === undefined) throw new ConfigurationError(`There is no partition ${partition} of a topic '${topic}'.`);
    return log;
  }

  insistOnAnswer(): void {
    if (this.isAway) throw new TransportUnavailable('The broker is away.');
  }
}

/** A transport in memory, over a broker that may be shared. */
export function inMemoryTransport(topics: readonly TopicDefinition[], broker = new InMemoryBroker()): EventTransport {
  return {
    kind: 'in-memory',
    connect: ({ environment }) => Promise.resolve(new InMemoryTransport(topics, broker, environment)),
  };
}

class InMemoryTransport implements TransportConnection {
  constructor(
    readonly topics: readonly TopicDefinition[],
    private readonly broker: InMemoryBroker,
    private readonly environment: Environment,
  ) {}

  async prepare(topics: readonly TopicDefinition[]): Promise<void> {
    this.broker.insistOnAnswer();
    for (const { name, partitions } of topics) {
      const present = this.broker.topics.get(name)?.length ?? partitions;
      if (present !== partitions)
        throw new ConfigurationError(`The topic '${name}' has ${present} partitions, not ${partitions}.`);
      if (!this.broker.topics.has(name))
        this.broker.topics.set(
          name,
          Array.from({ length: partitions }, () => ({ earliest: 0, messages: [] })),
        );
    }
  }

  async publish(topic: string, commits: readonly RelayedCommit[]): Promise<void> {
    for (const relayed of commits) {
      this.broker.insistOnAnswer();
      const partitions = this.broker.topics.get(topic)?.length;
      if (partitions === undefined) throw new NotFound('topic', topic);
      this.broker.put(topic, partitionOf(relayed.commit.stream, partitions), { relayed: structuredRelayed(relayed) });
    }
  }

  async reach(topic: string): Promise<readonly PartitionReach[]> {
    this.broker.insistOnAnswer();
    const logs = this.broker.topics.get(topic);
    if (logs === undefined) throw new TransportUnavailable(`There is no topic '${topic}' yet.`);
    return logs.map(({ earliest, messages }, partition) => ({ partition, earliest, end: earliest + messages.length }));
  }

  reader(_consumer: string, topic: string): TopicReader {
    return {
      open: (partition, from) => new InMemoryTopicSubscription(this.broker, this.environment, topic, partition, from),
      close: () => Promise.resolve(),
    };
  }

  async refuse(message: RefusedMessage): Promise<void> {
    this.broker.insistOnAnswer();
    this.broker.refused.push({ ...message, at: new Date(this.environment.now()) });
  }

  async refused(topic: string, { limit, after = -1 }: RefusedQuery): Promise<RefusedPage> {
    this.broker.insistOnAnswer();
    const kept = this.broker.refused.filter((one) => one.topic === topic);
    const messages = kept.map(({ raw: _raw, ...message }, id) => ({ id, ...message }));
    return { messages: messages.slice(after + 1, after + 1 + limit), kept: kept.length };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

class InMemoryTopicSubscription implements TopicSubscription {
  private readonly closing = new AbortController();

  constructor(
    private readonly broker: InMemoryBroker,
    private readonly environment: Environment,
    private readonly topic: string,
    private readonly partition: number,
    private place: number,
  ) {}

  async next({ max, waitMs }: NextOptions): Promise<TopicBatch> {
    const { earliest, messages } = this.look();
    if (earliest + messages.length === this.place) await this.something(waitMs);
    const log = this.look();
    const from = this.place - log.earliest;
    const taken = log.messages.slice(from, from + max);
    this.place += taken.length;
    return { messages: taken, next: this.place, end: log.earliest + log.messages.length };
  }

  async close(): Promise<void> {
    this.closing.abort();
  }

  private look(): Log {
    this.broker.insistOnAnswer();
    if (this.closing.signal.aborted) throw new TransportUnavailable('The subscription was closed.');
    const log = this.broker.log(this.topic, this.partition);
    const end = log.earliest + log.messages.length;
    if (this.place < log.earliest) throw new TopicCut(this.topic, this.partition, this.place, log.earliest);
    if (this.place > end) throw new TopicReplaced(this.topic, this.partition, this.place, end);
    return log;
  }

  private async something(waitMs: number): Promise<void> {
    const came = new AbortController();
    const end = (): void => came.abort();
    const leave = this.broker.changed.on(end);
    this.closing.signal.addEventListener('abort', end, { once: true });
    await this.environment.sleep(waitMs, came.signal);
    leave();
    this.closing.signal.removeEventListener('abort', end);
  }
}

/** Readers share no object with the sender. Events' data is frozen by nobody, so it is copied where it is folded, as that of the store is. */
function structuredRelayed({ commit, relay }: RelayedCommit): RelayedCommit {
  return { commit: { ...commit, events: commit.events.map((event) => ({ ...event })) }, relay: { ...relay } };
}

import { isDeepStrictEqual } from 'node:util';
import { Kafka, logLevel, Partitioners, type KafkaMessage, type Message } from 'kafkajs';
import { clock } from '../support/clock.js';
import { TopicTrail, touchOrder } from './order-trail.js';
import { startNode } from './topic-node.js';

/** Two services with a database each, and how much goes between them. */
export interface HostileTopicOptions {
  readonly uri: string;
  readonly databases: { readonly own: string; readonly foreign: string };
  readonly brokers: readonly string[];
  readonly prefix: string;
  /** Each becomes one to five messages, three on average. */
  readonly commits: number;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** How long the reader may take, in milliseconds. */
  readonly withinMs: number;
}

/** What became of it. */
export interface HostileTopic {
  readonly commits: number;
  readonly messages: number;
  readonly streams: number;
  /** Whether the reader's documents are those of the service whose topic was well-behaved. */
  readonly isEqual: boolean;
  /** Copies that were sent to partitions that are not those of their streams, and how many messages the reader refused. */
  readonly strays: number;
  readonly refused: number;
  /** Milliseconds from the last message until then. */
  readonly readMs: number;
}

const [PARTITIONS, WINDOW, MOST_TIMES, STRAY_IN] = [6, 50, 5, 500];

type Chance = (below: number) => number;

/**
 * Sends what stands in one topic to another, each message one to five times, with streams mixed in windows of 50, partitions as they come, and what came comes
 * again at any time after, now and then in a partition that is not its own; and compares what a projection makes of both.
 */
export async function hostileTopic(options: HostileTopicOptions): Promise<HostileTopic> {
  const { uri, databases, brokers, prefix, commits, random, withinMs } = options;
  const chance: Chance = (below) => Math.floor(random() * below);
  const node = (database: string, own: string) =>
    startNode({
      uri,
      database,
      brokers,
      prefix: `${prefix}${own}`,
      partitions: PARTITIONS,
      roles: ['relay', 'projections'],
    });
  const source = await node(databases.own, 'a');
  await Promise.all(
    Array.from({ length: 32 }, async () => {
      for (let count = 0; count < commits / 32; count += 1) await touchOrder(source.connection, 60);
    }),
  );
  await source.engine.settled({ timeoutMs: 60_000 });
  const reader = await node(databases.foreign, 'b');
  // Its relay has made the topic, and its projection can be looked at.
  await reader.engine.settled({ timeoutMs: 60_000 });
  const producer = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).producer({
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  const queues: Message[][] = [];
  for (let partition = 0; partition < PARTITIONS; partition += 1)
    queues.push(
      repeated(await rawOf(source, partition), chance).map(({ key, value, headers }): Message => {
        return { key, value, partition, ...(headers && { headers }) };
      }),
    );
  const [hostile, strays] = strayed(mixed(queues, chance), chance);
  for (let begin = 0; begin < hostile.length; begin += 500)
    await producer.send({ topic: `${prefix}b.order`, acks: -1, messages: hostile.slice(begin, begin + 500) });
  await producer.disconnect();
  const sent = clock();
  const sort = { _id: 1 } as const;
  const expected = await source.engine.readModel(TopicTrail).find({ sort });
  // Not until both are equal: what differs once all is read will not come right, and a scenario that waited for it was ended before it could say so.
  await reader.engine.settled({ timeoutMs: withinMs });
  const readMs = clock() - sent;
  // Not by `toEqual`: to show how so much differs takes longer than anything else here.
  const isEqual = isDeepStrictEqual(await reader.engine.readModel(TopicTrail).find({ sort }), expected);
  const { messages } = await reader.transport.refused('order', { limit: 2 * strays + 1_000 });
  // One may be kept twice: whoever takes a partition over reads again what its last owner had not saved.
  const refused = new Set(messages.map(({ partition, offset }) => `${partition}:${offset}`)).size;
  await Promise.all([source.stop(), reader.stop()]);
  return { commits, messages: hostile.length, streams: expected.length, isEqual, strays, refused, readMs };
}

/** Partitions as they come, each in its own order. */
function mixed(queues: readonly Message[][], chance: Chance): Message[] {
  const left = queues.map((queue) => queue.values());
  const found: Message[] = [];
  while (left.length > 0) {
    const at = chance(left.length);
    const { value, done } = left[at]!.next();
    if (done === true) left.splice(at, 1);
    else found.push(value);
  }
  return found;
}

/**
 * Copies of some come in another partition as well; and how many of them. The first one of all is always among them: it begins its stream, so it could have
 * a place anywhere, while a later one would be refused as a gap also by a reader that does not look at slices.
 */
function strayed(messages: readonly Message[], chance: Chance): readonly [Message[], number] {
  const found = messages.flatMap((message, index) =>
    index === 0 || chance(STRAY_IN) === 0
      ? [message, { ...message, partition: (message.partition! + 1 + chance(PARTITIONS - 1)) % PARTITIONS }]
      : [message],
  );
  return [found, found.length - messages.length];
}

/** All messages of a partition, as the broker has them. */
async function rawOf(
  { transport }: Awaited<ReturnType<typeof startNode>>,
  partition: number,
): Promise<readonly KafkaMessage[]> {
  const { earliest, end } = (await transport.reach('order'))[partition]!;
  const reader = transport.reader('raw', 'order');
  const subscription = reader.open(partition, earliest);
  const found: KafkaMessage[] = [];
  for (let next = earliest; next < end;) {
    const batch = await subscription.next({ max: 10_000, waitMs: 1_000 });
    next = batch.next;
    found.push(...batch.messages.map(({ raw }) => raw as KafkaMessage));
  }
  await reader.close();
  return found;
}

/** Each stream keeps its order, what came of it comes again at any time after, and streams mix as they like. */
function repeated(messages: readonly KafkaMessage[], chance: Chance): KafkaMessage[] {
  const found: KafkaMessage[] = [];
  for (let begin = 0; begin < messages.length; begin += WINDOW) {
    const streams = new Map<string, KafkaMessage[]>();
    for (const message of messages.slice(begin, begin + WINDOW)) {
      const stream = String(message.key);
      streams.set(stream, [...(streams.get(stream) ?? []), message]);
    }
    const queues = [...streams.values()];
    while (queues.length > 0) {
      const at = chance(queues.length);
      found.push(queues[at]!.shift()!);
      if (queues[at]!.length === 0) queues.splice(at, 1);
      for (let again = chance(MOST_TIMES); again > 0; again -= 1) found.push(found[chance(found.length)]!);
    }
  }
  return found;
}

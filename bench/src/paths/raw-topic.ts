import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { Timestamp } from 'mongodb';
import type { Consumer, Kafka, KafkaMessage } from 'kafkajs';
import type { RawChanges } from './raw-feed.js';

const WAIT_MS = 500;
const AT_ONCE = 1_000;
const BUFFERED = 5_000;

/** One partition of a topic by `eachBatch`, its messages in the form of changes: so that what is done with these can be done with those. */
export class RawTopic {
  private readonly buffer: KafkaMessage[] = [];
  private readonly reading = new Reading();
  private came: () => void = () => undefined;
  private taken: () => void = () => undefined;

  private constructor(private readonly consumer: Consumer) {}

  /** Begins at the beginning. */
  static async open(client: Kafka, topic: string): Promise<RawTopic> {
    const consumer = client.consumer({ groupId: randomUUID(), maxWaitTimeInMs: 200 });
    const raw = new RawTopic(consumer);
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    const joined = new Promise((resolve) => consumer.on('consumer.group_join', resolve));
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: true,
      eachBatch: async ({ batch, heartbeat }) => {
        raw.buffer.push(...batch.messages);
        raw.came();
        if (raw.buffer.length >= BUFFERED) await new Promise<void>((resolve) => (raw.taken = resolve));
        await heartbeat();
      },
    });
    await joined;
    return raw;
  }

  /** Waits half a second at most; answers nothing then. */
  async next(): Promise<RawChanges> {
    if (this.buffer.length === 0)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, WAIT_MS);
        this.came = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    // As ours does: what was fetched is not to keep the answers of the database waiting.
    else await turn();
    const messages = this.buffer.splice(0, AT_ONCE);
    if (this.buffer.length < BUFFERED) this.taken();
    return { changes: messages.flatMap((message) => this.reading.take(message) ?? []), token: messages.at(-1)?.offset };
  }

  async close(): Promise<void> {
    this.taken();
    await this.consumer.disconnect();
  }
}

interface Change {
  readonly fullDocument: object;
  readonly clusterTime: Timestamp;
}

/** Whoever reads a topic must know how far it has read each stream and by whose hand: a relay sends again what it is not sure of, and one that was paused anything. */
class Reading {
  private readonly versions = new Map<string, number>();
  private token = 0;

  /** The commit in a message; `undefined` for one that came before, or from a ghost. */
  take({ key, value, headers }: KafkaMessage): Change | undefined {
    const stream = String(key);
    const version = Number(headers?.['version']);
    const [token, time = ''] = String(headers?.['relay']).split(';');
    if (Number(token) < this.token || version <= (this.versions.get(stream) ?? 0)) return undefined;
    this.token = Number(token);
    this.versions.set(stream, version);
    const { events } = JSON.parse(String(value)) as { events: { data: object }[] };
    return {
      fullDocument: { _id: { s: stream, v: version }, e: events.map(({ data }) => ({ d: data })) },
      clusterTime: new Timestamp({ t: parseInt(time.slice(0, 8), 16), i: parseInt(time.slice(8), 16) }),
    };
  }
}

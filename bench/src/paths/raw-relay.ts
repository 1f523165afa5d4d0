import { randomUUID } from 'node:crypto';
import type { Collection, Document, Timestamp } from 'mongodb';
import { Partitioners, type Kafka, type Message, type Producer } from 'kafkajs';
import { RawFeed, type RawChanges } from './raw-feed.js';

const SAVE_MS = 250;
const PATIENCE_MS = 60_000;

/** A relay by hand: a change stream whose changes go to a topic, a batch at a time; while one is sent the next is read. */
export class RawRelay {
  private savedAt = 0;
  private readonly ahead: RawChanges[] = [];

  private constructor(
    private readonly feed: RawFeed,
    private readonly producer: Producer,
    private readonly topic: string,
    private readonly checkpoints: Collection<{ _id: string; token?: unknown }>,
  ) {}

  static async open(client: Kafka, topic: string, commits: Collection): Promise<RawRelay> {
    const producer = client.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    const checkpoints = commits.db.collection<{ _id: string; token?: unknown }>('relay_checkpoints');
    await checkpoints.updateOne({ _id: 'twin' }, { $set: {} }, { upsert: true });
    return new RawRelay(await RawFeed.open(commits, 1_000), producer, topic, checkpoints);
  }

  /** Reads so many commits and keeps them: the feed of ours does that while nobody takes any. */
  async readAhead(commits: number): Promise<void> {
    for (let read = 0; read < commits;) {
      const got = await this.feed.next();
      this.ahead.push(got);
      read += got.changes.length;
    }
  }

  private next(): Promise<RawChanges> {
    const first = this.ahead.shift();
    return first === undefined ? this.feed.next() : Promise.resolve(first);
  }

  /** Sends until so many commits are acknowledged, or until told. */
  async run(commits: number, isOver: () => boolean = () => false): Promise<void> {
    let next = this.next();
    let movedAt = performance.now();
    for (let sent = 0; sent < commits && !isOver();) {
      const { changes, token } = await next;
      next = this.next();
      // Of an end that comes while it waits nobody wants to hear.
      next.catch(() => undefined);
      for (let begin = 0; begin < changes.length; begin += 500) {
        const messages = changes
          .slice(begin, begin + 500)
          .map(({ fullDocument }) => messageOf(fullDocument as Document));
        await this.producer.sendBatch({ acks: -1, topicMessages: [{ topic: this.topic, messages }] });
      }
      sent += changes.length;
      if (changes.length > 0 || commits === Infinity) movedAt = performance.now();
      else if (performance.now() - movedAt > PATIENCE_MS) throw new Error(`${commits - sent} commits never came.`);
      if (changes.length > 0 && performance.now() - this.savedAt > SAVE_MS) {
        this.savedAt = performance.now();
        await this.checkpoints.updateOne({ _id: 'twin' }, { $set: { token } }, { writeConcern: { w: 'majority' } });
      }
    }
    await next.catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.feed.close();
    await this.producer.disconnect();
  }
}

/** What our relay says of itself: its lease's token and the feed's time and floor, without which nobody can drop a ghost's messages or sweep watermarks. */
const [TOKEN, EPOCH] = [100_000, randomUUID()];

/** As ours, header by header: the events as JSON, and headers that say the rest. A client's time goes with the number of headers. */
function messageOf({ _id, n, ts, at, m, c, e }: Document): Message {
  const { s: stream, v: version } = _id as { s: string; v: number };
  const { c: correlation, u: causation } = m as { c: string; u: string };
  const time = hex(ts as Timestamp);
  return {
    key: stream,
    value: JSON.stringify({
      id: String(c),
      events: (e as { t: string; k: number; d: object }[]).map(({ t, k, d }) => ({ type: t, schema: k, data: d })),
    }),
    partition: 0,
    headers: {
      ce_specversion: '1.0',
      ce_id: `${stream}:${version}`,
      ce_source: '/bench',
      ce_type: (e as { t: string }[])[0]!.t,
      ce_time: (at as Date).toISOString(),
      ce_subject: stream,
      'content-type': 'application/json',
      correlationid: correlation,
      causationid: causation,
      stream,
      version: `${version}`,
      count: `${n}`,
      schema: (e as { k: number }[]).map(({ k }) => k).join(','),
      relay: `${TOKEN};${time};${time};${time};${EPOCH}`,
    },
  };
}

function hex({ t, i }: Timestamp): string {
  return t.toString(16).padStart(8, '0') + i.toString(16).padStart(8, '0');
}

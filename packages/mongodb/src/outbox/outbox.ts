import {
  streamName,
  systemEnvironment,
  type Environment,
  type Metadata,
  type NewEvent,
  type PayloadCodec,
  type StreamName,
} from '@nestfold/core';
import { MongoServerError, type ClientSession, type Collection, type Db } from 'mongodb';
import { commitsOf } from '../event-store/commit-collection.js';
import { lastVersion, type CommitDocument } from '../event-store/commit-document.js';
import { placed, prepareCommit } from '../event-store/prepared-commit.js';
import { OutsideTransaction } from './outside-transaction.error.js';

/** What others are to be told of one thing. */
export interface OutboxMessage {
  /** Of the streams: the topic carries it among its `categories`. */
  readonly category: string;
  /** What it is about: messages of one key keep their order. */
  readonly key: string;
  /** At least one, as `EventTypes.newEvent` makes them. */
  readonly events: readonly NewEvent[];
  /** Default: a conversation of its own. */
  readonly metadata?: Metadata;
}

/** Where a message stands: the stream of its key, and the version of its first event there. */
export interface OutboxReceipt {
  readonly stream: StreamName;
  readonly version: number;
}

/** Options of an outbox. */
export interface OutboxOptions {
  /** The one of the store, where it has one (`NestfoldModule.forRoot({ codec })`). */
  readonly codec?: PayloadCodec;
  /** Time and chance; the machine's by default. */
  readonly environment?: Environment;
}

const [DUPLICATE_KEY, TRANSIENT] = [11_000, 'TransientTransactionError'];

/**
 * Tells others what a service did that keeps documents instead of streams: what is added in the caller's own transaction is sent if, and only if,
 * that is committed. It is stored as a commit in the database's store, so the relay of a topic that carries the category sends it as any other, and
 * projections of this service read it too. A process with this database as its `store` must have started once.
 *
 * @example
 * const outbox = new MongoOutbox(client.db('payments'));
 * await session.withTransaction(async () => {
 *   await payments.updateOne({ _id: id }, { $set: { state: 'taken' } }, { session });
 *   await outbox.add(session, { category: 'payment', key: id, events: [types.newEvent(PaymentTaken, { id })] });
 * });
 * @publicApi
 */
export class MongoOutbox {
  private readonly commits: Collection<CommitDocument>;
  private readonly environment: Environment;
  private readonly codec: PayloadCodec | undefined;

  constructor(db: Db, { codec, environment = systemEnvironment }: OutboxOptions = {}) {
    this.commits = commitsOf(db);
    this.environment = environment;
    this.codec = codec;
  }

  /**
   * Adds a message behind those of its key, in a transaction that has begun; two transactions at once for one key make one of them fail with
   * `TransientTransactionError`, which `withTransaction` repeats. Throws `InvalidEvent` and `CommitTooLarge`, which are not to be repeated, `ConfigurationError` for
   * a category and `InvalidMessage` for a key that cannot be, `OutsideTransaction` where none has
   * begun, or it has ended meanwhile since this was not awaited (the message could be stored, and what it tells of not), and what the driver throws.
   */
  async add(session: ClientSession, { category, key, events, metadata }: OutboxMessage): Promise<OutboxReceipt> {
    insistOnTransaction(session, category);
    const { environment, codec } = this;
    const stream = streamName(category, key);
    const commitId = environment.uuid();
    const stored = codec ? await codec.encode(events.map((event) => ({ stream, event }))) : events;
    const append = {
      stream,
      expected: 'any' as const,
      events,
      commitId,
      metadata: metadata ?? { correlationId: commitId, causationId: commitId },
    };
    const prepared = prepareCommit(append, stored, environment.now());
    const [last] = await this.commits
      .find({ _id: { $gte: { s: stream, v: 0 }, $lt: { s: stream, v: Infinity } } }, { session })
      .project<Pick<CommitDocument, '_id' | 'n'>>({ n: 1 })
      .sort({ _id: -1 })
      .limit(1)
      .toArray();
    const version = last === undefined ? 1 : lastVersion(last) + 1;
    // Who did not wait for this may have ended it since: the driver would store the message all the same.
    insistOnTransaction(session, category);
    try {
      await this.commits.insertOne(placed(prepared, version).document, { session });
    } catch (error) {
      // Somebody else's stands there since: to be done again, on what is there then.
      if (error instanceof MongoServerError && error.code === DUPLICATE_KEY) error.addErrorLabel(TRANSIENT);
      throw error;
    }
    return { stream, version };
  }
}

function insistOnTransaction(session: ClientSession, category: string): void {
  if (!session.inTransaction()) throw new OutsideTransaction(category);
}

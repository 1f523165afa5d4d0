import {
  StoreUnavailable,
  type BatchWriter,
  type Checkpoint,
  type CheckpointStore,
  type StoreTime,
  type StreamName,
  type Watermark,
} from '@nestfold/core';
import { MaxKey, MinKey, type ClientSession, type Collection, type Document } from 'mongodb';
import { timestampOf } from '../connection/bson-mapping.js';
import type { MongoContext } from '../connection/mongo-context.js';
import { COLLECTIONS } from '../connection/collections.js';
import { MAJORITY } from '../connection/durability.js';
import { DURABLE_IN_TIME } from '../transaction/durable.js';
import { isDuplicateKey, isPassing, isTimeLimit, orUnavailable } from '../transaction/failure.js';
import type { HeldCommitDocument } from '../parking/held-commit.js';
import type { ParkedDocument } from '../parking/parked-document.js';
import { checkpointOf, type CheckpointDocument } from './checkpoint-document.js';
import { MongoBatchWriter } from './mongo-batch.writer.js';
import type { WatermarkDocument } from './watermark-document.js';
import { latestOfEach, latestRows, type WatermarkRow } from './watermark-query.js';

const CLAIM_MS = 1_000;
const CLAIMS = 6;
const PAUSE_MS = 20;
const SWEPT_AT_ONCE = 5_000;
const LIMIT_MS = 10_000;

/** Ends what former owners of a lease left open; a claim that is held up calls it. */
export interface FormerSessions {
  endFormerSessions(key: string): Promise<void>;
}

/** Checkpoints and watermarks in two collections. Throws `StoreUnavailable` where the database does not do it in time. */
export class MongoCheckpointStore implements CheckpointStore {
  private readonly checkpoints: Collection<CheckpointDocument>;
  private readonly marks: Collection<WatermarkDocument>;
  private readonly parked: Collection<ParkedDocument>;
  private readonly held: Collection<HeldCommitDocument>;

  constructor(
    private readonly context: MongoContext,
    private readonly former: FormerSessions,
  ) {
    const { db } = context;
    const concerns = { ...MAJORITY, writeConcern: DURABLE_IN_TIME };
    this.checkpoints = db.collection<CheckpointDocument>(COLLECTIONS.checkpoints, concerns);
    this.marks = db.collection<WatermarkDocument>(COLLECTIONS.watermarks, concerns);
    this.parked = db.collection<ParkedDocument>(COLLECTIONS.parked, concerns);
    this.held = db.collection<HeldCommitDocument>(COLLECTIONS.heldCommits, concerns);
  }

  async find(key: string): Promise<Checkpoint | undefined> {
    const document = await orUnavailable('Reading a checkpoint', () =>
      this.seen((session) => this.checkpoints.findOne({ _id: key }, { ...MAJORITY, session, maxTimeMS: LIMIT_MS })),
    );
    return document ? checkpointOf(document) : undefined;
  }

  async findAll(keys: readonly string[]): Promise<readonly Checkpoint[]> {
    if (keys.length === 0) return [];
    const options = { maxTimeMS: LIMIT_MS, batchSize: keys.length + 1 };
    const found = await orUnavailable('Reading checkpoints', () =>
      this.checkpoints.find({ _id: { $in: [...keys] } }, options).toArray(),
    );
    return found.map(checkpointOf);
  }

  async claim(key: string, token: number): Promise<Checkpoint | undefined> {
    const batch = this.context.environment.uuid();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.stamp(key, token, batch);
      } catch (error) {
        if (isDuplicateKey(error)) {
          // Nothing matched and the insert met what is there: a higher token, or another that claimed for the first time.
          const found = await this.find(key);
          if (found && found.token > token) return undefined;
        } else if (!isPassing(error)) {
          throw error;
        }
        if (attempt === CLAIMS)
          throw new StoreUnavailable(
            `The checkpoint '${key}' is held up by an open transaction.`,
            {},
            { cause: error },
          );
        if (isTimeLimit(error)) await this.former.endFormerSessions(key);
        else await this.context.environment.sleep(PAUSE_MS * attempt);
      }
    }
  }

  async openWriter(): Promise<BatchWriter> {
    return new MongoBatchWriter(this.context);
  }

  async watermarks(key: string, streams: readonly StreamName[]): Promise<ReadonlyMap<StreamName, Watermark>> {
    if (streams.length === 0) return new Map();
    const rows = await orUnavailable('Reading watermarks', () =>
      this.seen((session) =>
        this.context.db
          .aggregate<WatermarkRow>(latestOfEach(key, streams, this.marks.collectionName), {
            ...MAJORITY,
            session,
            maxTimeMS: LIMIT_MS,
            batchSize: 2 * streams.length + 1,
          })
          .toArray(),
      ),
    );
    return latestRows(rows);
  }

  async sweep(key: string, floor: StoreTime): Promise<void> {
    await this.forget({ $gte: { g: key, t: new MinKey() }, $lt: { g: key, t: timestampOf(floor) } });
  }

  async remove(key: string): Promise<void> {
    await orUnavailable('Removing parked streams', () => this.parked.deleteMany({ key }));
    await orUnavailable('Removing what they held back', () => this.held.deleteMany({ key }));
    await this.forget({ $gte: { g: key, t: new MinKey() }, $lt: { g: key, t: new MaxKey() } });
    // Last: by it whoever sweeps after a crash finds that something is left.
    await orUnavailable('Removing a checkpoint', () => this.checkpoints.deleteOne({ _id: key }));
  }

  /** What a waiter finds here is seen by its next read of the read model. */
  private seen<T>(read: (session: ClientSession) => Promise<T>): Promise<T> {
    return this.context.clock.read(this.context.client, read);
  }

  private async stamp(key: string, token: number, batch: string): Promise<Checkpoint | undefined> {
    // In a session, so that what the new owner reads from now on is not older than its claim, and so than any batch before it.
    const document = await this.seen((session) =>
      this.checkpoints.findOneAndUpdate(
        { _id: key, token: { $lte: token } },
        { $set: { token, batch } },
        { session, upsert: true, returnDocument: 'after', maxTimeMS: CLAIM_MS },
      ),
    );
    return document ? checkpointOf(document) : undefined;
  }

  /** In portions, outside of any transaction: in one that holds all rows a sweep of a busy generation never ends. */
  private async forget(range: Document): Promise<void> {
    for (;;) {
      const ids = await orUnavailable('Sweeping watermarks', () =>
        this.marks
          .find({ _id: range } as Document, {
            projection: { _id: 1 },
            sort: { _id: 1 },
            limit: SWEPT_AT_ONCE,
            batchSize: SWEPT_AT_ONCE,
            maxTimeMS: LIMIT_MS,
          })
          .toArray(),
      );
      if (ids.length > 0) {
        await orUnavailable('Sweeping watermarks', () =>
          this.marks.deleteMany({ _id: { $in: ids.map(({ _id }) => _id) } }),
        );
      }
      if (ids.length < SWEPT_AT_ONCE) return;
    }
  }
}

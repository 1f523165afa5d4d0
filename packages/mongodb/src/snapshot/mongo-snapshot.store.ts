import type { Snapshot, SnapshotStore, StreamName } from '@nestfold/core';
import { MongoServerError, type Collection } from 'mongodb';
import { fromBson, toBson } from '../connection/bson-mapping.js';
import { COLLECTIONS } from '../connection/collections.js';
import { DURABLE, MAJORITY } from '../connection/durability.js';
import type { MongoContext } from '../connection/mongo-context.js';

interface SnapshotDocument {
  readonly _id: { readonly s: StreamName; readonly r: number };
  readonly v: number;
  readonly state: object;
  readonly c: readonly string[];
}

const DUPLICATE_KEY = 11_000;

/** The latest snapshot of each stream and revision, one document each. */
export class MongoSnapshotStore implements SnapshotStore {
  private readonly snapshots: Collection<SnapshotDocument>;

  constructor(private readonly context: Pick<MongoContext, 'db' | 'turns'>) {
    this.snapshots = context.db.collection<SnapshotDocument>(COLLECTIONS.snapshots, {
      ...MAJORITY,
      writeConcern: DURABLE,
    });
  }

  async find(stream: StreamName, revision: number): Promise<Snapshot | undefined> {
    const found = await this.context.turns.take('Reading a snapshot', () =>
      this.snapshots.findOne({ _id: { s: stream, r: revision } }),
    );
    return found
      ? { stream, revision, version: found.v, state: fromBson(found.state), recentCommits: found.c }
      : undefined;
  }

  /** The filter names only older ones, so an older snapshot meets the key of a newer one and is dropped. */
  async save({ stream, revision, version, state, recentCommits }: Snapshot): Promise<void> {
    const older = { _id: { s: stream, r: revision }, v: { $lt: version } };
    try {
      await this.snapshots.updateOne(
        older,
        { $set: { v: version, state: toBson(state), c: recentCommits } },
        { upsert: true },
      );
    } catch (error) {
      if (!(error instanceof MongoServerError && error.code === DUPLICATE_KEY)) throw error;
    }
  }

  async remove(stream: StreamName): Promise<void> {
    await this.snapshots.deleteMany({
      _id: { $gte: { s: stream, r: Number.NEGATIVE_INFINITY }, $lte: { s: stream, r: Number.POSITIVE_INFINITY } },
    });
  }
}

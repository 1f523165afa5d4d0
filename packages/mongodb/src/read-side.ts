import type {
  ChangeFeed,
  CheckpointStore,
  GenerationRegistry,
  LeaseStore,
  ParkedStreamStore,
  ReadModelStore,
} from '@nestfold/core';
import { MongoChangeFeed } from './change-feed/mongo.change-feed.js';
import { MongoCheckpointStore } from './checkpoint/mongo-checkpoint.store.js';
import { WATERMARK_INDEX } from './checkpoint/watermark-document.js';
import { COLLECTIONS } from './connection/collections.js';
import type { MongoContext } from './connection/mongo-context.js';
import { MongoGenerationRegistry } from './generation/mongo-generation.registry.js';
import { RegistryNotices } from './generation/registry-notices.js';
import { MongoLeaseStore } from './lease/mongo-lease.store.js';
import { SessionKiller } from './lease/session-killer.js';
import { MongoParkedStreamStore } from './parking/mongo-parked-stream.store.js';
import { HELD_INDEXES } from './parking/held-commit.js';
import { PARKED_INDEXES } from './parking/parked-document.js';
import { MongoReadModelStore } from './read-model/mongo-read-model.store.js';

/** The ports that the read side rests on. */
export interface ReadSide {
  readonly feed: ChangeFeed;
  readonly leases: LeaseStore;
  readonly checkpoints: CheckpointStore;
  readonly parked: ParkedStreamStore;
  readonly readModels: ReadModelStore;
  readonly generations: GenerationRegistry;
  /** Ends the streams that are open. */
  close(): Promise<void>;
}

/** Makes what is missing of the read side's own collections: a transaction that had to make one would fail beside another. */
export async function prepareReadSide(context: MongoContext): Promise<void> {
  const { db } = context;
  const store = new MongoReadModelStore(context);
  const { leases, checkpoints, watermarks, parked, heldCommits, generations, registry } = COLLECTIONS;
  await Promise.all(
    [leases, checkpoints, watermarks, parked, heldCommits, generations, registry].map((name) => store.create(name)),
  );
  await db.collection(parked).createIndexes(PARKED_INDEXES);
  await db.collection(heldCommits).createIndexes(HELD_INDEXES);
  await db.collection(watermarks).createIndexes([WATERMARK_INDEX]);
  await db
    .collection(generations)
    .createIndexes([{ name: 'projection', key: { projection: 1, version: 1, number: 1 } }]);
}

/** Opens the read side over a prepared database. Nothing runs until somebody subscribes or listens. */
export async function openReadSide(context: MongoContext): Promise<ReadSide> {
  const feed = await MongoChangeFeed.open(context);
  const leases = new MongoLeaseStore(context, new SessionKiller(context.client, context.logger));
  return {
    feed,
    leases,
    checkpoints: new MongoCheckpointStore(context, leases),
    parked: new MongoParkedStreamStore(context),
    readModels: new MongoReadModelStore(context),
    generations: new MongoGenerationRegistry(
      context,
      new RegistryNotices(feed.hub, context.environment, context.logger),
    ),
    close: () => feed.close(),
  };
}

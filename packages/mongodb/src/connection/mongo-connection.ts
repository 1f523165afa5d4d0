import type { StoreConnection } from '@nestfold/core';
import type { MongoClient } from 'mongodb';
import { openEventStore, type AppendQueueOptions } from '../event-store/open-event-store.js';
import { MongoNodeRegistry } from '../node/mongo-node.registry.js';
import { openReadSide } from '../read-side.js';
import { MongoSnapshotStore } from '../snapshot/mongo-snapshot.store.js';
import { orUnavailable } from '../transaction/failure.js';
import type { MongoContext } from './mongo-context.js';

/** How long a closing store waits for appends on their way. */
const DRAIN_MS = 5_000;

/** Puts the ports together over a prepared database. `aside` is the client for appends that may block. */
export async function openConnection(
  context: MongoContext,
  aside: MongoClient,
  queue?: AppendQueueOptions,
): Promise<StoreConnection> {
  const { client, db } = context;
  const readSide = await openReadSide(context);
  const events = openEventStore(context, aside, queue);
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await Promise.all([events.close(DRAIN_MS), readSide.close()]);
    await Promise.all([client.close(), aside.close()]);
  };
  return {
    events,
    snapshots: new MongoSnapshotStore(context),
    nodes: new MongoNodeRegistry(db),
    ...readSide,
    ping: () => orUnavailable('Asking the database', async () => void (await db.command({ ping: 1 }))),
    close: () => (closed ??= close()),
  };
}

import { StoreUnavailable } from '../error/store.errors.js';
import type { StoreAdapter } from '../store/store-adapter.port.js';
import { InMemoryChangeFeed } from './in-memory-change-feed.js';
import { InMemoryCheckpointStore } from './in-memory-checkpoint-store.js';
import { InMemoryDatabase } from './in-memory-database.js';
import { InMemoryEventStore } from './in-memory-event-store.js';
import { InMemoryGenerationRegistry } from './in-memory-generation-registry.js';
import { InMemoryLeaseStore } from './in-memory-lease-store.js';
import { InMemoryNodeRegistry } from './in-memory-node-registry.js';
import { InMemoryParkedStreamStore } from './in-memory-parked-stream-store.js';
import { InMemoryReadModelStore } from './in-memory-read-model-store.js';
import { InMemorySnapshotStore } from './in-memory-snapshot-store.js';

/** How an in-memory store differs from its defaults. */
export interface InMemoryOptions {
  /** Shared by several adapters, which then are as several processes on one store. A fresh one by default. */
  readonly database?: InMemoryDatabase;
  /** See `ChangeFeed.horizonSeconds`; default 300. */
  readonly horizonSeconds?: number;
}

/**
 * A store that lives in this process and ends with it: for tests and for trying things out. It can do everything that the
 * ports know, several streams in one append included, and judges time by its environment's clock.
 */
export function inMemory(options: InMemoryOptions = {}): StoreAdapter {
  let own: InMemoryDatabase | undefined;
  return {
    kind: 'in-memory',
    connect: async ({ environment, codec }) => {
      const database = options.database ?? (own ??= new InMemoryDatabase(() => environment.now()));
      let closed = false;
      const events = new InMemoryEventStore(database, codec);
      const feed = new InMemoryChangeFeed(database, environment, options.horizonSeconds ?? 300, codec);
      return {
        events,
        snapshots: new InMemorySnapshotStore(database),
        feed,
        leases: new InMemoryLeaseStore(database),
        checkpoints: new InMemoryCheckpointStore(database),
        parked: new InMemoryParkedStreamStore(database),
        readModels: new InMemoryReadModelStore(database),
        generations: new InMemoryGenerationRegistry(database),
        nodes: new InMemoryNodeRegistry(database),
        ping: async () => {
          if (closed) throw new StoreUnavailable('The connection to the in-memory store is closed.');
        },
        close: async () => {
          closed = true;
          events.close();
          await feed.close();
        },
      };
    },
  };
}

import type { CheckpointStore } from '../checkpoint/checkpoint.port.js';
import type { PayloadCodec } from '../codec/payload-codec.port.js';
import type { Environment } from '../environment/environment.port.js';
import type { ChangeFeed } from '../feed/change-feed.port.js';
import type { GenerationRegistry } from '../generation/generation-registry.port.js';
import type { LeaseStore } from '../lease/lease.port.js';
import type { Logger } from '../logging/logger.port.js';
import type { NodeRegistry } from '../node/node-registry.port.js';
import type { ParkedStreamStore } from '../parking/parked-stream-store.port.js';
import type { ReadModelStore } from '../read-model/read-model.port.js';
import type { SnapshotStore } from '../snapshot/snapshot-store.port.js';
import type { EventStore } from './event-store.port.js';

/** What an adapter is given when it connects. */
export interface ConnectOptions {
  readonly environment: Environment;
  readonly logger: Logger;
  /** Identity when missing. */
  readonly codec?: PayloadCodec;
  /** How long a server is looked for, at the most, in milliseconds; what follows its first answer may take longer. The adapter's own limit when missing. */
  readonly withinMs?: number;
  /** Ends the search for a server: `connect` then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** How a worker thread opens a store for itself. Passed by structured clone: it holds credentials, so it is not for logs. */
export interface WorkerConnection {
  /** The URL of a module, and the name of a function there: `(options, { environment, logger }) => Promise<StoreConnection>`. */
  readonly module: string;
  readonly export: string;
  readonly options: unknown;
}

/** One database, seen through the ports. */
export interface StoreConnection {
  readonly events: EventStore;
  readonly snapshots: SnapshotStore;
  readonly feed: ChangeFeed;
  readonly leases: LeaseStore;
  readonly checkpoints: CheckpointStore;
  readonly parked: ParkedStreamStore;
  readonly readModels: ReadModelStore;
  readonly generations: GenerationRegistry;
  readonly nodes: NodeRegistry;
  /** Missing where only this thread can open it: it lives in memory, or is given functions (a codec, callbacks of the driver). */
  readonly worker?: WorkerConnection;
  /** Asks the server whether it answers. Throws `StoreUnavailable`. */
  ping(): Promise<void>;
  /** Waits for appends in flight (bounded), then closes. */
  close(): Promise<void>;
}

/** A kind of store, not yet connected: what `NestfoldModule.forRoot({ store })` takes. */
export interface StoreAdapter {
  readonly kind: string;
  /**
   * Checks the server and makes what is missing. Throws `ConfigurationError`, saying what to do, when the server cannot
   * serve (no replica set, too old, a right is missing), and `StoreUnavailable` when it does not answer.
   */
  connect(options: ConnectOptions): Promise<StoreConnection>;
}

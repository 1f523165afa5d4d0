import { randomUUID } from 'node:crypto';
import type { Checkpoint, Watermark } from '../checkpoint/checkpoint.js';
import { systemEnvironment } from '../environment/system.environment.js';
import type { Commit } from '../event/event.js';
import { storeTime, type StoreTime } from '../feed/store-time.js';
import type { Generation, RegistryEntry } from '../generation/generation.js';
import type { Lease } from '../lease/lease.port.js';
import type { NodeRecord } from '../node/node-registry.port.js';
import type { Snapshot } from '../snapshot/snapshot-store.port.js';
import type { StreamName } from '../stream/stream-name.js';
import { Collection } from './collection.js';
import { KeyedLock } from './keyed-lock.js';
import { Signal } from './signal.js';

/** Watermarks that one batch wrote. */
export interface WatermarkBatch {
  readonly key: string;
  readonly time: StoreTime;
  readonly rows: readonly Watermark[];
}

/**
 * What all in-memory connections to one store share: give one database to several `inMemory({ database })` to have several
 * "processes". Its parts are for the adapter; nobody else holds an object that is in it.
 */
export class InMemoryDatabase {
  readonly epoch = randomUUID();
  /** Commits in the order in which they became visible, which is that of their times. */
  readonly log: Commit[] = [];
  readonly streams = new Map<StreamName, Commit[]>();
  /** The holder of each claimed value. */
  claims: ReadonlyMap<string, string> = new Map();
  readonly snapshots = new Map<string, Snapshot>();
  readonly leases = new Map<string, Lease>();
  readonly checkpoints = new Map<string, Checkpoint>();
  watermarks: readonly WatermarkBatch[] = [];
  readonly collections = new Map<string, Collection>();
  readonly generations = new Map<string, Generation>();
  readonly registry = new Map<string, RegistryEntry>();
  readonly nodes = new Map<string, Omit<NodeRecord, 'alive'>>();

  readonly logGrew = new Signal();
  readonly registryChanged = new Signal();
  /** One batch or claim a checkpoint at a time. */
  readonly checkpointLock = new KeyedLock();

  private forgottenCommits = 0;
  private lastSecond = 0;
  private lastCounter = 0;

  /** `clock` is the store's own, in milliseconds since 1970; the machine's by default. */
  constructor(private readonly clock: () => number = systemEnvironment.now) {}

  /** Milliseconds of the store's clock. */
  now(): number {
    return this.clock();
  }

  /** The store's clock without moving it: not before anything that was ticked. */
  time(): StoreTime {
    const second = Math.floor(this.clock() / 1000);
    return second > this.lastSecond ? storeTime(second, 0) : storeTime(this.lastSecond, this.lastCounter);
  }

  /** A store time that is later than all before, also where the clock goes back. */
  tick(): StoreTime {
    const second = Math.floor(this.clock() / 1000);
    if (second > this.lastSecond) [this.lastSecond, this.lastCounter] = [second, 0];
    this.lastCounter += 1;
    return storeTime(this.lastSecond, this.lastCounter);
  }

  /** How many commits of the log the live feed has forgotten. */
  get forgotten(): number {
    return this.forgottenCommits;
  }

  /** Makes the live feed forget all that is in the log: who stands before its end has lost history. For tests. */
  loseHistory(): void {
    this.forgottenCommits = this.log.length;
    this.logGrew.raise();
  }

  /** The collection, made when it is not there. */
  collection(name: string): Collection {
    const existing = this.collections.get(name);
    if (existing) return existing;
    const made = new Collection(name);
    this.collections.set(name, made);
    return made;
  }
}

import { randomUUID } from 'node:crypto';
import type { Checkpoint, Watermark } from '../checkpoint/checkpoint.js';
import { systemEnvironment } from '../environment/system.environment.js';
import type { Commit } from '../event/event.js';
import { storeTime, type StoreTime } from '../feed/store-time.js';
import type { Generation, RegistryEntry } from '../generation/generation.js';
import type { Lease, StandingLease } from '../lease/lease.port.js';
import type { NodeRecord } from '../node/node-registry.port.js';
import type { HeldCommit } from '../parking/parked-stream-store.port.js';
import type { ParkedStream } from '../parking/parked-stream.js';
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
  /** Commits in the order in which they became visible; that of their times, save for appends that were held open. */
  readonly log: Commit[] = [];
  /** When the commit at the same place of `log` became visible: later than its own time. Those of one append share it. */
  readonly visibleAt: StoreTime[] = [];
  readonly streams = new Map<StreamName, Commit[]>();
  /** The holder of each claimed value. */
  claims: ReadonlyMap<string, string> = new Map();
  readonly snapshots = new Map<string, Snapshot>();
  readonly leases = new Map<string, Lease & Pick<StandingLease, 'needs'>>();
  readonly checkpoints = new Map<string, Checkpoint>();
  watermarks: readonly WatermarkBatch[] = [];
  readonly parked = new Map<string, ParkedStream>();
  /** Of parked streams, by their ids, in order. */
  readonly heldCommits = new Map<string, HeldCommit[]>();
  readonly collections = new Map<string, Collection>();
  readonly generations = new Map<string, Generation>();
  readonly registry = new Map<string, RegistryEntry>();
  readonly nodes = new Map<string, Omit<NodeRecord, 'alive'>>();

  /**
   * Keeps an append open, as a slow transaction is: it has its time already, becomes visible when the promise ends, and is aborted when that
   * fails; other appends to its streams wait. `undefined`: not this one. For simulations.
   */
  holdOpen: ((streams: readonly StreamName[]) => Promise<void> | undefined) | undefined;
  /** One append a stream at a time, while some are held open. */
  readonly openAppends = new Map<StreamName, Promise<void>>();

  readonly logGrew = new Signal();
  readonly registryChanged = new Signal();
  /** One batch or claim a checkpoint at a time. */
  readonly checkpointLock = new KeyedLock();

  private readonly numbers = new Map<string, number>();
  private forgottenCommits = 0;
  private lastSecond = 0;
  private lastCounter = 0;

  /** `clock` is the store's own, in milliseconds since 1970; the machine's by default. */
  constructor(private readonly clock: () => number = systemEnvironment.now) {}

  /** Milliseconds of the store's clock. */
  now(): number {
    return this.clock();
  }

  /** The store's clock: that of the last tick where its second has not passed. Never before a time that was told, also where the clock goes back. */
  time(): StoreTime {
    const second = Math.floor(this.clock() / 1000);
    if (second > this.lastSecond) [this.lastSecond, this.lastCounter] = [second, 0];
    return storeTime(this.lastSecond, this.lastCounter);
  }

  /** A store time that is later than all before. */
  tick(): StoreTime {
    this.time();
    this.lastCounter += 1;
    return storeTime(this.lastSecond, this.lastCounter);
  }

  /** Makes a commit visible, now. */
  publish(commit: Commit, visibleAt: StoreTime): void {
    const commits = this.streams.get(commit.stream);
    if (commits) commits.push(commit);
    else this.streams.set(commit.stream, [commit]);
    this.log.push(commit);
    this.visibleAt.push(visibleAt);
    this.logGrew.raise();
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

  /** One above those given for the same key. */
  nextNumber(key: string): number {
    const next = (this.numbers.get(key) ?? 0) + 1;
    this.numbers.set(key, next);
    return next;
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

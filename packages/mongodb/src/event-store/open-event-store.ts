import { StreamTurns } from '@nestfold/core';
import type { MongoClient } from 'mongodb';
import type { MongoContext } from '../connection/mongo-context.js';
import { CommitAppender } from './commit-appender.js';
import { CommitFinder } from './commit-finder.js';
import { CommitInserter } from './commit-inserter.js';
import type { QueueLimits } from './commit-queue.js';
import { CommitReader } from './commit-reader.js';
import { GroupCommit } from './group-commit.js';
import { KeyedLookup } from './keyed-lookup.js';
import { MongoEventStore } from './mongo-event.store.js';
import { readEpoch } from './store-epoch.js';

/** How many appends may be without an outcome at once; past it they are refused with `StoreOverloaded`. */
export interface AppendQueueOptions {
  /** Commits; default 10,000. */
  readonly commits?: number;
  /** Their bytes; default 64 MB. */
  readonly bytes?: number;
}

const MEGABYTE = 1024 * 1024;

/** Opens the log over a prepared database. `aside` is the client for appends that may block. */
export function openEventStore(
  context: MongoContext,
  aside: MongoClient,
  queue: AppendQueueOptions = {},
): MongoEventStore {
  const { db, clock, turns, environment, codec } = context;
  const limits: QueueLimits = {
    commits: queue.commits ?? 10_000,
    bytes: queue.bytes ?? 64 * MEGABYTE,
    commitsAFlush: 500,
    bytesAFlush: 8 * MEGABYTE,
  };
  const reader = new CommitReader(new CommitFinder(db, clock, environment, turns), codec);
  const group = new GroupCommit(
    {
      environment,
      inserter: new CommitInserter(db, clock),
      aside: new CommitInserter(aside.db(db.databaseName), clock),
      holdersOf: (places, deadline) => reader.holdersOf(places, deadline),
    },
    limits,
  );
  const appender = new CommitAppender({
    environment,
    reader,
    group,
    lookup: new KeyedLookup(environment, reader),
    turns: new StreamTurns(environment, limits.commits),
  });
  return new MongoEventStore({ environment, codec, reader, appender, group, epoch: () => readEpoch(db) });
}

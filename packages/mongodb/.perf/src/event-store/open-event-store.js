import { CausalClock } from '../connection/causal-clock.js';
import { CommitAppender } from './commit-appender.js';
import { commitsOf } from './commit-collection.js';
import { CommitInserter } from './commit-inserter.js';
import { CommitReader } from './commit-reader.js';
import { GroupCommit } from './group-commit.js';
import { KeyedLookup } from './keyed-lookup.js';
import { MongoEventStore } from './mongo-event.store.js';
import { readEpoch } from './store-epoch.js';
import { StreamTurns } from './stream-turns.js';
const MEGABYTE = 1024 * 1024;
/** Opens the log over a prepared database. `aside` is the client for appends that may block. */
export function openEventStore(context, aside, queue = {}) {
    const { client, db, environment, codec } = context;
    const limits = {
        commits: queue.commits ?? 10_000,
        bytes: queue.bytes ?? 64 * MEGABYTE,
        commitsAFlush: 500,
        bytesAFlush: 8 * MEGABYTE,
    };
    const clock = new CausalClock(client);
    const reader = new CommitReader(commitsOf(db), clock, codec);
    const group = new GroupCommit({
        environment,
        inserter: new CommitInserter(db, clock),
        aside: new CommitInserter(aside.db(db.databaseName), clock),
        holdersOf: (places) => reader.holdersOf(places),
    }, limits);
    const appender = new CommitAppender({
        environment,
        reader,
        group,
        lookup: new KeyedLookup(reader),
        turns: new StreamTurns(environment, limits.commits),
    });
    return new MongoEventStore({ environment, codec, reader, appender, group, epoch: () => readEpoch(db) });
}

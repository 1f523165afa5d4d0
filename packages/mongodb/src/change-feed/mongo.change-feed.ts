import type {
  ChangeFeed,
  Commit,
  FeedReach,
  FeedStart,
  FeedSubscription,
  HistoryRange,
  LastSeen,
  Lateness,
  RecentRange,
  SliceRange,
  StoreTime,
  StreamName,
  StreamRange,
} from '@nestfold/core';
import type { Timestamp } from 'mongodb';
import { storeTimeOf, timestampOf } from '../connection/bson-mapping.js';
import { COLLECTIONS } from '../connection/collections.js';
import { MAJORITY } from '../connection/durability.js';
import type { MongoContext } from '../connection/mongo-context.js';
import { lastVersion, type CommitDocument } from '../event-store/commit-document.js';
import { CommitFinder } from '../event-store/commit-finder.js';
import { orUnavailable } from '../transaction/failure.js';
import { endsLog, isCommit, shareTime, type ChangeDocument } from './change-document.js';
import { ChangeReader, type ChangeBatch } from './change-reader.js';
import type { ChangeSource } from './change-source.js';
import { decodeCommits } from '../event-store/decode-commits.js';
import { endOfStream } from './feed-failure.js';
import { FeedHub } from './feed-hub.js';
import { MongoFeedSubscription } from './feed-subscription.js';
import { HistoryReader } from './history-reader.js';
import { horizonSeconds } from './horizon.js';
import { LatenessMeter } from './lateness-meter.js';
import type { BufferLimits, SizedCommit } from './live-buffer.js';
import { reaches, reachOf } from './reach-probe.js';
import { timeOfToken } from './resume-token.js';
import { StreamReader } from './stream-reader.js';

const NOTICES = [COLLECTIONS.registry, COLLECTIONS.generations];
const LIMITS: BufferLimits = { commits: 16_384, bytes: 32 * 1024 * 1024 };
const OUTAGE_MS = 10_000;
const COUNT_MS = 10_000;

/** What a feed may be given. */
export interface FeedOptions {
  /** Bounds the buffer that all subscribers share; 16,384 commits or 32 MB by default. */
  readonly limits?: BufferLimits;
  /** How long a stream may fail before its subscribers get `StoreUnavailable`; default 10,000 ms. */
  readonly outageMs?: number;
}

/** The log, followed by change streams. */
export class MongoChangeFeed implements ChangeFeed {
  /** Brings news of the registry's collections too, so that a process needs one stream only. */
  readonly hub: FeedHub;
  private readonly meter: LatenessMeter;
  private readonly past: HistoryReader;
  private readonly streams: StreamReader;
  private readonly source: ChangeSource;
  private readonly finder: CommitFinder;

  private constructor(
    private readonly context: MongoContext,
    readonly horizonSeconds: number,
    { limits = LIMITS, outageMs = OUTAGE_MS }: FeedOptions,
  ) {
    this.meter = new LatenessMeter(horizonSeconds, context.logger);
    this.past = new HistoryReader(context);
    this.streams = new StreamReader(context);
    const { clock, environment, logger, db } = context;
    this.finder = new CommitFinder(db, clock, environment);
    this.source = {
      environment,
      logger,
      limits,
      outageMs,
      now: () => this.now(),
      open: (start, maxAwaitTimeMS) =>
        new ChangeReader(db, { commits: COLLECTIONS.commits, notices: NOTICES }, start, maxAwaitTimeMS, () =>
          environment.now(),
        ),
      commits: (batch) => this.commitsOf(batch),
    };
    this.hub = new FeedHub(this.source, ({ ns }) => NOTICES.some((name) => name === ns?.coll));
  }

  /** Asks the server for its limits first. */
  static async open(context: MongoContext, options: FeedOptions = {}): Promise<MongoChangeFeed> {
    return new MongoChangeFeed(context, await horizonSeconds(context.db, context.horizonSeconds), options);
  }

  async now(): Promise<StoreTime> {
    const { operationTime } = await orUnavailable('Asking for the time', () => this.context.db.command({ ping: 1 }));
    return storeTimeOf(operationTime as Timestamp);
  }

  history(range: HistoryRange): AsyncIterable<readonly Commit[]> {
    return this.past.read(range);
  }

  recent(range: RecentRange): AsyncIterable<readonly Commit[]> {
    return this.past.readRecent(range);
  }

  byStream(range: StreamRange): AsyncIterable<readonly Commit[]> {
    return this.streams.read(range);
  }

  streamBounds(parts: number): Promise<readonly StreamName[]> {
    return this.streams.bounds(parts);
  }

  reaches(time: StoreTime): Promise<boolean> {
    return reaches(this.context, time);
  }

  async reach(): Promise<FeedReach | undefined> {
    return reachOf(this.context, await this.now());
  }

  subscribe(start: FeedStart): FeedSubscription {
    return new MongoFeedSubscription(this.source, this.hub, start);
  }

  estimateCommits(): Promise<number> {
    return orUnavailable('Counting commits', () =>
      this.context.db.collection(COLLECTIONS.commits).estimatedDocumentCount(),
    );
  }

  async eventsAfter(time: StoreTime, limit: number, slices?: SliceRange): Promise<number> {
    if (limit <= 0) return 0;
    const pipeline = [
      {
        $match: {
          ts: { $gt: timestampOf(time) },
          ...(slices && { h: { $gte: slices.from, $lt: slices.to } }),
        },
      },
      // Each commit has one event at least, so no more of them are looked at than count.
      { $limit: limit },
      { $group: { _id: null, events: { $sum: '$n' } } },
    ];
    const what = 'Counting events';
    // For statuses, of a thousand partitions at once: in turns, or nothing would be left for those who feed them.
    const [counted] = await orUnavailable(what, () =>
      this.context.turns.take(what, () =>
        this.context.db
          .collection(COLLECTIONS.commits)
          .aggregate<{ events: number }>(pipeline, { ...MAJORITY, maxTimeMS: COUNT_MS })
          .toArray(),
      ),
    );
    return Math.min(limit, counted?.events ?? 0);
  }

  async holds({ stream: s, version, time }: LastSeen): Promise<boolean> {
    const { documents } = await this.finder.find<Pick<CommitDocument, '_id' | 'n' | 'ts'>>(`Looking for '${s}'`, {
      filter: { _id: { $gte: { s, v: 1 }, $lte: { s, v: version } } },
      sort: { _id: -1 },
      projection: { n: 1, ts: 1 },
      limit: 1,
    });
    const [found] = documents;
    return found !== undefined && lastVersion(found) === version && storeTimeOf(found.ts) === time;
  }

  lateness(): Lateness {
    return this.meter.read();
  }

  /** Ends what reads for the subscriptions that are still open; their next call throws `StoreUnavailable`. */
  close(): Promise<void> {
    return this.hub.close();
  }

  private async commitsOf({
    changes,
    position: end,
  }: Pick<ChangeBatch, 'changes' | 'position'>): Promise<readonly SizedCommit[]> {
    const inserts = changes.filter((change) => isCommit(change, COLLECTIONS.commits));
    const ending = changes.find(endsLog);
    if (ending) throw endOfStream(new Error(`'${ending.operationType}' of the log`));
    const commits = await decodeCommits(
      inserts.flatMap(({ fullDocument }) => fullDocument ?? []),
      this.context.codec,
    );
    return commits.map((commit, index) => {
      const change = inserts[index] as ChangeDocument;
      const { _id, clusterTime, size = 0 } = change;
      const next = inserts[index + 1];
      const { _data: token } = _id as { readonly _data: string };
      const visibleAt = clusterTime ? storeTimeOf(clusterTime) : timeOfToken(token);
      this.meter.measure(commit.time, visibleAt);
      const isInside = next ? shareTime(change, next) : end.isInside && end.time === visibleAt;
      const position = isInside ? { token, time: visibleAt, isInside } : { token, time: visibleAt };
      return { live: { commit, visibleAt, position }, bytes: size };
    });
  }
}

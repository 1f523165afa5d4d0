import { FeedHistoryLost, type Commit, type HistoryRange, type RecentRange, type StoreTime } from '@nestfold/core';
import type { ClientSession, Collection, Document } from 'mongodb';
import { timestampOf } from '../connection/bson-mapping.js';
import { COLLECTIONS } from '../connection/collections.js';
import { MAJORITY } from '../connection/durability.js';
import type { MongoContext } from '../connection/mongo-context.js';
import type { CommitDocument } from '../event-store/commit-document.js';
import { decodedBy } from '../event-store/decode-commits.js';
import { CommitDecoder } from '../event-store/stored-commit.js';
import { goingOn } from './going-on.js';
import { pagesAhead, type PageCursor } from './pages-ahead.js';

const READ_AT_ONCE = 1_000;
/**
 * SnapshotTooOld, and SnapshotUnavailable: that asks for a repetition, but a server that was restarted, or has rolled back, never again knows what it held
 * before.
 */
const SNAPSHOT_GONE: ReadonlySet<unknown> = new Set([239, 246]);

/**
 * Reads a stretch of history in the order of `ts`, which is the order of each stream and of cause and effect. Reads one
 * batch ahead while the consumer works. An interrupted read goes on behind the last time that was delivered as a whole.
 */
export class HistoryReader {
  private readonly commits: Collection<CommitDocument>;

  constructor(private readonly context: MongoContext) {
    this.commits = context.db.collection<CommitDocument>(COLLECTIONS.commits, MAJORITY);
  }

  read(range: HistoryRange): AsyncIterable<readonly Commit[]> {
    return goingOn(
      this.context,
      range.after,
      (after) => this.readOnce({ ...range, ...(after !== undefined && { after }) }),
      ({ time }) => time,
    );
  }

  /** Of one snapshot, which the server keeps for some minutes. */
  async *readRecent(range: RecentRange): AsyncGenerator<readonly Commit[]> {
    const open = (after: StoreTime | undefined) => (session: ClientSession) =>
      this.openSnapshot({ ...range, ...(after !== undefined && { after }) }, session);
    try {
      yield* goingOn(
        this.context,
        range.after,
        (after) => this.complete(pagesAhead(this.context, undefined, open(after))),
        ({ time }) => time,
      );
    } catch (error) {
      if (!SNAPSHOT_GONE.has((error as { code?: unknown }).code)) throw error;
      throw new FeedHistoryLost('The server no longer knows what was visible then.', {}, { cause: error });
    }
  }

  private readOnce(range: HistoryRange): AsyncGenerator<readonly Commit[]> {
    return this.complete(pagesAhead(this.context, range.asOf, (session) => this.open(range, session)));
  }

  private async *complete(pages: AsyncIterable<readonly Uint8Array[]>): AsyncGenerator<readonly Commit[]> {
    const { codec } = this.context;
    const decoder = new CommitDecoder();
    let held: Commit[] = [];
    for await (const documents of pages) {
      const { complete, rest } = cutBehindLastTime([...held, ...documents.map((bytes) => decoder.decode(bytes))]);
      held = rest;
      if (complete.length > 0) yield codec ? await decodedBy(codec, complete) : complete;
    }
    if (held.length > 0) yield codec ? await decodedBy(codec, held) : held;
  }

  private open(range: HistoryRange, session: ClientSession): PageCursor<Uint8Array> {
    const found = this.commits.find(filterOf(range), { ...MAJORITY, session, ...ORDERED, raw: true });
    // The types do not say that `raw` answers bytes.
    return found as unknown as PageCursor<Uint8Array>;
  }

  /** As a command of its own: the driver lets the server choose the moment of a snapshot. */
  private openSnapshot(range: RecentRange, session: ClientSession): PageCursor<Uint8Array> {
    const found = this.context.db.runCursorCommand(
      {
        find: COLLECTIONS.commits,
        filter: filterOf(range),
        ...ORDERED,
        readConcern: { level: 'snapshot', atClusterTime: timestampOf(range.asOf) },
      },
      { session, readPreference: 'primary', raw: true },
    );
    return found.setBatchSize(READ_AT_ONCE);
  }
}

/** By `ts` alone: any further field would be sorted in memory. */
const ORDERED = { sort: { ts: 1 }, batchSize: READ_AT_ONCE, projection: { h: 0, n: 0 } } as const;

function filterOf({ after, before, types, slices }: Partial<HistoryRange>): Document {
  return {
    ts: {
      ...(before !== undefined && { $lt: timestampOf(before) }),
      ...(after !== undefined && { $gt: timestampOf(after) }),
    },
    ...(types && { 'e.t': { $in: [...types] } }),
    ...(slices && { h: { $gte: slices.from, $lt: slices.to } }),
  };
}

/** What may be delivered: up to the last time of which it is certain that nothing more comes. */
function cutBehindLastTime(commits: Commit[]): { readonly complete: Commit[]; readonly rest: Commit[] } {
  const last = commits.at(-1)?.time;
  let end = commits.length;
  while (end > 0 && commits[end - 1]?.time === last) end -= 1;
  return { complete: commits.slice(0, end), rest: commits.slice(end) };
}

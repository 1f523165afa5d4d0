import type { Commit, HistoryRange } from '@nestfold/core';
import type { ClientSession, Collection, FindCursor } from 'mongodb';
import { timestampOf } from '../connection/bson-mapping.js';
import { COLLECTIONS } from '../connection/collections.js';
import { MAJORITY } from '../connection/durability.js';
import type { MongoContext } from '../connection/mongo-context.js';
import type { CommitDocument } from '../event-store/commit-document.js';
import { decodeCommits } from '../event-store/decode-commits.js';
import { goingOn } from './going-on.js';
import { pagesAhead } from './pages-ahead.js';

const READ_AT_ONCE = 1_000;

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

  private async *readOnce(range: HistoryRange): AsyncGenerator<readonly Commit[]> {
    let held: CommitDocument[] = [];
    for await (const documents of pagesAhead(this.context, range.asOf, (session) => this.open(range, session))) {
      const complete = cutBehindLastTime(held, documents);
      held = complete.rest;
      if (complete.documents.length > 0) yield await decodeCommits(complete.documents, this.context.codec);
    }
    if (held.length > 0) yield await decodeCommits(held, this.context.codec);
  }

  private open({ after, before, types, slices }: HistoryRange, session: ClientSession): FindCursor<CommitDocument> {
    return this.commits.find(
      {
        ts: { $lt: timestampOf(before), ...(after !== undefined && { $gt: timestampOf(after) }) },
        ...(types && { 'e.t': { $in: [...types] } }),
        ...(slices && { h: { $gte: slices.from, $lt: slices.to } }),
      },
      // By `ts` alone: any further field would be sorted in memory.
      { ...MAJORITY, session, sort: { ts: 1 }, batchSize: READ_AT_ONCE, projection: { h: 0, n: 0 } },
    );
  }
}

/** What may be delivered: up to the last time of which it is certain that nothing more comes. */
function cutBehindLastTime(
  held: CommitDocument[],
  documents: CommitDocument[],
): { readonly documents: CommitDocument[]; readonly rest: CommitDocument[] } {
  const all = held.length === 0 ? documents : [...held, ...documents];
  const last = all.at(-1)?.ts;
  let end = all.length;
  while (end > 0 && last && all[end - 1]?.ts.equals(last)) end -= 1;
  return { documents: all.slice(0, end), rest: all.slice(end) };
}

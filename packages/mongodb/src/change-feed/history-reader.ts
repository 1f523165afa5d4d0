import type { Commit, HistoryRange } from '@nestfold/core';
import type { ClientSession, Collection, FindCursor } from 'mongodb';
import { timestampOf } from '../connection/bson-mapping.js';
import { COLLECTIONS } from '../connection/collections.js';
import { MAJORITY } from '../connection/durability.js';
import type { MongoContext } from '../connection/mongo-context.js';
import type { CommitDocument } from '../event-store/commit-document.js';
import { decodedBy } from '../event-store/decode-commits.js';
import { CommitDecoder } from '../event-store/stored-commit.js';
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
    const { codec } = this.context;
    const decoder = new CommitDecoder();
    let held: Commit[] = [];
    for await (const documents of pagesAhead(this.context, range.asOf, (session) => this.open(range, session))) {
      const { complete, rest } = cutBehindLastTime([...held, ...documents.map((bytes) => decoder.decode(bytes))]);
      held = rest;
      if (complete.length > 0) yield codec ? await decodedBy(codec, complete) : complete;
    }
    if (held.length > 0) yield codec ? await decodedBy(codec, held) : held;
  }

  private open({ after, before, types, slices }: HistoryRange, session: ClientSession): FindCursor<Uint8Array> {
    const found = this.commits.find(
      {
        ts: { $lt: timestampOf(before), ...(after !== undefined && { $gt: timestampOf(after) }) },
        ...(types && { 'e.t': { $in: [...types] } }),
        ...(slices && { h: { $gte: slices.from, $lt: slices.to } }),
      },
      // By `ts` alone: any further field would be sorted in memory.
      { ...MAJORITY, session, sort: { ts: 1 }, batchSize: READ_AT_ONCE, projection: { h: 0, n: 0 }, raw: true },
    );
    // The types do not say that `raw` answers bytes.
    return found as unknown as FindCursor<Uint8Array>;
  }
}

/** What may be delivered: up to the last time of which it is certain that nothing more comes. */
function cutBehindLastTime(commits: Commit[]): { readonly complete: Commit[]; readonly rest: Commit[] } {
  const last = commits.at(-1)?.time;
  let end = commits.length;
  while (end > 0 && commits[end - 1]?.time === last) end -= 1;
  return { complete: commits.slice(0, end), rest: commits.slice(end) };
}

import type { Commit, StreamName, StreamRange } from '@nestfold/core';
import type { ClientSession, Collection, Filter, FindCursor } from 'mongodb';
import { timestampOf } from '../connection/bson-mapping.js';
import { COLLECTIONS } from '../connection/collections.js';
import { MAJORITY } from '../connection/durability.js';
import type { MongoContext } from '../connection/mongo-context.js';
import type { CommitDocument } from '../event-store/commit-document.js';
import { decodedBy } from '../event-store/decode-commits.js';
import { CommitDecoder } from '../event-store/stored-commit.js';
import { orUnavailable } from '../transaction/failure.js';
import { goingOn } from './going-on.js';
import { pagesAhead } from './pages-ahead.js';

const READ_AT_ONCE = 2_000;
/** Enough to cut a store of any size into a few dozen ranges that differ by less than their half. */
const SAMPLES_A_PART = 100;

/** Reads history stream by stream, over the primary key: whole streams stand together there. Goes on by itself where a read is interrupted. */
export class StreamReader {
  private readonly commits: Collection<CommitDocument>;

  constructor(private readonly context: MongoContext) {
    this.commits = context.db.collection<CommitDocument>(COLLECTIONS.commits, MAJORITY);
  }

  read(range: StreamRange): AsyncIterable<readonly Commit[]> {
    return goingOn(
      this.context,
      range.after,
      (after) => this.readOnce({ ...range, ...(after !== undefined && { after }) }),
      ({ stream, firstVersion: version }) => ({ stream, version }),
    );
  }

  /** In the order of the server, which is that of the names' bytes. */
  async bounds(parts: number): Promise<readonly StreamName[]> {
    const names = await orUnavailable('Sampling streams', () =>
      this.commits
        .aggregate<{ _id: StreamName }>(
          [{ $sample: { size: parts * SAMPLES_A_PART } }, { $project: { _id: '$_id.s' } }, { $sort: { _id: 1 } }],
          { batchSize: parts * SAMPLES_A_PART + 1 },
        )
        .toArray(),
    );
    const bounds = Array.from({ length: Math.max(0, parts - 1) }, (_, index) =>
      names.at(Math.floor(((index + 1) * names.length) / parts)),
    );
    // A bound at the very first stream would leave the first range empty.
    const first = names[0]?._id;
    return [...new Set(bounds.map((bound) => bound?._id))].filter(
      (name): name is StreamName => name !== undefined && name !== first,
    );
  }

  private async *readOnce(range: StreamRange): AsyncGenerator<readonly Commit[]> {
    const { codec } = this.context;
    const decoder = new CommitDecoder();
    for await (const documents of pagesAhead(this.context, range.asOf, (session) => this.open(range, session))) {
      const commits = documents.map((bytes) => decoder.decode(bytes));
      yield codec ? await decodedBy(codec, commits) : commits;
    }
  }

  private open({ from, to, after, before, types }: StreamRange, session: ClientSession): FindCursor<Uint8Array> {
    // No version is 0: this is before all of a stream.
    const begin =
      after === undefined ? { $gte: { s: from ?? '', v: 0 } } : { $gt: { s: after.stream, v: after.version } };
    const filter: Filter<CommitDocument> = {
      _id: { ...begin, ...(to !== undefined && { $lt: { s: to, v: 0 } }) },
      ts: { $lt: timestampOf(before) },
      ...(types && { 'e.t': { $in: [...types] } }),
    };
    const options = { ...MAJORITY, session, sort: { _id: 1 }, hint: { _id: 1 }, batchSize: READ_AT_ONCE } as const;
    // The types do not say that `raw` answers bytes.
    return this.commits.find(filter, { ...options, raw: true }) as unknown as FindCursor<Uint8Array>;
  }
}

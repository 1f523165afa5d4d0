import type { Commit, PayloadCodec, ReadRange, StoreTime, StreamName, StreamSlice } from '@nestfold/core';
import { loadedVersion } from '@nestfold/core';
import type { Collection, Filter } from 'mongodb';
import type { CausalClock, SeenOptions } from '../connection/causal-clock.js';
import { MAJORITY } from '../connection/durability.js';
import { orUnavailable } from '../transaction/failure.js';
import { lastVersion, STUB_FIELDS, type CommitDocument, type CommitStub } from './commit-document.js';
import { decodeCommits } from './decode-commits.js';

/** One reply takes as many commits as fit into it, not the driver's first hundred. */
const PAGE = 10_000;

/** A commit with its place in its stream. */
export type PlacedCommit = Pick<CommitDocument, '_id'>;

/** Who holds places, in the order asked: `undefined` where a majority knows of nobody. */
export interface Holders {
  readonly holders: readonly (CommitStub | undefined)[];
  readonly time: StoreTime;
}

/** Where a stream ends: 0 without events. */
export interface StreamEnd {
  readonly version: number;
  readonly time: StoreTime;
}

/**
 * Reads streams where it feeds decisions: at the primary, what a majority holds, and not older than anything that this
 * process has seen. Throws `StoreUnavailable`.
 */
export class CommitReader {
  constructor(
    private readonly commits: Collection<CommitDocument>,
    private readonly clock: CausalClock,
    private readonly codec?: PayloadCodec,
  ) {}

  /** A range of the key: the planner's bounds are exact, nothing else is examined. */
  async read(stream: StreamName, range: ReadRange): Promise<StreamSlice> {
    const { fromVersion = 1, until, limit } = range;
    const documents = await this.see(`Reading '${stream}'`, async (seen) => {
      // The version asked for may stand inside of a commit that begins before it.
      const first = fromVersion > 1 ? await this.beginning(stream, fromVersion, seen) : 1;
      if (limit !== undefined && limit <= 0) return [];
      const filter = { ...keyRange(stream, first, range.toVersion), ...occurredUntil(until) };
      const found = this.commits.find(filter, { ...MAJORITY, ...seen, sort: { _id: 1 }, batchSize: PAGE });
      if (limit !== undefined) found.limit(limit);
      return found.toArray();
    });
    const commits = await decodeCommits(documents, this.codec);
    const last = documents.at(-1);
    return { stream, commits, version: loadedVersion(last ? lastVersion(last) : 0) };
  }

  async head(stream: StreamName): Promise<Commit | undefined> {
    const document = await this.see(`Reading '${stream}'`, (seen) =>
      this.commits.findOne(keyRange(stream, 1), { ...MAJORITY, ...seen, sort: { _id: -1 } }),
    );
    return document ? (await decodeCommits([document], this.codec))[0] : undefined;
  }

  async findKeyed(stream: StreamName, id: CommitDocument['c']): Promise<Commit | undefined> {
    const document = await this.see(`Reading '${stream}'`, (seen) =>
      this.commits.findOne({ c: id, keyed: true, '_id.s': stream }, { ...MAJORITY, ...seen }),
    );
    return document ? (await decodeCommits([document], this.codec))[0] : undefined;
  }

  /** Where a stream ends. */
  async endOf(stream: StreamName): Promise<StreamEnd> {
    const { value, time } = await this.clocked(`Reading '${stream}'`, (seen) =>
      this.commits.findOne<PlacedCommit & { n: number }>(keyRange(stream, 1), {
        ...MAJORITY,
        ...seen,
        sort: { _id: -1 },
        projection: { n: 1 },
      }),
    );
    return { version: value ? lastVersion(value) : 0, time };
  }

  /** The commits that begin after a version, in order, without their events. */
  async since(
    stream: StreamName,
    version: number,
  ): Promise<{ readonly stubs: readonly CommitStub[]; readonly time: StoreTime }> {
    const { value, time } = await this.clocked(`Reading '${stream}'`, (seen) =>
      this.commits
        .find<CommitStub>(keyRange(stream, version + 1), {
          ...MAJORITY,
          ...seen,
          sort: { _id: 1 },
          projection: STUB_FIELDS,
          batchSize: PAGE,
        })
        .toArray(),
    );
    return { stubs: value, time };
  }

  async holdersOf(places: readonly PlacedCommit[]): Promise<Holders> {
    const keys = places.map(({ _id: { s, v } }) => ({ s, v }));
    const { value, time } = await this.clocked('Looking for stored commits', (seen) =>
      this.commits
        .find<CommitStub>({ _id: { $in: keys } }, { ...MAJORITY, ...seen, projection: STUB_FIELDS, batchSize: PAGE })
        .toArray(),
    );
    const byStream = new Map(value.map((stub) => [`${stub._id.v} ${stub._id.s}`, stub]));
    return { holders: keys.map(({ s, v }) => byStream.get(`${v} ${s}`)), time };
  }

  /** Keyed commits with these ids, of any stream. */
  async keyed(
    ids: readonly CommitDocument['c'][],
  ): Promise<{ readonly stubs: readonly CommitStub[]; readonly time: StoreTime }> {
    const { value, time } = await this.clocked('Looking for commands', (seen) =>
      this.commits
        .find<CommitStub>(
          { c: { $in: [...ids] }, keyed: true },
          { ...MAJORITY, ...seen, projection: STUB_FIELDS, batchSize: PAGE },
        )
        .toArray(),
    );
    return { stubs: value, time };
  }

  /** Where the commit begins that holds a version, or the version itself. */
  private async beginning(stream: StreamName, version: number, seen: SeenOptions): Promise<number> {
    const before = await this.commits.findOne<PlacedCommit & { n: number }>(keyRange(stream, 1, version), {
      ...MAJORITY,
      ...seen,
      sort: { _id: -1 },
      projection: { n: 1 },
    });
    return before && lastVersion(before) >= version ? before._id.v : version;
  }

  private async see<T>(what: string, work: (seen: SeenOptions) => Promise<T>): Promise<T> {
    return (await this.clocked(what, work)).value;
  }

  private clocked<T>(
    what: string,
    work: (seen: SeenOptions) => Promise<T>,
  ): Promise<{ readonly value: T; readonly time: StoreTime }> {
    return orUnavailable(what, () => this.clock.read(work));
  }
}

function keyRange(stream: StreamName, from: number, to = Number.POSITIVE_INFINITY): Filter<CommitDocument> {
  return { _id: { $gte: { s: stream, v: from }, $lte: { s: stream, v: to } } };
}

function occurredUntil(until: Date | undefined): Filter<CommitDocument> {
  return until === undefined ? {} : { $or: [{ o: { $lte: until } }, { o: { $exists: false }, at: { $lte: until } }] };
}

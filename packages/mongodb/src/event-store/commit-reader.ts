import type { Commit, PayloadCodec, ReadRange, StoreTime, StreamName, StreamSlice } from '@nestfold/core';
import { loadedVersion } from '@nestfold/core';
import type { Filter } from 'mongodb';
import { lastVersion, STUB_FIELDS, type CommitDocument, type CommitStub } from './commit-document.js';
import type { CommitFinder, CommitQuery } from './commit-finder.js';
import { decodeCommits } from './decode-commits.js';

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

/** Stubs, as they stood at a time. */
export interface FoundStubs {
  readonly stubs: readonly CommitStub[];
  readonly time: StoreTime;
}

/**
 * Reads streams where it feeds decisions: at the primary, what a majority holds, and not older than anything that this
 * process has seen. Throws `StoreUnavailable`, at the deadline too where a read takes one (by the environment's clock).
 */
export class CommitReader {
  constructor(
    private readonly finder: CommitFinder,
    private readonly codec?: PayloadCodec,
  ) {}

  /** A range of the key: the planner's bounds are exact, nothing else is examined. */
  async read(stream: StreamName, { fromVersion = 1, toVersion, until, limit }: ReadRange): Promise<StreamSlice> {
    // To the database a limit of 0 is none.
    if (limit !== undefined && limit <= 0) return { stream, commits: [], version: loadedVersion(0) };
    const only = occurredUntil(until);
    let { documents } = await this.inOrder<CommitDocument>(stream, { from: fromVersion, to: toVersion, limit, only });
    // The version asked for may stand inside of a commit that begins before it; mostly one begins there.
    if (fromVersion > 1 && documents[0]?._id.v !== fromVersion) {
      const before = await this.reachingInto(stream, fromVersion, only);
      if (before) documents = [before, ...documents].slice(0, limit);
    }
    const commits = await decodeCommits(documents, this.codec);
    const last = documents.at(-1);
    return { stream, commits, version: loadedVersion(last ? lastVersion(last) : 0) };
  }

  async head(stream: StreamName): Promise<Commit | undefined> {
    const { documents } = await this.finder.find(reading(stream), lastOf(keyRange(stream, 1)));
    return (await decodeCommits(documents, this.codec))[0];
  }

  async findKeyed(stream: StreamName, id: CommitDocument['c']): Promise<Commit | undefined> {
    const filter = { c: id, keyed: true, '_id.s': stream } as const;
    const { documents } = await this.finder.find(reading(stream), { filter, limit: 1 });
    return (await decodeCommits(documents, this.codec))[0];
  }

  /** Where a stream ends. */
  async endOf(stream: StreamName, deadline: number): Promise<StreamEnd> {
    const query = { ...lastOf(keyRange(stream, 1)), projection: END_FIELDS };
    const { documents, time } = await this.finder.find<EndOfCommit>(reading(stream), query, deadline);
    return { version: documents[0] ? lastVersion(documents[0]) : 0, time };
  }

  /** The commits that begin after a version, in order, without their events; the first `limit` of them. */
  async since(stream: StreamName, version: number, deadline: number, limit?: number): Promise<FoundStubs> {
    const range = { from: version + 1, projection: STUB_FIELDS, deadline, limit };
    const { documents, time } = await this.inOrder<CommitStub>(stream, range);
    return { stubs: documents, time };
  }

  /** Who holds these places: as many as go into one insert, whose stubs fit into one reply. */
  async holdersOf(places: readonly PlacedCommit[], deadline: number): Promise<Holders> {
    const keys = places.map(({ _id: { s, v } }) => ({ s, v }));
    const query = { filter: { _id: { $in: keys } }, projection: STUB_FIELDS };
    const { documents, time } = await this.finder.find<CommitStub>('Looking for stored commits', query, deadline);
    const byPlace = new Map(documents.map((stub) => [`${stub._id.v} ${stub._id.s}`, stub]));
    return { holders: keys.map(({ s, v }) => byPlace.get(`${v} ${s}`)), time };
  }

  /** Keyed commits with these ids, of any stream: no more ids than there are places in `holdersOf`. */
  async keyed(ids: readonly CommitDocument['c'][], deadline: number): Promise<FoundStubs> {
    const query = { filter: { c: { $in: [...ids] }, keyed: true }, projection: STUB_FIELDS } as const;
    const { documents, time } = await this.finder.find<CommitStub>('Looking for commands', query, deadline);
    return { stubs: documents, time };
  }

  /** The commit that begins before a version and holds it. */
  private async reachingInto(
    stream: StreamName,
    version: number,
    only: Filter<CommitDocument>,
  ): Promise<CommitDocument | undefined> {
    const query = lastOf({ ...keyRange(stream, 1, version - 1), ...only });
    const [before] = (await this.finder.find<CommitDocument>(reading(stream), query)).documents;
    return before && lastVersion(before) >= version ? before : undefined;
  }

  /** All of a range, in as many replies as it takes: what stands behind the last commit of one is asked for next. */
  private async inOrder<T extends PlacedCommit>(
    stream: StreamName,
    { from, to, limit = Number.POSITIVE_INFINITY, only, projection, deadline }: StreamRange,
  ): Promise<{ readonly documents: readonly T[]; readonly time: StoreTime }> {
    let documents: readonly T[] = [];
    for (let next = from; ;) {
      const left = limit - documents.length;
      const query: CommitQuery = {
        filter: { ...keyRange(stream, next, to), ...only },
        sort: { _id: 1 },
        ...(projection && { projection }),
        ...(Number.isFinite(left) && { limit: left }),
      };
      const found = await this.finder.find<T>(reading(stream), query, deadline);
      documents = documents.length === 0 ? found.documents : documents.concat(found.documents);
      const last = found.documents.at(-1);
      if (!found.more || !last || documents.length >= limit) return { documents, time: found.time };
      next = last._id.v + 1;
    }
  }
}

type EndOfCommit = Pick<CommitDocument, '_id' | 'n'>;

/** A stretch of one stream, and what to read of it. */
interface StreamRange {
  readonly from: number;
  readonly to?: number | undefined;
  readonly limit?: number | undefined;
  readonly only?: Filter<CommitDocument>;
  readonly projection?: CommitQuery['projection'];
  readonly deadline?: number;
}

const END_FIELDS = { n: 1 } as const;

const reading = (stream: StreamName): string => `Reading '${stream}'`;

function lastOf(filter: Filter<CommitDocument>): CommitQuery {
  return { filter, sort: { _id: -1 }, limit: 1 };
}

function keyRange(stream: StreamName, from: number, to = Number.POSITIVE_INFINITY): Filter<CommitDocument> {
  return { _id: { $gte: { s: stream, v: from }, $lte: { s: stream, v: to } } };
}

function occurredUntil(until: Date | undefined): Filter<CommitDocument> {
  return until === undefined ? {} : { $or: [{ o: { $lte: until } }, { o: { $exists: false }, at: { $lte: until } }] };
}

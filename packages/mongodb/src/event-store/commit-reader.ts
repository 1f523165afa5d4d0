import {
  lastVersionOf,
  loadedVersion,
  type Commit,
  type PayloadCodec,
  type ReadRange,
  type StoreTime,
  type StreamName,
  type StreamSlice,
} from '@nestfold/core';
import type { Collection, Filter, Timestamp } from 'mongodb';
import { storeTimeOf, uuidBinary } from '../connection/bson-mapping.js';
import { MAJORITY } from '../connection/durability.js';
import { commitOf, type CommitDocument } from './commit-document.js';

/** One read takes what a reply may hold, not the driver's first hundred. */
const PAGE = 10_000;

/** Reads the log where it feeds decisions: at the primary, and only what a majority holds. */
export class CommitReader {
  constructor(
    private readonly commits: Collection<CommitDocument>,
    private readonly codec?: PayloadCodec,
  ) {}

  /** A range of the key: the planner's bounds are exact, nothing else is examined. */
  async read(stream: StreamName, range: ReadRange): Promise<StreamSlice> {
    const { fromVersion = 1, toVersion = Number.POSITIVE_INFINITY, until, limit } = range;
    const found = this.commits
      .find({ ...keyRange(stream, fromVersion, toVersion), ...occurredUntil(until) }, { ...MAJORITY, batchSize: PAGE })
      .sort({ _id: 1 });
    if (limit !== undefined) found.limit(limit);
    // The version asked for may stand inside of a commit that begins before it.
    const [holding, documents] = await Promise.all([
      fromVersion > 1 ? this.holding(stream, fromVersion, until) : undefined,
      limit === 0 ? [] : found.toArray(),
    ]);
    const all = holding ? [holding, ...documents].slice(0, limit) : documents;
    const commits = await this.decoded(all);
    const last = commits.at(-1);
    return { stream, commits, version: loadedVersion(last ? lastVersionOf(last) : 0) };
  }

  async head(stream: StreamName): Promise<Commit | undefined> {
    const document = await this.commits.findOne(keyRange(stream, 1), { ...MAJORITY, sort: { _id: -1 } });
    return document ? (await this.decoded([document]))[0] : undefined;
  }

  /** The commit that begins at a version, and the store's clock when it was read. */
  async at(stream: StreamName, version: number): Promise<{ commit: Commit; time: StoreTime } | undefined> {
    return this.commits.client.withSession(async (session) => {
      const document = await this.commits.findOne({ _id: { s: stream, v: version } }, { ...MAJORITY, session });
      const [commit] = document ? await this.decoded([document]) : [];
      return commit && { commit, time: storeTimeOf(session.operationTime as Timestamp) };
    });
  }

  async findKeyed(stream: StreamName, commitId: string): Promise<Commit | undefined> {
    const document = await this.commits.findOne({ c: uuidBinary(commitId), keyed: true, '_id.s': stream }, MAJORITY);
    return document ? (await this.decoded([document]))[0] : undefined;
  }

  /** The store's clock. */
  async now(): Promise<StoreTime> {
    return this.commits.client.withSession(async (session) => {
      await this.commits.db.command({ ping: 1 }, { session });
      return storeTimeOf(session.operationTime as Timestamp);
    });
  }

  private async holding(stream: StreamName, version: number, until: Date | undefined): Promise<CommitDocument | undefined> {
    const before = { ...keyRange(stream, 1, version - 1), ...occurredUntil(until) };
    const document = await this.commits.findOne(before, { ...MAJORITY, sort: { _id: -1 } });
    return document && document._id.v + document.n > version ? document : undefined;
  }

  private async decoded(documents: readonly CommitDocument[]): Promise<Commit[]> {
    const commits = documents.map(commitOf);
    return this.codec ? decodeCommits(commits, this.codec) : commits;
  }
}

/** Commits decoded in one go. */
export async function decodeCommits(commits: readonly Commit[], codec: PayloadCodec): Promise<Commit[]> {
  const decoded = await codec.decode(commits.flatMap(({ stream, events }) => events.map((event) => ({ stream, event }))));
  let next = 0;
  return commits.map((commit) => ({ ...commit, events: decoded.slice(next, (next += commit.events.length)) }));
}

function keyRange(stream: StreamName, from: number, to = Number.POSITIVE_INFINITY): Filter<CommitDocument> {
  return { _id: { $gte: { s: stream, v: from }, $lte: { s: stream, v: to } } } as Filter<CommitDocument>;
}

function occurredUntil(until: Date | undefined): Filter<CommitDocument> {
  return until === undefined ? {} : { $or: [{ o: { $lte: until } }, { o: { $exists: false }, at: { $lte: until } }] };
}

import type {
  Commit,
  ParkedQuery,
  ParkedRequest,
  ParkedStream,
  ParkedStreamStore,
  ParkedSummary,
} from '@nestfold/core';
import type { ClientSession, Collection } from 'mongodb';
import { COLLECTIONS } from '../connection/collections.js';
import { MAJORITY } from '../connection/durability.js';
import type { MongoContext } from '../connection/mongo-context.js';
import { DURABLE_IN_TIME } from '../transaction/durable.js';
import { orUnavailable } from '../transaction/failure.js';
import { commitKept, heldOf, type HeldCommitDocument } from './held-commit.js';
import { parkedOf, type ParkedDocument } from './parked-document.js';

const LIMIT = { maxTimeMS: 10_000 };

/**
 * Parked streams in one collection; what moves them is written by the batches. Reads are not older than what this connection has seen: a primary that has just been
 * elected could otherwise tell an owner, or somebody who waits, that a stream is not parked which is.
 */
export class MongoParkedStreamStore implements ParkedStreamStore {
  private readonly parked: Collection<ParkedDocument>;
  private readonly held: Collection<HeldCommitDocument>;

  constructor(private readonly context: Pick<MongoContext, 'client' | 'db' | 'clock'>) {
    const concerns = { ...MAJORITY, writeConcern: DURABLE_IN_TIME };
    this.parked = context.db.collection<ParkedDocument>(COLLECTIONS.parked, concerns);
    this.held = context.db.collection<HeldCommitDocument>(COLLECTIONS.heldCommits, concerns);
  }

  async find(consumer: string): Promise<readonly ParkedStream[]> {
    const found = await this.seen('Reading parked streams', (session) =>
      this.parked.find({ consumer }, { ...LIMIT, session }).toArray(),
    );
    return found.map(parkedOf);
  }

  async requested(key: string): Promise<readonly ParkedStream[]> {
    const filter = { key, 'request.at': { $exists: true } };
    const found = await this.seen('Reading requests', (session) =>
      this.parked.find(filter, { ...LIMIT, session, sort: { 'request.at': 1 } }).toArray(),
    );
    return found.map(parkedOf);
  }

  async get(id: string): Promise<ParkedStream | undefined> {
    const document = await this.seen('Reading a parked stream', (session) =>
      this.parked.findOne({ _id: id }, { ...LIMIT, session }),
    );
    return document ? parkedOf(document) : undefined;
  }

  async among(ids: readonly string[]): Promise<readonly ParkedStream[]> {
    if (ids.length === 0) return [];
    const found = await this.seen('Reading parked streams', (session) =>
      this.parked.find({ _id: { $in: [...ids] } }, { ...LIMIT, session, batchSize: ids.length + 1 }).toArray(),
    );
    return found.map(parkedOf);
  }

  async list({ consumers, limit, after }: ParkedQuery): Promise<readonly ParkedStream[]> {
    const filter = { consumer: { $in: [...consumers] }, ...(after !== undefined && { _id: { $gt: after } }) };
    const found = await this.seen('Listing parked streams', (session) =>
      this.parked.find(filter, { ...LIMIT, session, sort: { _id: 1 }, limit }).toArray(),
    );
    return found.map(parkedOf);
  }

  async summary(consumer: string, since?: Date): Promise<ParkedSummary> {
    const filter = { consumer, ...(since && { at: { $gte: since } }) };
    const what = 'Counting parked streams';
    const [parked, first] = await Promise.all([
      this.seen(what, (session) => this.parked.countDocuments(filter, { ...LIMIT, session })),
      this.seen(what, (session) =>
        this.parked.findOne(filter, { ...LIMIT, session, sort: { at: 1 }, projection: { at: 1 } }),
      ),
    ]);
    return { parked, ...(first && { oldest: first.at }) };
  }

  async request(id: string, request: ParkedRequest): Promise<ParkedStream | undefined> {
    const document = await orUnavailable('Asking something of a parked stream', () =>
      this.parked.findOneAndUpdate({ _id: id }, { $set: { request } }, { ...LIMIT, returnDocument: 'after' }),
    );
    return document ? parkedOf(document) : undefined;
  }

  async kept(id: string, after: number, limit: number): Promise<readonly Commit[]> {
    const filter = { ...heldOf(id), last: { $gt: after } };
    const found = await this.seen('Reading what is held back', (session) =>
      this.held.find(filter, { ...LIMIT, session, sort: { _id: 1 }, limit }).toArray(),
    );
    return found.map(commitKept);
  }

  private seen<T>(what: string, read: (session: ClientSession) => Promise<T>): Promise<T> {
    return orUnavailable(what, () => this.context.clock.read(this.context.client, read));
  }
}

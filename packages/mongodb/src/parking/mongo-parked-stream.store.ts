import type { ParkedQuery, ParkedRequest, ParkedStream, ParkedStreamStore, ParkedSummary } from '@nestfold/core';
import type { Collection, Db } from 'mongodb';
import { COLLECTIONS } from '../connection/collections.js';
import { MAJORITY } from '../connection/durability.js';
import { DURABLE_IN_TIME } from '../transaction/durable.js';
import { orUnavailable } from '../transaction/failure.js';
import { parkedOf, type ParkedDocument } from './parked-document.js';

const LIMIT = { maxTimeMS: 10_000 };

/** Parked streams in one collection; what moves them is written by the batches. */
export class MongoParkedStreamStore implements ParkedStreamStore {
  private readonly parked: Collection<ParkedDocument>;

  constructor(db: Db) {
    this.parked = db.collection<ParkedDocument>(COLLECTIONS.parked, { ...MAJORITY, writeConcern: DURABLE_IN_TIME });
  }

  async find(consumer: string): Promise<readonly ParkedStream[]> {
    return orUnavailable('Reading parked streams', async () =>
      (await this.parked.find({ consumer }, LIMIT).toArray()).map(parkedOf),
    );
  }

  async requested(key: string): Promise<readonly ParkedStream[]> {
    return orUnavailable('Reading requests', async () =>
      (
        await this.parked
          .find({ key, 'request.at': { $exists: true } }, { ...LIMIT, sort: { 'request.at': 1 } })
          .toArray()
      ).map(parkedOf),
    );
  }

  async get(id: string): Promise<ParkedStream | undefined> {
    const document = await orUnavailable('Reading a parked stream', () => this.parked.findOne({ _id: id }, LIMIT));
    return document ? parkedOf(document) : undefined;
  }

  async list({ consumers, limit, after }: ParkedQuery): Promise<readonly ParkedStream[]> {
    const filter = { consumer: { $in: [...consumers] }, ...(after !== undefined && { _id: { $gt: after } }) };
    return orUnavailable('Listing parked streams', async () =>
      (await this.parked.find(filter, { ...LIMIT, sort: { _id: 1 }, limit }).toArray()).map(parkedOf),
    );
  }

  async summary(consumer: string, since?: Date): Promise<ParkedSummary> {
    const filter = { consumer, ...(since && { at: { $gte: since } }) };
    return orUnavailable('Counting parked streams', async () => {
      const [parked, first] = await Promise.all([
        this.parked.countDocuments(filter, LIMIT),
        this.parked.findOne(filter, { ...LIMIT, sort: { at: 1 }, projection: { at: 1 } }),
      ]);
      return { parked, ...(first && { oldest: first.at }) };
    });
  }

  async request(id: string, request: ParkedRequest): Promise<ParkedStream | undefined> {
    const document = await orUnavailable('Asking something of a parked stream', () =>
      this.parked.findOneAndUpdate({ _id: id }, { $set: { request } }, { ...LIMIT, returnDocument: 'after' }),
    );
    return document ? parkedOf(document) : undefined;
  }
}

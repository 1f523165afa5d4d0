import { ChangeRefused, type DocumentChange, type ReadModelWriter, type StoredDocument } from '@nestfold/core';
import type { ClientSession, Collection, Db } from 'mongodb';
import { fromBson } from '../connection/bson-mapping.js';
import { isPassing } from '../transaction/failure.js';
import { operationsOf, settingUpdate, type ChangeOperation } from './change-operations.js';
import { manyRefusalOf, refusalOf } from './change-refusal.js';
import { equalityFilter } from './condition-filter.js';

/** Reads and writes documents inside the open transaction of a session. */
export class MongoReadModelWriter implements ReadModelWriter {
  private passed: unknown;

  constructor(
    private readonly db: Db,
    private readonly session: ClientSession,
  ) {}

  /** The first error after which the transaction as a whole may be repeated, whatever its users made of it. */
  get passing(): unknown {
    return this.passed;
  }

  async find(collection: string, ids: readonly string[]): Promise<ReadonlyMap<string, StoredDocument>> {
    if (ids.length === 0) return new Map();
    // All in one answer, as far as it is large enough.
    const options = { session: this.session, batchSize: ids.length + 1 };
    const found = await this.noting(() =>
      this.of(collection)
        .find({ _id: { $in: [...ids] } }, options)
        .toArray(),
    );
    return new Map(found.map((document) => [document._id, fromBson(document)]));
  }

  async apply(collection: string, changes: readonly DocumentChange[]): Promise<void> {
    const operations = operationsOf(changes);
    if (operations.length === 0) return;
    try {
      const { matchedCount, upsertedCount } = await this.noting(() =>
        this.of(collection).bulkWrite(
          operations.map(({ operation }) => operation),
          // A refused statement ends the transaction, and the two statements of one document stand in order.
          { session: this.session, ordered: true, ignoreUndefined: true },
        ),
      );
      await this.checkReplaced(collection, operations, matchedCount + upsertedCount);
    } catch (error) {
      throw refusalOf(collection, operations, error);
    }
  }

  async patchWhere(
    collection: string,
    match: Readonly<Record<string, unknown>>,
    set: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const update = settingUpdate(set);
    if (Object.keys(update).length === 0) return;
    try {
      const options = { session: this.session, ignoreUndefined: true };
      await this.noting(() => this.of(collection).updateMany(equalityFilter(match), update, options));
    } catch (error) {
      throw manyRefusalOf(collection, error);
    }
  }

  /** The answer counts what was found in all; only where something was missing it is looked which it is. */
  private async checkReplaced(
    collection: string,
    operations: readonly ChangeOperation[],
    found: number,
  ): Promise<void> {
    const replaced = operations.filter(({ kind }) => kind === 'replace').map(({ id }) => id);
    const sought = operations.filter(({ kind }) => kind === 'replace' || kind === 'update').length;
    if (replaced.length === 0 || found === sought) return;
    const there = await this.find(collection, replaced);
    const missing = replaced.find((id) => !there.has(id));
    if (missing !== undefined) throw new ChangeRefused(collection, missing, 'there is nothing that it could replace');
  }

  private of(collection: string): Collection<StoredDocument> {
    return this.db.collection<StoredDocument>(collection);
  }

  private async noting<T>(operation: () => Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      if (isPassing(error)) this.passed ??= error;
      throw error;
    }
  }
}

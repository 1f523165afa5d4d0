import { ChangeRefused, type DocumentChange, type ReadModelWriter, type StoredDocument } from '@nestfold/core';
import type { BulkWriteOptions, ClientSession, Collection, Db } from 'mongodb';
import { fromBson } from '../connection/bson-mapping.js';
import { DURABLE_IN_TIME } from '../transaction/durable.js';
import { isPassing } from '../transaction/failure.js';
import { bulkWriteOf, operationsOf, settingUpdate, type ChangeOperation } from './change-operations.js';
import { duplicateAmong, manyRefusalOf, refusalOf } from './change-refusal.js';
import { equalityFilter } from './condition-filter.js';
import { foreignAmong, UNSEEN } from './feeding-stream.js';
import { fitsOneCommand, writeInTransaction, type Found } from './transaction-writes.js';

/** Reads and writes documents inside the open transaction of a session; without one each write is by itself, and durable. */
export class MongoReadModelWriter implements ReadModelWriter {
  private passed: unknown;

  constructor(
    private readonly db: Db,
    private readonly session: ClientSession | undefined,
  ) {}

  /** The first error after which the transaction as a whole may be repeated, whatever its users made of it. */
  get passing(): unknown {
    return this.passed;
  }

  async find(collection: string, ids: readonly string[]): Promise<ReadonlyMap<string, StoredDocument>> {
    if (ids.length === 0) return new Map();
    // All in one answer, as far as it is large enough.
    const options = { ...this.scope, batchSize: ids.length + 1, projection: UNSEEN };
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
      const { matchedCount, upsertedCount, deletedCount } = await this.noting(() => this.send(collection, operations));
      await this.checkFeeders(collection, operations, matchedCount + upsertedCount + deletedCount);
      await this.checkReplaced(collection, operations, matchedCount + upsertedCount);
    } catch (error) {
      throw (await this.refusedByFeeder(collection, operations, error)) ?? refusalOf(collection, operations, error);
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
      const options = { ...this.scope, ignoreUndefined: true };
      await this.noting(() => this.of(collection).updateMany(equalityFilter(match), update, options));
    } catch (error) {
      throw manyRefusalOf(collection, error);
    }
  }

  /** In order: a refused statement ends the transaction, and the two statements of one document stand one behind the other. */
  private send(collection: string, operations: readonly ChangeOperation[]): Promise<Found> {
    if (this.session !== undefined && fitsOneCommand(operations))
      return writeInTransaction(this.db, collection, operations, this.session);
    const writes = operations.map(bulkWriteOf);
    return this.of(collection).bulkWrite(writes, { ...this.scope, ordered: true, ignoreUndefined: true });
  }

  /** A change of what another stream feeds finds nothing, like one of what is missing: only where that happened it is looked which it was. */
  private async checkFeeders(collection: string, operations: readonly ChangeOperation[], found: number): Promise<void> {
    const sought = operations.filter(({ kind, fedBy }) => kind !== 'insert' && fedBy !== undefined);
    if (sought.length === 0 || found >= operations.filter(({ kind }) => kind !== 'insert').length) return;
    const foreign = await this.noting(() => foreignAmong(this.of(collection), sought, this.session));
    if (foreign) throw foreign;
  }

  /** An insert that met a document of another stream. The refusal has ended the transaction, so this is read beside it. */
  private async refusedByFeeder(
    collection: string,
    operations: readonly ChangeOperation[],
    error: unknown,
  ): Promise<unknown> {
    const refused = duplicateAmong(operations, error);
    return refused && (await foreignAmong(this.of(collection), [refused], undefined).catch(() => undefined));
  }

  /** The answer counts what was found in all; only where something was missing it is looked which it is. */
  private async checkReplaced(
    collection: string,
    operations: readonly ChangeOperation[],
    found: number,
  ): Promise<void> {
    const replaced = operations.filter(({ kind }) => kind === 'replace').map(({ id }) => id);
    const sought = operations.filter(({ kind }) => kind === 'replace' || kind === 'put' || kind === 'update').length;
    if (replaced.length === 0 || found === sought) return;
    const there = await this.find(collection, replaced);
    const missing = replaced.find((id) => !there.has(id));
    if (missing !== undefined) throw new ChangeRefused(collection, missing, 'there is nothing that it could replace');
  }

  private get scope(): { readonly session: ClientSession } | Pick<BulkWriteOptions, 'writeConcern'> {
    return this.session ? { session: this.session } : { writeConcern: DURABLE_IN_TIME };
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

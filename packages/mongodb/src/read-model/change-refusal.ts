import { ChangeRefused, DocumentExists } from '@nestfold/core';
import { MongoBulkWriteError, MongoServerError } from 'mongodb';
import { isPassing } from '../transaction/failure.js';
import type { ChangeOperation } from './change-operations.js';
import { StatementRefused, type RefusedStatement } from './transaction-writes.js';

const DUPLICATE_KEY = 11_000;
/** The driver leaves out which index refused; the server's message names it. */
const BY_ID = /index: _id_ /;

/** What a caller of a bulk write is told: why which document's change was refused; what may pass is told as it is. */
export function refusalOf(collection: string, operations: readonly ChangeOperation[], error: unknown): unknown {
  const first = refusedIn(error);
  const refused = first && operations[first.index];
  if (!first || !refused) return error;
  if (first.code === DUPLICATE_KEY && refused.kind === 'insert' && BY_ID.test(messageOf(first))) {
    return new DocumentExists(collection, refused.id);
  }
  return new ChangeRefused(collection, refused.id, messageOf(first), { cause: error });
}

/** The change, if any, that met a document under its own `_id`. */
export function duplicateAmong(operations: readonly ChangeOperation[], error: unknown): ChangeOperation | undefined {
  const first = refusedIn(error);
  return first?.code === DUPLICATE_KEY && BY_ID.test(messageOf(first)) ? operations[first.index] : undefined;
}

/** The same for a change of many documents. */
export function manyRefusalOf(collection: string, error: unknown): unknown {
  if (!(error instanceof MongoServerError) || isPassing(error)) return error;
  return new ChangeRefused(collection, 'several', error.message, { cause: error });
}

/** The statement that was refused for good, if one was. */
function refusedIn(error: unknown): RefusedStatement | undefined {
  if (isPassing(error)) return undefined;
  if (error instanceof StatementRefused) return error.refused;
  return error instanceof MongoBulkWriteError ? error.result.getWriteErrors()[0] : undefined;
}

function messageOf({ errmsg }: RefusedStatement): string {
  return errmsg ?? 'the database gave no reason';
}

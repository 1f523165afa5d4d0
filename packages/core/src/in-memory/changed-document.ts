import { Decimal } from '../data/decimal.js';
import { ChangeRefused, DocumentExists } from '../error/read-side.errors.js';
import { plainCopy } from '../event/plain-data.js';
import type { DocumentChange, StoredDocument } from '../read-model/document-change.js';
import { feeding, insistOnFeeder } from './feeding-stream.js';
import { PathBlocked, valueAt, withoutValue, withValue } from './document-path.js';

type Update = Extract<DocumentChange, { kind: 'update' }>;

/** What becomes of a document by a change; `undefined` is a missing one, before and after. Throws `FedByAnotherStream`, `DocumentExists` and `ChangeRefused`. */
export function changedDocument(
  collection: string,
  target: StoredDocument | undefined,
  change: DocumentChange,
): StoredDocument | undefined {
  const { id } = change;
  insistOnFeeder(collection, target, change);
  switch (change.kind) {
    case 'insert':
      if (target) throw new DocumentExists(collection, id);
      return feeding(ownDocument(change.document, id), change);
    case 'replace':
      if (!target) throw new ChangeRefused(collection, id, 'there is no document to be replaced');
      return feeding(ownDocument(change.document, id), change);
    case 'put':
      return feeding(ownDocument(change.document, id), change);
    case 'remove':
      return undefined;
    case 'update': {
      const base = target ?? (change.initial && ownDocument(change.initial, id));
      return (
        base &&
        feeding(
          refusing(collection, id, () => updated(base, change)),
          change,
        )
      );
    }
  }
}

/** The document with fields set. Throws `ChangeRefused`. */
export function patchedDocument(
  collection: string,
  document: StoredDocument,
  set: Readonly<Record<string, unknown>>,
): StoredDocument {
  return refusing(collection, document._id, () => updated(document, { kind: 'update', id: document._id, set }));
}

function ownDocument(document: StoredDocument, id: string): StoredDocument {
  return { ...plainCopy(document), _id: id };
}

function refusing<T>(collection: string, id: string, change: () => T): T {
  try {
    return change();
  } catch (error) {
    if (!(error instanceof PathBlocked) && !(error instanceof RangeError)) throw error;
    throw new ChangeRefused(collection, id, error.message, { cause: error });
  }
}

function updated(base: StoredDocument, { set = {}, unset = [], increment = {}, push = {} }: Update): StoredDocument {
  let document = base;
  for (const [path, value] of Object.entries(set)) document = withValue(document, path, plainCopy(value));
  for (const path of unset) document = withoutValue(document, path);
  for (const [path, amount] of Object.entries(increment))
    document = withValue(document, path, sumOf(valueAt(document, path), amount, path));
  for (const [path, items] of Object.entries(push))
    document = withValue(document, path, [...arrayOf(valueAt(document, path), path), ...plainCopy(items)]);
  return document;
}

function sumOf(value: unknown = 0, amount: unknown, path: string): number | Decimal {
  if (typeof value === 'number' && typeof amount === 'number') return value + amount;
  if (isNumeric(value) && isNumeric(amount)) return Decimal.of(value).plus(amount);
  throw new PathBlocked(`'${path}' holds no number`);
}

function isNumeric(value: unknown): value is number | Decimal {
  return typeof value === 'number' || Decimal.isDecimal(value);
}

function arrayOf(value: unknown = [], path: string): readonly unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  throw new PathBlocked(`'${path}' holds no array`);
}

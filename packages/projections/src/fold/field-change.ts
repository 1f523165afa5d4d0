import type { StoredDocument } from '@nestfold/core';
import { valueAt, withoutValue, withValue } from './document-path.js';
import { pushedTo, sumOf } from './field-laws.js';

/** What happens to the value at one path of a document. */
export type FieldChange =
  | { readonly kind: 'set'; readonly value: unknown }
  | { readonly kind: 'unset' }
  | { readonly kind: 'increment'; readonly amount: unknown }
  | { readonly kind: 'push'; readonly items: readonly unknown[] };

/** A change, and where: one object for both, since a batch holds one or more for each of its events until it is stored. */
export type PathChange = FieldChange & { readonly path: string };

/** Applies changes, path by path, to a document that is known. Copies what it changes. Throws where a law is broken. */
export function changed(document: StoredDocument, changes: Iterable<PathChange>): StoredDocument {
  let current = document;
  for (const change of changes) current = changedAt(current, change.path, change);
  return current;
}

/** Applies one change. Copies what it changes. Throws where a law is broken. */
export function changedAt<D extends Readonly<Record<string, unknown>>>(
  document: D,
  path: string,
  change: FieldChange,
): D {
  switch (change.kind) {
    case 'set':
      return withValue(document, path, change.value);
    case 'unset':
      return withoutValue(document, path);
    case 'increment':
      return withValue(document, path, sumOf(path, valueAt(document, path), change.amount));
    case 'push':
      return withValue(document, path, pushedTo(path, valueAt(document, path), change.items));
  }
}

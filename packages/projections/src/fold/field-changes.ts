import type { Fields } from '../definition/write.js';
import type { PathChange } from './field-change.js';

/**
 * What one write does to the fields of a document, as the write says it. A batch holds one of these or more for each of its events until it is stored:
 * it is put into words path by path only where it meets something else.
 */
export interface FieldChanges {
  readonly kind: 'patch' | 'increment' | 'push';
  /** By path: new values, of which `undefined` takes a field away, amounts, or lists of items. */
  readonly fields: Fields;
}

/** One change a path. */
export function pathChangesOf({ kind, fields }: FieldChanges): PathChange[] {
  return Object.keys(fields).map((path) => pathChangeOf(kind, path, fields[path]));
}

function pathChangeOf(kind: FieldChanges['kind'], path: string, value: unknown): PathChange {
  if (kind === 'increment') return { kind, path, amount: value };
  if (kind === 'push') return { kind, path, items: value as readonly unknown[] };
  return value === undefined ? { kind: 'unset', path } : { kind: 'set', path, value };
}

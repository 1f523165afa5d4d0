import type { StoredDocument } from '../read-model/document-change.js';
import { candidatesAt } from './document-path.js';
import { sortValues } from './value-order.js';

type Sort = Readonly<Record<string, 1 | -1>>;

/** Documents in the order of a sort; as they come without one. An array counts with its least element upwards, its greatest downwards. */
export function sortDocuments(documents: readonly StoredDocument[], sort: Sort = {}): StoredDocument[] {
  const paths = Object.entries(sort);
  return [...documents].sort((left, right) => {
    for (const [path, direction] of paths) {
      const order = direction * sortValues(keyOf(left, path, direction), keyOf(right, path, direction));
      if (order !== 0) return order;
    }
    return 0;
  });
}

function keyOf(document: StoredDocument, path: string, direction: 1 | -1): unknown {
  const values = candidatesAt(document, path).filter((value) => !Array.isArray(value));
  return values.reduce((best, value) => (direction * sortValues(value, best) < 0 ? value : best), values[0]);
}

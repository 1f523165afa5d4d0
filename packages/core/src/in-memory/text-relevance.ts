import type { StoredDocument } from '../read-model/document-change.js';
import type { ReadModelIndex } from '../read-model/read-model-index.js';
import { candidatesAt } from './document-path.js';

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/**
 * How well a document answers a text search by a text index: the weights of the fields in which words of the query stand, summed;
 * 0 means that it does not match. Whole words only: no stemming, unlike a database.
 */
export function relevanceOf(document: StoredDocument, text: string, index: ReadModelIndex): number {
  const sought = new Set(wordsOf(text));
  let relevance = 0;
  for (const [path, kind] of Object.entries(index.keys)) {
    if (kind !== 'text') continue;
    const words = candidatesAt(document, path).flatMap((value) => (typeof value === 'string' ? wordsOf(value) : []));
    relevance += (index.weights?.[path] ?? 1) * words.filter((word) => sought.has(word)).length;
  }
  return relevance;
}

import type { ReadModelIndex } from '@nestfold/core';
import type { IndexDescription } from 'mongodb';

/**
 * The database's form of an index. Words are searched for as they stand, in no particular language; a document's own field
 * `language` must not choose one.
 */
export function indexDescription({ name, keys, unique, weights }: ReadModelIndex): IndexDescription {
  const isText = Object.values(keys).includes('text');
  return {
    name,
    key: new Map(Object.entries(keys)),
    ...(unique && { unique }),
    ...(isText && { default_language: 'none', language_override: 'nestfold language' }),
    ...(weights && { weights: { ...weights } }),
  };
}

/** What a user typed, as mere words: no excluded ones and no phrases. */
export function searchText(text: string): string {
  return text.replaceAll(/["\\]|(?<!\S)-+/g, ' ');
}

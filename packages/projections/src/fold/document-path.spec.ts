import { expect, it } from 'vitest';
import { changed, type PathChange } from './field-change.js';

const increment = (path: string): PathChange => ({ kind: 'increment', path, amount: 1 });

// What the database takes for a field as any other was refused where the document was known: live the event was applied, in a rebuild it parked its stream.
it.each(['constructor', 'toString', 'hasOwnProperty'])("'%s' is a field as any other [P-2]", (word) => {
  const document = changed({ _id: '1', words: {} }, [
    increment(`words.${word}`),
    increment(`words.${word}`),
    increment(`${word}.words`),
    { kind: 'unset', path: `never.${word}` },
  ]);
  expect(JSON.stringify(document)).toBe(`{"_id":"1","words":{"${word}":2},"${word}":{"words":1}}`);
});

import { describe, expect, it } from 'vitest';
import { indexDescription, searchText } from './read-model-index.js';

describe('an index', () => {
  it('keeps the order of its keys', () => {
    expect(indexDescription({ name: 'i', keys: { b: 1, a: -1 }, unique: true })).toEqual({
      name: 'i',
      key: new Map([
        ['b', 1],
        ['a', -1],
      ]),
      unique: true,
    });
  });

  // With the database's default a document with `language: 'xx'` could not be written at all.
  it('of text knows no language, whatever a document says', () => {
    expect(indexDescription({ name: 'i', keys: { title: 'text' }, weights: { title: 3 } })).toMatchObject({
      default_language: 'none',
      language_override: expect.not.stringMatching(/^language$/) as unknown,
      weights: { title: 3 },
    });
  });
});

describe('what a user searches for', () => {
  it('is words: no phrase and no exclusion', () => {
    expect(searchText('"red socks" -wool').trim().split(/\s+/)).toEqual(['red', 'socks', 'wool']);
    expect(searchText('mini-skirt')).toBe('mini-skirt');
  });
});

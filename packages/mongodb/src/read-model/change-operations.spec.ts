import { Decimal, type DocumentChange } from '@nestfold/core';
import { Decimal128 } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { bulkWriteOf, operationsOf, settingUpdate } from './change-operations.js';

const statements = (...changes: DocumentChange[]): unknown[] => operationsOf(changes).map(({ statement }) => statement);

describe('the statements of changes', () => {
  it('free values of unique indexes before they take them', () => {
    const ids = operationsOf([
      { kind: 'insert', id: 'a', document: { _id: 'a' } },
      { kind: 'update', id: 'b', set: { n: 1 } },
      { kind: 'remove', id: 'c' },
      { kind: 'replace', id: 'd', document: { _id: 'd' } },
    ]).map(({ id }) => id);
    expect(ids).toEqual(['c', 'b', 'd', 'a']);
  });

  it('make one update of all that happens to a document', () => {
    expect(
      statements({
        kind: 'update',
        id: 'a',
        set: { 'x.y': Decimal.of('1.5') },
        unset: ['u'],
        increment: { n: 2 },
        push: { tags: ['t'] },
      }),
    ).toEqual([
      {
        q: { _id: 'a' },
        u: {
          $set: { 'x.y': Decimal128.fromString('1.5') },
          $unset: { u: '' },
          $inc: { n: 2 },
          $push: { tags: { $each: ['t'] } },
        },
      },
    ]);
  });

  it('insert the initial document first, if nothing is there', () => {
    expect(statements({ kind: 'update', id: 'a', initial: { _id: 'a', n: 1 }, increment: { n: 2 } })).toEqual([
      { q: { _id: 'a' }, u: { $setOnInsert: { n: 1 } }, upsert: true },
      { q: { _id: 'a' }, u: { $inc: { n: 2 } } },
    ]);
  });

  it('are none where nothing changes', () => {
    expect(statements({ kind: 'update', id: 'a' })).toEqual([]);
  });
});

describe('the same for a bulk write', () => {
  it('says of each document what its statement says', () => {
    const filter = { _id: 'a' };
    const document = { _id: 'a', n: 1 };
    const changes: readonly DocumentChange[] = [
      { kind: 'remove', id: 'a' },
      { kind: 'update', id: 'a', initial: document, increment: { n: 2 } },
      { kind: 'replace', id: 'a', document },
      { kind: 'put', id: 'a', document },
      { kind: 'insert', id: 'a', document },
    ];
    expect(operationsOf(changes).map(bulkWriteOf)).toEqual([
      { deleteOne: { filter } },
      { updateOne: { filter, update: { $setOnInsert: { n: 1 } }, upsert: true } },
      { updateOne: { filter, update: { $inc: { n: 2 } } } },
      { replaceOne: { filter, replacement: document } },
      { replaceOne: { filter, replacement: document, upsert: true } },
      { insertOne: { document } },
    ]);
  });
});

describe('an update that sets fields', () => {
  it('removes those that are undefined', () => {
    expect(settingUpdate({ a: 1, b: undefined })).toEqual({ $set: { a: 1 }, $unset: { b: '' } });
  });
});

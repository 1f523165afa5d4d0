import { Decimal, type DocumentChange } from '@nestfold/core';
import { Decimal128 } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { operationsOf, settingUpdate } from './change-operations.js';

const statements = (...changes: DocumentChange[]): unknown[] => operationsOf(changes).map(({ operation }) => operation);

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
        updateOne: {
          filter: { _id: 'a' },
          update: {
            $set: { 'x.y': Decimal128.fromString('1.5') },
            $unset: { u: '' },
            $inc: { n: 2 },
            $push: { tags: { $each: ['t'] } },
          },
        },
      },
    ]);
  });

  it('insert the initial document first, if nothing is there', () => {
    expect(statements({ kind: 'update', id: 'a', initial: { _id: 'a', n: 1 }, increment: { n: 2 } })).toEqual([
      { updateOne: { filter: { _id: 'a' }, update: { $setOnInsert: { n: 1 } }, upsert: true } },
      { updateOne: { filter: { _id: 'a' }, update: { $inc: { n: 2 } } } },
    ]);
  });

  it('are none where nothing changes', () => {
    expect(statements({ kind: 'update', id: 'a' })).toEqual([]);
  });
});

describe('an update that sets fields', () => {
  it('removes those that are undefined', () => {
    expect(settingUpdate({ a: 1, b: undefined })).toEqual({ $set: { a: 1 }, $unset: { b: '' } });
  });
});

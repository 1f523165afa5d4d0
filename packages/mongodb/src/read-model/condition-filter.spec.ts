import { Decimal } from '@nestfold/core';
import { Decimal128 } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { equalityFilter, filterOf, sortOf } from './condition-filter.js';

describe('a filter', () => {
  it('tests a plain value for equality', () => {
    expect(filterOf({ status: 'open' })).toEqual({ status: { $eq: 'open' } });
    expect(filterOf({ note: null })).toEqual({ note: { $eq: null } });
    expect(filterOf({})).toEqual({});
  });

  it('joins all tests, also several of one field', () => {
    expect(filterOf({ n: { gt: 1, lte: 3 }, open: true })).toEqual({
      $and: [{ n: { $gt: 1 } }, { n: { $lte: 3 } }, { open: { $eq: true } }],
    });
  });

  // Where values were handed on as they are, `{ $ne: '' }` from a request's body found every document.
  it('takes every value as data, whatever it looks like [P-12]', () => {
    expect(filterOf({ password: { $ne: '' } })).toEqual({ password: { $eq: { $ne: '' } } });
    expect(filterOf({ name: { eq: { $gt: '' } } })).toEqual({ name: { $eq: { $gt: '' } } });
    expect(filterOf({ name: { in: [{ $gt: '' }, 'x'] } })).toEqual({
      $or: [{ name: { $eq: { $gt: '' } } }, { name: { $eq: 'x' } }],
    });
    expect(equalityFilter({ name: { ne: 'x' } })).toEqual({ name: { $eq: { ne: 'x' } } });
  });

  it('refuses an operator in place of a field', () => {
    for (const path of ['$where', '$or', 'a.$b', '']) {
      expect(() => filterOf({ [path]: 1 })).toThrow(expect.objectContaining({ code: 'configuration' }));
      expect(() => sortOf({ [path]: 1 })).toThrow(expect.objectContaining({ code: 'configuration' }));
    }
  });

  it('takes the signs of patterns as text', () => {
    expect(filterOf({ name: { startsWith: 'a.*(b)^$|\\' } })).toEqual({
      name: { $regex: '^a\\.\\*\\(b\\)\\^\\$\\|\\\\' },
    });
  });

  it('compares decimals as the database does', () => {
    expect(filterOf({ total: { gte: Decimal.of('1.50') } })).toEqual({
      total: { $gte: Decimal128.fromString('1.50') },
    });
  });
});

describe('a sort', () => {
  it('keeps the order of its fields, also of those that look like numbers', () => {
    expect([...sortOf({ b: 1, a: -1 })]).toEqual([
      ['b', 1],
      ['a', -1],
    ]);
  });
});

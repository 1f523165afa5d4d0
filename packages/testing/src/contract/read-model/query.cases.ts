import { Decimal, type Condition, type ReadQuery, type StoredDocument } from '@nestfold/core';
import { expect } from 'vitest';
import { fact, type ContractCase } from '../contract-case.js';
import { collectionOf, everything, idsOf } from './writing.js';

const DOCUMENTS: readonly StoredDocument[] = [
  {
    _id: 'a',
    n: 1,
    total: Decimal.of('9.99'),
    name: 'Ada',
    at: new Date(1000),
    tags: ['x', 'y'],
    lines: [
      { sku: 's1', q: 1 },
      { sku: 's2', q: 5 },
    ],
    open: true,
  },
  {
    _id: 'b',
    n: 2,
    total: Decimal.of('10.00'),
    name: 'ada',
    at: new Date(2000),
    tags: ['y'],
    lines: [{ sku: 's2', q: 2 }],
    open: false,
    note: null,
  },
  { _id: 'c', n: 3, total: Decimal.of('100'), name: 'A.*da', at: new Date(3000), tags: [], lines: [], open: true },
  {
    _id: 'd',
    n: 4,
    total: Decimal.of('-1'),
    name: 'Bob',
    at: new Date(4000),
    tags: ['z'],
    lines: [{ sku: 's3', q: 9 }],
    open: false,
    note: 'here',
  },
];

/** Which documents a condition finds, and that counting agrees. */
function finds(title: string, where: Condition, ids: readonly string[]): ContractCase {
  return fact(`finds documents by ${title}`, async (context) => {
    const collection = await collectionOf(context, ...DOCUMENTS);
    expect(await idsOf(context.store.readModels.find(collection, { where, sort: { _id: 1 } }))).toEqual(ids);
    expect(await context.store.readModels.count(collection, where)).toBe(ids.length);
    expect(await context.store.readModels.count(collection, {})).toBe(4);
  });
}

/** In which order a query answers. */
function orders(title: string, query: ReadQuery, ids: readonly string[]): ContractCase {
  return fact(title, async (context) => {
    const collection = await collectionOf(context, ...DOCUMENTS);
    expect(await idsOf(context.store.readModels.find(collection, query))).toEqual(ids);
  });
}

/** What a query finds, in which order. */
export const queryCases = [
  finds('equality', { n: 2 }, ['b']),
  finds('all of several tests', { n: { gt: 1 }, open: true }, ['c']),
  finds("'eq' and 'ne'", { open: { eq: true }, name: { ne: 'Ada' } }, ['c']),
  finds('numeric bounds', { n: { gt: 1, lte: 3 } }, ['b', 'c']),
  finds('decimal bounds, by value and not as text', { total: { gte: Decimal.of('9.99'), lt: Decimal.of('100.0') } }, [
    'a',
    'b',
  ]),
  finds('decimal equality, whatever its places', { total: Decimal.of('10') }, ['b']),
  finds('date bounds', { at: { gte: new Date(2000), lt: new Date(4000) } }, ['b', 'c']),
  finds('a list of values', { name: { in: ['Bob', 'Ada', 'Zoe'] } }, ['a', 'd']),
  finds('an empty list of values', { name: { in: [] } }, []),
  finds('how text begins, letter by letter', { name: { startsWith: 'A' } }, ['a', 'c']),
  finds('how text begins, taking signs of patterns as text', { name: { startsWith: 'A.*' } }, ['c']),
  finds('an element of an array', { tags: 'y' }, ['a', 'b']),
  finds('elements of an array that are not there', { tags: { ne: 'y' } }, ['c', 'd']),
  finds('a field of an element of an array', { 'lines.sku': 's2' }, ['a', 'b']),
  finds('bounds of a field of any element', { 'lines.q': { gt: 4 } }, ['a', 'd']),
  finds('a field that is null or missing', { note: null }, ['a', 'b', 'c']),
  finds('the id', { _id: { in: ['a', 'd', 'x'] } }, ['a', 'd']),
  finds('operators of a database as mere values [P-12]', { name: { $ne: 'Ada' } }, []),

  fact('runs no code and no operator that stands where a field is named [P-12]', async (context) => {
    const collection = await collectionOf(context, ...DOCUMENTS);
    const { readModels } = context.store;
    expect(await readModels.count(collection, { n: { gte: 1 } })).toBe(4);
    for (const where of [{ $where: 'true' }, { $or: [{ n: 1 }] }, { $expr: true }] as unknown as Condition[]) {
      expect(await readModels.find(collection, { where }).catch(() => [])).toEqual([]);
    }
  }),

  orders('sorts upwards and downwards', { sort: { n: -1 } }, ['d', 'c', 'b', 'a']),
  orders('sorts by several fields, the first one first', { sort: { open: 1, n: -1 } }, ['d', 'b', 'c', 'a']),
  orders('sorts decimals by value', { sort: { total: 1 } }, ['d', 'a', 'b', 'c']),
  orders('sorts dates', { sort: { at: -1 } }, ['d', 'c', 'b', 'a']),
  orders('sorts text by its characters', { sort: { name: 1 } }, ['c', 'a', 'd', 'b']),
  orders('skips and limits after sorting', { sort: { n: -1 }, skip: 1, limit: 2 }, ['c', 'b']),
  orders('answers nothing beyond the end', { where: { n: { gt: 3 } }, sort: { n: 1 }, skip: 0, limit: 5 }, ['d']),

  fact('finds a document by its id, and no other', async (context) => {
    const collection = await collectionOf(context, ...DOCUMENTS);
    expect(await context.store.readModels.findById(collection, 'c')).toEqual(DOCUMENTS[2]);
    expect(await context.store.readModels.findById(collection, 'x')).toBeUndefined();
    expect(await context.store.readModels.findById(context.name('nowhere'), 'c')).toBeUndefined();
  }),

  fact('scans all documents in the order of their ids', async (context) => {
    const ids = Array.from({ length: 250 }, (_, index) => String((index * 97) % 250).padStart(3, '0'));
    const collection = await collectionOf(context, ...ids.map((_id) => ({ _id })));
    expect((await everything(context.store, collection)).map(({ _id }) => _id)).toEqual(ids.toSorted());
  }),
];

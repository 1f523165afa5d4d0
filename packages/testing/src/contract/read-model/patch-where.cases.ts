import { Decimal, type StoredDocument } from '@nestfold/core';
import { expect } from 'vitest';
import { fact, type ContractCase } from '../contract-case.js';
import { collectionOf, everything, inBatch, insert } from './writing.js';

const DOCUMENTS: readonly StoredDocument[] = [
  {
    _id: 'a',
    customer: { id: 'c1', name: 'Ada' },
    tags: ['x', 'y'],
    lines: [{ sku: 's1' }, { sku: 's2' }],
    total: Decimal.of('1.50'),
    at: new Date(1),
    n: 1,
  },
  {
    _id: 'b',
    customer: { id: 'c2', name: 'Bob' },
    tags: ['y'],
    lines: [{ sku: 's2' }],
    total: Decimal.of('1.5'),
    at: new Date(2),
    n: 1,
  },
  { _id: 'c', customer: { id: 'c1', name: 'Ada' }, tags: [], lines: [], total: Decimal.of('2'), at: new Date(1), n: 2 },
];

/** Which of the documents a match finds. */
function matches(title: string, match: Record<string, unknown>, ids: readonly string[]): ContractCase {
  return fact(`patches the documents that match ${title}`, async (context) => {
    const collection = await collectionOf(context, ...DOCUMENTS);
    await inBatch(context, (models) => models.patchWhere(collection, match, { patched: true }));
    const patched = (await everything(context.store, collection)).filter((document) => document['patched'] === true);
    expect(patched.map(({ _id }) => _id)).toEqual(ids);
  });
}

/** What a fact that touches many documents does. */
export const patchWhereCases = [
  matches('a dotted path', { 'customer.id': 'c1' }, ['a', 'c']),
  matches('all of several fields', { 'customer.id': 'c1', n: 1 }, ['a']),
  matches('an element of an array', { tags: 'y' }, ['a', 'b']),
  matches('a field of an element of an array', { 'lines.sku': 's2' }, ['a', 'b']),
  matches('a decimal, whatever its places', { total: Decimal.of('1.500') }, ['a', 'b']),
  matches('a date', { at: new Date(1) }, ['a', 'c']),

  fact('sets fields by dotted paths, and leaves the others', async (context) => {
    const collection = await collectionOf(context, ...DOCUMENTS);
    await inBatch(context, (models) =>
      models.patchWhere(collection, { 'customer.id': 'c1' }, { 'customer.name': 'Eve', n: 9 }),
    );
    const expected = DOCUMENTS.map((document) =>
      (document['customer'] as { id: string }).id === 'c1'
        ? { ...document, customer: { id: 'c1', name: 'Eve' }, n: 9 }
        : document,
    );
    expect(await everything(context.store, collection)).toEqual(expected);
  }),

  fact('patches nothing where nothing matches', async (context) => {
    const collection = await collectionOf(context, ...DOCUMENTS);
    await inBatch(context, (models) => models.patchWhere(collection, { 'customer.id': 'c9' }, { n: 9 }));
    expect(await everything(context.store, collection)).toEqual(DOCUMENTS);
  }),

  fact('sees what the batch has written before', async (context) => {
    const collection = await collectionOf(context, ...DOCUMENTS);
    await inBatch(context, async (models) => {
      await models.apply(collection, [
        insert({ _id: 'd', n: 1 }),
        { kind: 'remove', id: 'a' },
        { kind: 'update', id: 'b', set: { n: 3 } },
        { kind: 'update', id: 'c', increment: { n: -1 } },
      ]);
      await models.patchWhere(collection, { n: 1 }, { patched: true });
      await models.patchWhere(collection, { patched: true }, { twice: true });
      expect((await models.find(collection, ['c'])).get('c')).toMatchObject({ patched: true, twice: true });
    });
    const patched = (await everything(context.store, collection)).filter((document) => document['twice'] === true);
    expect(patched.map(({ _id }) => _id)).toEqual(['c', 'd']);
  }),

  fact('touches no other collection', async (context) => {
    const [one, other] = [await collectionOf(context, ...DOCUMENTS), await collectionOf(context, ...DOCUMENTS)];
    await inBatch(context, (models) => models.patchWhere(one, { tags: 'y' }, { n: 9 }));
    expect(await everything(context.store, other)).toEqual(DOCUMENTS);
    expect(await context.store.readModels.count(one, { n: 9 })).toBe(2);
  }),
];

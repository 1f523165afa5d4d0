import type { ReadModelIndex } from '@nestfold/core';
import { expect } from 'vitest';
import { fact } from '../contract-case.js';
import { expectRefusal } from '../outcome.js';
import { applied, collectionOf, idsOf, insert } from './writing.js';

const byEmail: ReadModelIndex = { name: 'by-email', keys: { email: 1 }, unique: true };
const words: ReadModelIndex = {
  name: 'words',
  keys: { title: 'text', 'details.body': 'text' },
  weights: { title: 10 },
};

const ARTICLES = [
  { _id: 'a', title: 'Woollen socks', details: { body: 'Warm in winter' }, price: 5 },
  { _id: 'b', title: 'Winter boots', details: { body: 'Made of leather' }, price: 90 },
  { _id: 'c', title: 'Leather belt', details: { body: 'Brown' }, price: 20 },
  { _id: 'd', title: 'Umbrella', details: { body: 'Black' }, price: 15 },
];

/** Collections, their indexes, and what rests on these. */
export const collectionCases = [
  fact('makes a collection once, and keeps what is in it', async (context) => {
    const collection = await collectionOf(context, { _id: 'a' });
    await (await context.connect()).readModels.create(collection);
    expect(await context.store.readModels.count(collection, {})).toBe(1);
  }),

  fact('drops a collection, and tolerates that it is missing', async (context) => {
    const [collection, other] = [await collectionOf(context, { _id: 'a' }), await collectionOf(context, { _id: 'b' })];
    await context.store.readModels.drop(collection);
    await context.store.readModels.drop(collection);
    expect(await context.store.readModels.count(collection, {})).toBe(0);
    expect(await context.store.readModels.count(other, {})).toBe(1);
  }),

  fact('builds indexes over what is there, and again', async (context) => {
    const collection = await collectionOf(context, { _id: 'a', email: 'x', at: new Date(1) });
    const indexes: ReadModelIndex[] = [byEmail, { name: 'by-at', keys: { at: -1, email: 1 } }];
    await context.store.readModels.buildIndexes(collection, indexes);
    await (await context.connect()).readModels.buildIndexes(collection, [...indexes, words]);
    expect(await idsOf(context.store.readModels.find(collection, { where: { email: 'x' } }))).toEqual(['a']);
  }),

  fact('refuses a second document with the value of a unique index [P-13]', async (context) => {
    const collection = await collectionOf(context, { _id: 'a', email: 'x' });
    await context.store.readModels.buildIndexes(collection, [byEmail]);
    await expectRefusal(applied(context, collection, insert({ _id: 'b', email: 'x' })), 'read-model.change-refused', {
      collection,
    });
    await applied(context, collection, insert({ _id: 'b', email: 'y' }));
    const moving = applied(context, collection, { kind: 'update', id: 'b', set: { email: 'x' } });
    await expectRefusal(moving, 'read-model.change-refused', { collection });
    expect(await context.store.readModels.findById(collection, 'b')).toEqual({ _id: 'b', email: 'y' });
  }),

  fact('finds documents that hold any of the words searched for', async (context) => {
    const collection = await collectionOf(context, ...ARTICLES);
    await context.store.readModels.buildIndexes(collection, [words]);
    const found = async (text: string) => (await idsOf(context.store.readModels.find(collection, { text }))).toSorted();
    expect(await found('leather')).toEqual(['b', 'c']);
    expect(await found('LEATHER umbrella')).toEqual(['b', 'c', 'd']);
    expect(await found('nothing')).toEqual([]);
    expect(await context.store.readModels.count(collection, {}, 'leather')).toBe(2);
  }),

  fact('takes what a user types as words, not as operators [P-12]', async (context) => {
    const collection = await collectionOf(context, ...ARTICLES);
    await context.store.readModels.buildIndexes(collection, [words]);
    const found = async (text: string) => (await idsOf(context.store.readModels.find(collection, { text }))).toSorted();
    expect(await found('winter -leather')).toEqual(['a', 'b', 'c']);
    expect(await found('"leather belt" umbrella')).toEqual(['b', 'c', 'd']);
  }),

  fact('orders a search by relevance, weights counted, and by the sort when there is one', async (context) => {
    const collection = await collectionOf(context, ...ARTICLES);
    await context.store.readModels.buildIndexes(collection, [words]);
    const { readModels } = context.store;
    expect(await idsOf(readModels.find(collection, { text: 'winter' }))).toEqual(['b', 'a']);
    expect(await idsOf(readModels.find(collection, { text: 'leather' }))).toEqual(['c', 'b']);
    expect(await idsOf(readModels.find(collection, { text: 'winter', sort: { price: 1 } }))).toEqual(['a', 'b']);
  }),

  fact('combines a search with conditions and pages', async (context) => {
    const collection = await collectionOf(context, ...ARTICLES);
    await context.store.readModels.buildIndexes(collection, [words]);
    const { readModels } = context.store;
    expect(
      await idsOf(
        readModels.find(collection, { text: 'leather winter', where: { price: { lt: 50 } }, sort: { price: -1 } }),
      ),
    ).toEqual(['c', 'a']);
    expect(
      await idsOf(readModels.find(collection, { text: 'leather winter', sort: { price: -1 }, skip: 1, limit: 1 })),
    ).toEqual(['c']);
    expect(await readModels.count(collection, { price: { lt: 50 } }, 'leather winter')).toBe(2);
  }),

  fact('refuses a search where there is no text index, and says so', async (context) => {
    const collection = await collectionOf(context, ...ARTICLES);
    await expectRefusal(context.store.readModels.find(collection, { text: 'leather' }), 'configuration');
    await expectRefusal(context.store.readModels.count(collection, {}, 'leather'), 'configuration');
  }),
];

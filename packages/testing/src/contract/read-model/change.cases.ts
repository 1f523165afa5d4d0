import { Decimal, type DocumentChange } from '@nestfold/core';
import { expect } from 'vitest';
import { fact, type ContractCase } from '../contract-case.js';
import { expectRefusal } from '../outcome.js';
import { applied, collectionOf, everything, inBatch, insert } from './writing.js';

const A = {
  _id: 'a',
  n: 1,
  name: 'Ada',
  tags: ['x'],
  address: { city: 'London', geo: { lat: 51 } },
  total: Decimal.of('1.50'),
};

type Update = Omit<Extract<DocumentChange, { kind: 'update' }>, 'kind' | 'id'>;

/** What one update makes of the document `A`. */
function updates(title: string, update: Update, expected: object): ContractCase {
  return fact(title, async (context) => {
    const collection = await collectionOf(context, A, { _id: 'b', n: 1 });
    await applied(context, collection, { kind: 'update', id: 'a', ...update });
    expect(await context.store.readModels.findById(collection, 'a')).toStrictEqual(expected);
    expect(await context.store.readModels.findById(collection, 'b')).toStrictEqual({ _id: 'b', n: 1 });
  });
}

/** An update that does not fit the document `A`: the batch fails and changes nothing. */
function misfits(title: string, update: Update): ContractCase {
  return fact(title, async (context) => {
    const collection = await collectionOf(context, A);
    const changes: DocumentChange[] = [insert({ _id: 'c' }), { kind: 'update', id: 'a', ...update }];
    await expectRefusal(applied(context, collection, ...changes), 'read-model.change-refused', { collection, id: 'a' });
    expect(await everything(context.store, collection)).toStrictEqual([A]);
  });
}

/** What each kind of change makes of a present and of a missing document. */
export const changeCases = [
  fact('inserts documents of plain data and gives them back as they were', async (context) => {
    const rich = {
      _id: 'Ünï/1',
      at: new Date('2024-02-29T00:00:00.001Z'),
      total: Decimal.of('12.50'),
      lines: [{ sku: 'a', price: Decimal.of('0.10'), options: [] }, null],
      nothing: null,
      big: Number.MAX_SAFE_INTEGER,
      half: 0.5,
      text: '你好 👩‍👩‍👧',
      nested: { at: new Date(0), deep: { yes: true } },
    };
    const collection = await collectionOf(context, rich);
    const found = await (await context.connect()).readModels.findById(collection, 'Ünï/1');
    expect(found).toStrictEqual(rich);
    expect(String((found as unknown as typeof rich).total)).toBe('12.50');
  }),

  fact('puts a document in the place of whatever is there, and where nothing is', async (context) => {
    const collection = await collectionOf(context, A, { _id: 'c', n: 3 });
    await applied(
      context,
      collection,
      { kind: 'put', id: 'a', document: { _id: 'a', tags: [] } },
      { kind: 'put', id: 'b', document: { _id: 'b', n: 2 } },
      { kind: 'replace', id: 'c', document: { _id: 'c', n: 4 } },
    );
    expect(await everything(context.store, collection)).toStrictEqual([
      { _id: 'a', tags: [] },
      { _id: 'b', n: 2 },
      { _id: 'c', n: 4 },
    ]);
  }),

  fact('refuses to insert a document that is there [P-6]', async (context) => {
    const collection = await collectionOf(context, A);
    await expectRefusal(applied(context, collection, insert({ _id: 'a', n: 2 })), 'read-model.document-exists', {
      collection,
      id: 'a',
    });
    expect(await everything(context.store, collection)).toStrictEqual([A]);
  }),

  fact('replaces a document as a whole', async (context) => {
    const collection = await collectionOf(context, A);
    await applied(context, collection, { kind: 'replace', id: 'a', document: { _id: 'a', other: true } });
    expect(await everything(context.store, collection)).toStrictEqual([{ _id: 'a', other: true }]);
  }),

  fact('refuses to replace a document that is missing', async (context) => {
    const collection = await collectionOf(context, A);
    const replacing = applied(context, collection, { kind: 'replace', id: 'b', document: { _id: 'b' } });
    await expectRefusal(replacing, 'read-model.change-refused', { collection, id: 'b' });
    expect(await everything(context.store, collection)).toStrictEqual([A]);
  }),

  fact('removes a document, and tolerates that it is missing [P-6]', async (context) => {
    const collection = await collectionOf(context, A, { _id: 'b' });
    await applied(context, collection, { kind: 'remove', id: 'a' }, { kind: 'remove', id: 'c' });
    expect(await everything(context.store, collection)).toStrictEqual([{ _id: 'b' }]);
  }),

  fact('leaves a missing document missing when it is updated [P-6]', async (context) => {
    const collection = await collectionOf(context, A);
    await applied(
      context,
      collection,
      { kind: 'update', id: 'm1', set: { n: 1 } },
      { kind: 'update', id: 'm2', increment: { n: 1 } },
      { kind: 'update', id: 'm3', push: { tags: ['y'] } },
      { kind: 'update', id: 'm4', unset: ['n'] },
    );
    expect(await everything(context.store, collection)).toStrictEqual([A]);
  }),

  fact('inserts the initial document with the changes applied when the target is missing [P-6]', async (context) => {
    const collection = await collectionOf(context);
    const initial = { _id: 'a', n: 10, total: Decimal.of('1.00'), tags: ['x'], address: { city: 'Paris' }, gone: 1 };
    const change: DocumentChange = {
      kind: 'update',
      id: 'a',
      initial,
      set: { 'address.zip': '75', name: 'Ada' },
      unset: ['gone'],
      increment: { n: 5, total: Decimal.of('0.5'), fresh: 2 },
      push: { tags: ['y'] },
    };
    await applied(context, collection, change);
    const expected = {
      _id: 'a',
      n: 15,
      total: Decimal.of('1.50'),
      tags: ['x', 'y'],
      address: { city: 'Paris', zip: '75' },
      name: 'Ada',
      fresh: 2,
    };
    expect(await context.store.readModels.findById(collection, 'a')).toEqual(expected);
  }),

  fact('leaves the initial document aside when the target is there', async (context) => {
    const collection = await collectionOf(context, A);
    await applied(context, collection, {
      kind: 'update',
      id: 'a',
      initial: { _id: 'a', n: 100, only: true },
      increment: { n: 1 },
    });
    expect(await everything(context.store, collection)).toStrictEqual([{ ...A, n: 2 }]);
  }),

  updates(
    'sets fields, also by dotted paths and where nothing was',
    {
      set: { name: 'Eve', 'address.city': 'Rome', 'address.geo.lon': 12, 'fresh.deep.er': [1], at: new Date(3) },
    },
    {
      ...A,
      name: 'Eve',
      address: { city: 'Rome', geo: { lat: 51, lon: 12 } },
      fresh: { deep: { er: [1] } },
      at: new Date(3),
    },
  ),
  updates('sets an element of an array by its index', { set: { 'tags.0': 'z' } }, { ...A, tags: ['z'] }),
  updates(
    'sets null and empty values as such',
    { set: { name: null, tags: [], address: {} } },
    { ...A, name: null, tags: [], address: {} },
  ),
  updates(
    'removes fields, also by dotted paths and where nothing is',
    { unset: ['name', 'tags', 'total', 'address.geo', 'x.y'] },
    { _id: 'a', n: 1, address: { city: 'London' } },
  ),
  updates(
    'increments numbers, also by dotted paths and from nothing',
    { increment: { n: -3, 'address.geo.lat': 4, 'counts.x': 1 } },
    { ...A, n: -2, address: { city: 'London', geo: { lat: 55 } }, counts: { x: 1 } },
  ),
  updates(
    'makes fields under names that every object inherits',
    { set: { 'toString.x': 1 }, increment: { 'address.valueOf': 1 } },
    { ...A, toString: { x: 1 }, address: { city: 'London', geo: { lat: 51 }, valueOf: 1 } },
  ),
  updates(
    'increments decimals exactly, also from nothing [P-7]',
    { increment: { total: Decimal.of('0.05'), tax: Decimal.of('-0.10') } },
    { ...A, total: Decimal.of('1.55'), tax: Decimal.of('-0.10') },
  ),
  updates(
    'increments integers up to the safe ones exactly [P-7]',
    { increment: { n: Number.MAX_SAFE_INTEGER - 1 } },
    { ...A, n: Number.MAX_SAFE_INTEGER },
  ),
  updates(
    'pushes items in order, also by dotted paths and onto nothing',
    { push: { tags: ['y', 'x'], 'address.lines': [{ a: 1 }, [2]] } },
    { ...A, tags: ['x', 'y', 'x'], address: { ...A.address, lines: [{ a: 1 }, [2]] } },
  ),
  updates(
    'does all of it in one update',
    { set: { 'address.city': 'Rome' }, unset: ['name'], increment: { n: 1 }, push: { tags: ['y'] } },
    { _id: 'a', n: 2, tags: ['x', 'y'], address: { ...A.address, city: 'Rome' }, total: A.total },
  ),

  misfits('refuses to increment what is no number', { increment: { name: 1 } }),
  misfits('refuses to push onto what is no array', { push: { name: ['y'] } }),
  misfits('refuses a path through what is no object', { set: { 'name.first': 'Ada' } }),
  misfits('refuses a path by name through an array', { set: { 'tags.first': 'z' } }),

  fact('applies changes of many documents and of several collections in one batch', async (context) => {
    const [one, other] = [await collectionOf(context), await collectionOf(context, { _id: '7', n: 0 })];
    const documents = Array.from({ length: 300 }, (_, index) => ({ _id: String(index), n: index }));
    await inBatch(context, async (models) => {
      await models.apply(one, documents.map(insert));
      await models.apply(other, [{ kind: 'update', id: '7', increment: { n: 7 } }]);
    });
    expect(await context.store.readModels.count(one, {})).toBe(300);
    expect(await everything(context.store, other)).toEqual([{ _id: '7', n: 7 }]);
  }),

  fact('builds each application of changes on the one before', async (context) => {
    const collection = await collectionOf(context, A);
    await inBatch(context, async (models) => {
      await models.apply(collection, [{ kind: 'remove', id: 'a' }]);
      expect((await models.find(collection, ['a'])).size).toBe(0);
      await models.apply(collection, [insert({ _id: 'a', n: 5 })]);
      await models.apply(collection, [{ kind: 'update', id: 'a', increment: { n: 1 } }]);
      expect((await models.find(collection, ['a', 'z'])).get('a')).toEqual({ _id: 'a', n: 6 });
    });
    expect(await everything(context.store, collection)).toEqual([{ _id: 'a', n: 6 }]);
  }),

  fact('shares no object with its callers', async (context) => {
    const document = { _id: 'a', tags: ['x'] };
    const collection = await collectionOf(context, document);
    document.tags.push('y');
    const found = (await context.store.readModels.findById(collection, 'a')) as unknown as typeof document;
    expect(found).toEqual({ _id: 'a', tags: ['x'] });
    found.tags.push('z');
    expect(await context.store.readModels.findById(collection, 'a')).toEqual({ _id: 'a', tags: ['x'] });
  }),
];

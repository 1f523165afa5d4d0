import type { DocumentChange, StoredDocument, StreamName } from '@nestfold/core';
import { expect } from 'vitest';
import { fact, type ContractCase, type ContractContext } from '../contract-case.js';
import { errorsOf, expectRefusal, outcomesOf, valuesOf } from '../outcome.js';
import { applied, collectionOf, everything, inBatch } from './writing.js';

const A: StoredDocument = { _id: 'a', n: 1, tags: ['x'] };
const insertFor = (document: StoredDocument, fedBy: StreamName): DocumentChange => ({
  kind: 'insert',
  id: document._id,
  document,
  fedBy,
});

/** A collection with the document `A`, fed by a stream; and another stream. */
async function fed(
  context: ContractContext,
): Promise<{ readonly collection: string; readonly own: StreamName; readonly other: StreamName }> {
  const [own, other, collection] = [context.stream(), context.stream(), await collectionOf(context)];
  await applied(context, collection, insertFor(A, own));
  return { collection, own, other };
}

/** One kind of change: the document's own stream may make it, another one is refused and named. */
function ofOneStream(title: string, change: DocumentChange, expected: StoredDocument[]): ContractCase {
  return fact(title, async (context) => {
    const { collection, own, other } = await fed(context);
    await expectRefusal(
      applied(context, collection, insertFor({ _id: 'b' }, other), { ...change, fedBy: other }),
      'read-model.fed-by-another-stream',
      { collection, id: 'a', stream: other, fedBy: own },
    );
    expect(await everything(context.store, collection)).toStrictEqual([A]);
    if (change.kind === 'insert') return;
    await applied(context, collection, { ...change, fedBy: own });
    expect(await everything(context.store, collection)).toStrictEqual(expected);
  });
}

/** How a document keeps to the one stream that feeds it. */
export const feedingStreamCases = [
  ofOneStream('an update is refused to another stream', { kind: 'update', id: 'a', increment: { n: 1 } }, [
    { ...A, n: 2 },
  ]),
  ofOneStream(
    'an update with an initial document is refused to another stream',
    { kind: 'update', id: 'a', increment: { n: 1 }, initial: { _id: 'a', n: 0 } },
    [{ ...A, n: 2 }],
  ),
  ofOneStream(
    'a replacement is refused to another stream',
    { kind: 'replace', id: 'a', document: { _id: 'a', n: 7 } },
    [{ _id: 'a', n: 7 }],
  ),
  ofOneStream('a removal is refused to another stream', { kind: 'remove', id: 'a' }, []),
  ofOneStream('an insert of what another stream feeds names that stream', insertFor(A, ''), []),

  fact('refuses an insert by the same stream as it does without one', async (context) => {
    const { collection, own } = await fed(context);
    await expectRefusal(applied(context, collection, insertFor(A, own)), 'read-model.document-exists', { id: 'a' });
  }),

  fact('keeps the stream through every change of the document', async (context) => {
    const { collection, own, other } = await fed(context);
    const foreign = (): Promise<void> =>
      applied(context, collection, { kind: 'update', id: 'a', set: { n: 9 }, fedBy: other });
    const upserted: DocumentChange = {
      kind: 'update',
      id: 'c',
      increment: { n: 1 },
      initial: { _id: 'c', n: 0 },
      fedBy: own,
    };
    await applied(
      context,
      collection,
      { kind: 'replace', id: 'a', document: { _id: 'a', n: 3 }, fedBy: own },
      upserted,
    );
    await applied(context, collection, { kind: 'update', id: 'a', unset: ['n'], fedBy: own });
    await expectRefusal(foreign(), 'read-model.fed-by-another-stream', { id: 'a' });
    await expectRefusal(
      applied(context, collection, { ...upserted, fedBy: other }),
      'read-model.fed-by-another-stream',
      { id: 'c' },
    );
    expect(await everything(context.store, collection)).toStrictEqual([{ _id: 'a' }, { _id: 'c', n: 1 }]);
  }),

  fact('tells a missing document from one of another stream', async (context) => {
    const { collection, own } = await fed(context);
    await applied(
      context,
      collection,
      { kind: 'update', id: 'missing', set: { n: 1 }, fedBy: own },
      { kind: 'remove', id: 'gone', fedBy: own },
      { kind: 'update', id: 'a', set: { n: 5 }, fedBy: own },
    );
    expect(await everything(context.store, collection)).toStrictEqual([{ ...A, n: 5 }]);
  }),

  fact('shows no reader which stream feeds a document', async (context) => {
    const { collection } = await fed(context);
    const { readModels } = await context.connect();
    expect(await readModels.findById(collection, 'a')).toStrictEqual(A);
    expect(await readModels.find(collection, { where: { n: 1 }, sort: { n: 1 } })).toStrictEqual([A]);
    expect(await everything(context.store, collection)).toStrictEqual([A]);
    await inBatch(context, async (models) => {
      expect([...(await models.find(collection, ['a'])).values()]).toStrictEqual([A]);
    });
  }),

  fact('finds what a stream feeds, and what nobody feeds among what is named', async (context) => {
    const { collection, own, other } = await fed(context);
    await applied(context, collection, insertFor({ _id: 'b' }, other), insertFor({ _id: 'c' }, own));
    await applied(
      context,
      collection,
      { kind: 'insert', id: 'orphan', document: { _id: 'orphan' } },
      { kind: 'insert', id: 'foundling', document: { _id: 'foundling' } },
    );
    const { readModels } = await context.connect();
    const found = async (...ids: string[]) => [...(await readModels.fedBy(collection, own, ids, 10))].sort();
    expect(await found()).toStrictEqual(['a', 'c']);
    expect(await found('a', 'b', 'orphan', 'none')).toStrictEqual(['a', 'c', 'orphan']);
    expect(await readModels.fedBy(collection, own, [], 1)).toHaveLength(1);
    expect(await readModels.fedBy(collection, context.stream(), [], 10)).toStrictEqual([]);
  }),

  fact('lets one of two streams that make a document at once make it', async (context) => {
    for (let round = 0; round < 5; round += 1) {
      const collection = await collectionOf(context);
      const streams = [context.stream(), context.stream()];
      const outcomes = await outcomesOf(
        streams.map((stream) =>
          applied(context, collection, {
            kind: 'update',
            id: 'a',
            increment: { n: 1 },
            initial: { _id: 'a', n: 0 },
            fedBy: stream,
          }),
        ),
      );
      expect(valuesOf(outcomes)).toHaveLength(1);
      expect(errorsOf(outcomes)).toMatchObject([{ code: 'read-model.fed-by-another-stream', id: 'a' }]);
      expect(await everything(context.store, collection)).toStrictEqual([{ _id: 'a', n: 1 }]);
    }
  }),
];

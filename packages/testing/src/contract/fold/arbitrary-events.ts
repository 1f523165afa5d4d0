import { Decimal, type NewEvent } from '@nestfold/core';
import fc from 'fast-check';
import type { Folded, Paths, Wish } from './folded.projection.js';

const id = fc.constantFrom('a', 'b', 'c');
const integer = fc.integer({ min: -5, max: 5 });
const word = fc.constantFrom('x', 'y', 'z');
const words = fc.array(word, { maxLength: 2 });
const decimal = fc
  .tuple(fc.integer({ min: -999, max: 999 }), fc.constantFrom('1', '0.1', '0.01'))
  .map(([units, unit]) => Decimal.of(units).times(unit));
const inner = fc.record({ label: word, count: integer, total: decimal, list: words }, { requiredKeys: [] });

/** Values by path; none, some or all of them. */
const some = (paths: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Paths> =>
  fc.record(paths, { requiredKeys: [] });
const just = <T extends string>(value: T): fc.Arbitrary<T> => fc.constant(value);

/**
 * Wishes for writes. `free` is what the document's field of that name may hold: where that is not always an object with a number
 * `deep`, some wishes do not fit the document that they meet.
 */
function arbitraryWish(free: fc.Arbitrary<unknown>): fc.Arbitrary<Wish> {
  const document: fc.Arbitrary<Omit<Folded, '_id'>> = fc.record(
    { n: integer, sum: decimal, tags: words, name: word, inner, free },
    { requiredKeys: ['n', 'sum', 'tags'] },
  );
  // No path is a prefix of another: a patch of both is refused by its own law.
  const inside = { 'inner.label': word, 'inner.count': integer, 'inner.total': decimal, 'free.deep': integer };
  const set = fc.oneof(
    some({ n: integer, sum: decimal, tags: words, name: word, ...inside }),
    some({ inner, free, name: word }),
  );
  const by = fc.oneof(
    some({ n: integer, sum: decimal, 'inner.count': integer, 'inner.total': decimal }),
    some({ 'free.deep': integer, n: integer }),
  );
  const match = fc.oneof(
    fc.record({ name: word }),
    fc.record({ tags: word }),
    fc.record({ n: integer }),
    fc.record({ 'inner.label': word, tags: word }),
  );
  const unset = fc.constantFrom(['name'], ['inner'], ['inner.label'], ['inner.count', 'free'], ['free.deep'], []);
  const to = fc.constantFrom('doubled' as const, 'nothing' as const, 'something' as const);
  return fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: just('insert'), id, document }) },
    { weight: 4, arbitrary: fc.record({ kind: just('patch'), id, set, unset }).filter(isUnambiguous) },
    {
      weight: 4,
      arbitrary: fc.record(
        { kind: just('increment'), id, by, initial: document },
        { requiredKeys: ['kind', 'id', 'by'] },
      ),
    },
    {
      weight: 3,
      arbitrary: fc.record({ kind: just('push'), id, field: fc.constantFrom('tags', 'inner.list'), items: words }),
    },
    { weight: 2, arbitrary: fc.record({ kind: just('remove'), id }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: just('patchWhere'),
        match,
        set: set.filter((paths) => Object.keys(paths).length > 0),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: just('reduce'), id, to }) },
  );
}

function isUnambiguous({ set, unset }: { readonly set: Paths; readonly unset: readonly string[] }): boolean {
  const apart = (path: string, gone: string): boolean =>
    path !== gone && !path.startsWith(`${gone}.`) && !gone.startsWith(`${path}.`);
  return Object.keys(set).every((path) => unset.every((gone) => apart(path, gone)));
}

/** Events, cut into batches. */
export type Batches = readonly (readonly NewEvent[])[];

function arbitraryBatches(free: fc.Arbitrary<unknown>): fc.Arbitrary<Batches> {
  const wished = fc
    .array(arbitraryWish(free), { minLength: 1, maxLength: 3 })
    .map((wishes) => ({ type: 'contract.wished', schema: 1, data: { wishes } }));
  const copied = fc.record({ from: id, to: id }).map((data) => ({ type: 'contract.copied', schema: 1, data }));
  const event: fc.Arbitrary<NewEvent> = fc.oneof({ weight: 8, arbitrary: wished }, { weight: 1, arbitrary: copied });
  return fc.array(fc.array(event, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 5 });
}

const object = some({ deep: integer });

/** Batches whose writes fit the documents that they meet; inserts of what is there are among them. */
export const fittingBatches = arbitraryBatches(object);

/** Batches with writes that may not fit: paths through text, numbers and arrays, sums with what is no number. */
export const anyBatches = arbitraryBatches(
  fc.oneof(
    object,
    integer,
    word,
    decimal,
    words,
    fc.constant(null),
    fc.record({ deep: fc.oneof(word, fc.constant(null)) }),
  ),
);

/** A sum with nothing added to it: in one update it has the amount's places, in an update of its own it keeps its former ones. */
export const NOTHING_ADDED: Batches = [
  [
    wishedOf({ kind: 'remove', id: 'a' }),
    wishedOf({
      kind: 'increment',
      id: 'a',
      by: { sum: Decimal.of('0.00') },
      initial: { n: 0, sum: Decimal.of(0), tags: [] },
    }),
  ],
];

function wishedOf(wish: Wish): NewEvent {
  return { type: 'contract.wished', schema: 1, data: { wishes: [wish] } };
}

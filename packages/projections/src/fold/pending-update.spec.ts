import { expect, it } from 'vitest';
import { PendingUpdate } from './pending-update.js';
import { DocumentState } from './document-state.js';

// Fails without the look for dots in `begin`: a database refuses an update whose paths lie inside of one another.
it.each([
  [{ 'a.b': 1, a: { c: 2 } }, { a: { c: 2 } }],
  [{ a: { c: 2 }, 'a.b': 1 }, { a: { c: 2, b: 1 } }],
])('says paths that lie inside of one another as one: %o', (fields, set) => {
  const state = DocumentState.unread('c', '1');
  expect(state.change({ kind: 'patch', fields }, undefined)).toBe(true);
  expect(state.toChange()).toEqual({ kind: 'update', id: '1', set });
});

// Fails without `isFilled` in `begin`.
it('is empty where the first changes are', () => {
  const pending = new PendingUpdate('1');
  expect(pending.begin({ kind: 'patch', fields: {} })).toBe(true);
  expect(pending.isEmpty).toBe(true);
  expect(pending.toChange()).toBeUndefined();
});

// Fails where a copy does not take the first changes, or adding writes into them.
it('leaves what the first changes say as it is when others are added', () => {
  const fields = Object.freeze({ n: 1 });
  const pending = new PendingUpdate('1');
  pending.begin({ kind: 'increment', fields });
  const copy = pending.copy();
  copy.add({ kind: 'increment', path: 'n', amount: 2 });
  expect(copy.toChange()).toEqual({ kind: 'update', id: '1', increment: { n: 3 } });
  expect(pending.toChange()).toEqual({ kind: 'update', id: '1', increment: { n: 1 } });
});

import { expect, it } from 'vitest';
import { DocumentState } from './document-state.js';

/*
 * Taken away once each to see these fail: the copy that takes such changes (the first `n` was 2); the look at what a pending change is, not only whether
 * there is one (the second `n` was 4).
 */
it.each([
  ['a change that fits only in part into what is pending', [], 1],
  ['one whose fields have all been changed before', [{ kind: 'increment', fields: { n: 1 } }], 2],
] as const)('is not done twice after the read: %s', (_what, before, n) => {
  const state = DocumentState.unread('c', '1');
  for (const changes of before) state.change(changes, undefined);
  state.change({ kind: 'push', fields: { list: ['a'] } }, undefined);
  expect(state.change({ kind: 'increment', fields: { n: 1, list: 1 } }, undefined)).toBe(false);
  state.learn({ _id: '1', n, list: [] });
  expect(state.document).toEqual({ _id: '1', n: n + before.length, list: ['a'] });
});

import { expect, it } from 'vitest';
import { DocumentState } from './document-state.js';

it('a change that fits only in part into what is pending is not done twice after the read', () => {
  // Taken away once to see this fail: the copy that takes such changes (`n` was 2).
  const state = DocumentState.unread('c', '1');
  state.change([['list', { kind: 'push', items: ['a'] }]], undefined);
  const both = [
    ['n', { kind: 'increment', amount: 1 }],
    ['list', { kind: 'increment', amount: 1 }],
  ] as const;
  expect(state.change(both, undefined)).toBe(false);
  state.learn({ _id: '1', n: 1, list: [] });
  expect(state.document).toEqual({ _id: '1', n: 1, list: ['a'] });
});

it('nor is one whose fields have all been changed before', () => {
  // Believed once to fit since all fields were there, to see this fail (`n` was 4).
  const state = DocumentState.unread('c', '1');
  state.change([['n', { kind: 'increment', amount: 1 }]], undefined);
  state.change([['list', { kind: 'push', items: ['a'] }]], undefined);
  const both = [
    ['n', { kind: 'increment', amount: 1 }],
    ['list', { kind: 'increment', amount: 1 }],
  ] as const;
  expect(state.change(both, undefined)).toBe(false);
  state.learn({ _id: '1', n: 2, list: [] });
  expect(state.document).toEqual({ _id: '1', n: 3, list: ['a'] });
});

import type { Commit, StorePosition } from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { CheckpointWatch } from './checkpoint-watch.js';
import type { Rule } from './history.js';
import { judgeDelivered } from './judge-delivered.js';
import { judgeApplied, judgeLag, judgeReadModel } from './judge-read-side.js';

const live = (token: string, rest: Partial<StorePosition> = {}): StorePosition => ({
  phase: 'live',
  began: '1',
  horizon: '0',
  feed: { token, time: token },
  ...rest,
});
const history = (after: string, rest: Partial<StorePosition> = {}): StorePosition => ({
  phase: 'history',
  began: '1',
  horizon: '0',
  after,
  ...rest,
});

function watched(...positions: readonly StorePosition[]): Rule[] {
  const watch = new CheckpointWatch();
  for (const position of positions) watch.written({ key: 'k', token: 1, position });
  return watch.violations.map(({ rule }) => rule);
}

const commit = (stream: string, firstVersion: number, ...types: readonly string[]): Commit => ({
  stream,
  firstVersion,
  id: `${stream}${firstVersion}`,
  keyed: false,
  events: types.map((type) => ({ type, schema: 1, data: {} })),
  metadata: { correlationId: '', causationId: '' },
  occurredAt: new Date(0),
  recordedAt: new Date(0),
  time: '1',
});

describe('the judge of read models', () => {
  it('compares document by document', () => {
    const expected = new Map([
      ['1', { _id: '1', n: 1 }],
      ['2', { _id: '2', n: 2 }],
    ]);
    const actual = new Map([
      ['1', { _id: '1', n: 3 }],
      ['3', { _id: '3', n: 1 }],
    ]);

    expect(judgeReadModel('m', expected, expected)).toEqual([]);
    expect(judgeReadModel('m', expected, actual).map(({ subject }) => subject)).toEqual(['m/1', 'm/2', 'm/3']);
  });

  it('finds a counter that is off, and a lag that stays', () => {
    expect(judgeApplied('m', 3, 3)).toEqual([]);
    expect(judgeApplied('m', 3, 4)).toMatchObject([{ rule: 'applied-once' }]);
    expect(judgeLag([{ name: 'p', lagEvents: 0 }])).toEqual([]);
    expect(judgeLag([{ name: 'p', lagEvents: 1 }])).toMatchObject([{ rule: 'lag-zero' }]);
  });
});

describe('the watch over checkpoints', () => {
  it('lets a place move on, from round to round, to live, and back where history was lost', () => {
    expect(
      watched(
        history('1'),
        history('2'),
        history('0', { began: '2' }),
        live('3', { began: '2' }),
        live('4', { began: '2' }),
      ),
    ).toEqual([]);
    expect(watched(live('3'), history('0', { began: '2', again: '2' }))).toEqual([]);
  });

  it('finds a place that goes back', () => {
    expect(watched(live('3'), live('2'))).toEqual(['checkpoint-monotone']);
    expect(watched(history('3'), history('2'))).toEqual(['checkpoint-monotone']);
    expect(watched(live('3'), history('2'))).toEqual(['checkpoint-monotone']);
    expect(watched(live('3', { began: '2' }), live('4'))).toEqual(['checkpoint-monotone']);
  });

  it('finds a floor that falls', () => {
    const watch = new CheckpointWatch();
    watch.written({ key: 'k', token: 1, position: live('1'), floor: '5' });
    watch.written({ key: 'k', token: 1, position: live('2'), floor: '4' });
    expect(watch.violations).toMatchObject([
      { rule: 'checkpoint-monotone', message: expect.stringContaining('floor') },
    ]);
  });

  it('finds who writes under a lease that another one has taken over', () => {
    const watch = new CheckpointWatch();
    watch.claimed('k', 1);
    watch.written({ key: 'k', token: 1, position: live('1') });
    watch.claimed('k', 2);
    watch.written({ key: 'k', token: 1, position: live('2') });
    expect(watch.violations).toMatchObject([{ rule: 'fenced-writes-nothing' }]);
  });

  it('forgets a checkpoint that a rebuild took away', () => {
    const watch = new CheckpointWatch();
    watch.written({ key: 'k', token: 3, position: live('5') });
    watch.removed('k');
    watch.written({ key: 'k', token: 1, position: history('1') });
    expect(watch.violations).toEqual([]);
  });
});

describe('the judge of deliveries', () => {
  const commits = [commit('a-1', 1, 'x', 'y'), commit('a-1', 3, 'x')];
  const judged = (...versions: readonly number[]): string[] =>
    judgeDelivered(
      'mails',
      commits,
      new Set(['x']),
      versions.map((version) => ({ stream: 'a-1', version })),
    ).map(({ message }) => message);

  it('allows repetitions', () => {
    expect(judged(1, 1, 3, 1, 3)).toEqual([]);
  });

  it('misses none that an operator had left out', () => {
    const types = new Set(['x']);
    expect(judgeDelivered('mails', commits, types, [{ stream: 'a-1', version: 3 }], new Set(['a-1:1']))).toEqual([]);
    expect(judgeDelivered('mails', commits, types, [], new Set(['a-1:1']))).toMatchObject([
      { message: 'mails: a-1: version 3 was not delivered.' },
    ]);
  });

  it('finds an event that never came, or came after a later one', () => {
    expect(judged(1)).toEqual(['mails: a-1: version 3 was not delivered.']);
    expect(judged(3, 1)).toEqual(['mails: a-1: version 1 was delivered for the first time after a later one.']);
  });
});
